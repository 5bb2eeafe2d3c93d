"""A receipt: the state of a comment, in words for its writer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from blog.models import Blog
from comments import avatars, policy
from comments.audit_log import history
from comments.care import cases
from comments.care import help_text as care_help
from comments.guests import receipt_tokens, recognition
from comments.models import Comment, ConversationSettings, ModerationAction, hold_reasons
from comments.posting import expectations, own_comments
from comments.privacy import retention
from comments.reactions import rules
from comments.subscriptions import subscribe

Status = Comment.Status
NOTE = ModerationAction.Act.NOTE
DAYS = {"days": retention.KEEP_WORDS.days}


@dataclass(frozen=True)
class Receipt:
    """A comment as its writer sees it; ``post`` is None while readers cannot see the post."""

    comment: Any
    post: Any
    is_shown: bool
    picture: str  # URL of the drawn one
    support: list  # [(reaction name, count)], shown to the writer alone
    break_: Any = None  # the blog's current Break

    @classmethod
    def of(cls, comment, settings=None, tally=None):
        """Return the receipt of a comment that was loaded with its post and user.

        ``tally``: the :func:`rules.tally` of a list with this comment, if one was loaded.
        """
        settings = settings or ConversationSettings.get()
        mode = policy.mode_of(comment.post, settings)
        hidden = mode is policy.Mode.HIDDEN
        post = comment.post if comment.post.is_public else None
        picture = avatars.path_of(settings.avatar_key, comment)
        support = []
        if comment.is_visible:
            tally = rules.tally([comment.pk]) if tally is None else tally
            support = tally.get(comment.pk, [])
        shown, break_ = comment.is_visible and not hidden, settings.current_break
        return cls(comment, post, shown, picture, support, break_)

    @property
    def support_in_words(self):
        """The reactions and their counts, as HTML."""
        return format_html_join(", ", "<b>{}</b>&nbsp;({})", self.support)

    @property
    def mails_are_refused(self):
        """Whether emails to the writer's verified address are refused, so that none are sent."""
        address = self.comment.verified_address_id
        return address is not None and subscribe.is_refused(address)

    @property
    def url(self):
        """Its URL for the writer's own browser or account, without the token."""
        return reverse("comments:own_receipt", args=[self.comment.pk])

    @property
    def state(self):
        if self.is_shown:
            return _("Your comment is public.")
        return {
            Status.APPROVED: _("Your comment was approved."),
            Status.PENDING: _("Your comment is waiting for review."),
            Status.WITHDRAWN: _("You deleted this comment."),
        }.get(self.comment.status, self._not_shown)

    @property
    def _not_shown(self):
        # For an imported comment, nobody knows who hid it.
        if self.comment.source:
            return _("Your comment isn’t visible.")
        return _("A moderator decided not to show your comment.")

    @property
    def why(self):
        """Why it is in that state and what happens next."""
        if self.is_shown:
            return _("Everyone who reads the post can see it.")
        if until := self.kept_until:
            return _(
                "Readers can no longer see the text. Moderators can read it until one of "
                "them has looked at it, but no later than %(date)s; then it’s permanently "
                "deleted."
            ) % {"date": date_format(timezone.localtime(until), "DATETIME_FORMAT")}
        if self.comment.status == Status.PENDING and self.comment.approved_at:
            return _(
                "It was public before. A moderator will review it before it appears "
                "again. Until then only you and the moderators can see it."
            )
        return {
            Status.APPROVED: _(
                "All comments on this post are hidden at the moment. When they’re shown, "
                "yours will be too."
            ),
            Status.PENDING: _(
                "A moderator will review it before it appears. Until then only you and "
                "the moderators can see it."
            ),
            Status.WITHDRAWN: _(
                "The text was deleted. A line without your name takes its place only if "
                "someone had replied."
            ),
        }.get(self.comment.status, self._put_aside)

    @property
    def _put_aside(self):
        if not self.comment.body:
            return _("The text was deleted %(days)d days after that.") % DAYS
        return (
            _(
                "Only you and the moderators can see it. The text is deleted %(days)d "
                "days after the decision; until then you can still read it. You can "
                "delete it permanently at any time."
            )
            % DAYS
        )

    @property
    def held_reason(self):
        waits = self.comment.status == Status.PENDING
        return hold_reasons.to_writer(self.comment.held_because) if waits else ""

    @property
    def usual_wait(self):
        return expectations.usual_wait(self.break_) if self.comment.status == Status.PENDING else ""

    @property
    def moderators_reason(self):
        """The moderator's reason for the decision in force, or an empty string.

        The reasons of other acts are for moderators alone.
        """
        decision = history.deciding_action(self.comment)
        return decision.reason if decision else ""

    @property
    def note_by_moderator(self):
        """Whether a moderator set the current content note."""
        last = self.comment.actions.filter(act=NOTE).first()
        return bool(self.comment.content_note_id and last and last.who_id)

    @property
    def help(self):
        """The help block as HTML if the comment asked for care, or an empty string."""
        return Blog.get().help_html() if care_help.is_shown_to_writer(self.comment.pk) else ""

    @property
    def is_in_care(self):
        return cases.has_open_case(self.comment.pk)

    @property
    def kept_until(self) -> datetime | None:
        """Until when moderators can still read a withdrawn comment, at most."""
        return cases.kept_until(self.comment.pk) if self.is_withdrawn else None

    @property
    def may_be_verified(self):
        return recognition.needs_proof(self.comment)

    @property
    def may_edit(self):
        return own_comments.may_edit(self.comment)

    @property
    def edit_ends(self) -> datetime | None:
        return own_comments.edit_ends(self.comment)

    @property
    def is_withdrawn(self):
        return self.comment.status == Status.WITHDRAWN

    @property
    def link_ends(self) -> datetime | None:
        return receipt_tokens.expiry(self.comment)
