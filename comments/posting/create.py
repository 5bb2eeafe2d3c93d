"""Posting a comment: from what somebody typed to a row at its place in the tree."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.refusal import Refused
from blog.models import ContentNote, Post
from comments import markup, policy, publication
from comments.guests import address_proofs, receipt_tokens
from comments.models import Comment, ConversationSettings, audit_log
from comments.models.moderation import HoldReason
from comments.models.settings import day_of
from comments.posting import screening
from comments.spam import pipeline, submission
from comments.subscriptions import subscribe
from comments.tree.guards import LockedError
from comments.tree.transactions import in_transaction

# Why a comment is not taken, for the person who wrote it.
CLOSED = _("This conversation takes no more answers.")
ON_BREAK = _(
    "This blog is taking a break. It takes no answers until %(day)s, and is glad of yours again "
    "from then on."
)
THREAD_LOCKED = _(
    "This thread is locked, so nobody can answer in it any more. You can still answer the post."
)
PARENT_GONE = _(
    "The comment you are answering is not there any more. You can still answer the post."
)
NOTE_GONE = _("The content note you chose is not there any more.")


@dataclass(frozen=True)
class Answer:
    """What somebody sends: to a post, or to the comment ``parent`` (a key) below it.

    ``data`` is what the form made of it, as a whole (``cleaned_data``): of its fields those that a
    comment has too (``Comment.TYPED``) are stored as they are. ``user`` is None for a guest, who
    then has a name. The form's "submission" is the same when one form is sent twice; ``token``
    stands for it where the form has none. "follow": they wish to hear of answers, by mails that
    are "discreet" or not. ``receipt`` is the token of the private link to be (see
    :mod:`comments.guests.receipt_tokens`). ``own``: keys of comments that this browser wrote. ``network`` is a
    keyed hash of where it came from, and ``form`` the ``SentForm`` that it came in; None if no
    form did.
    """

    post: int
    data: Mapping[str, Any]
    parent: int | None = None
    user: Any = None
    token: str = ""
    receipt: str = ""
    own: frozenset = frozenset()
    network: str = ""
    form: submission.SentForm | None = None

    @property
    def source(self):
        """The words as they are stored: line ends become LF, nothing else changes."""
        return self.data["body"].replace("\r\n", "\n")

    @property
    def note(self):
        """The key of the content note that was chosen, or None."""
        return self.data.get("content_note")

    @property
    def columns(self):
        """The columns of the comment that its writer fills."""
        fields = map(Comment._meta.get_field, Comment.TYPED)
        typed = {each.attname: self.data[each.name] for each in fields if each.name in self.data}
        return typed | {"body": self.source}

    @property
    def fingerprint(self):
        """Equal when the same form with the same words comes twice; None without a token."""
        token = self.data.get("submission") or self.token
        if not token:
            return None
        name = self.data.get("name", "")
        writer = f"account {self.user.pk}" if self.user else f"guest {name}"
        parts = (token, str(self.post), str(self.parent), writer, self.source)
        parts += (str(self.note),) if self.note else ()
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def post_comment(answer, settings=None):
    """Store the comment and return it, approved or held; sent twice, it is stored once.

    ``settings``: the row of ``ConversationSettings`` where it was read already. Raises Refused
    where no answer is taken; nothing is stored then. The text is rendered, and the checks are
    asked, before any lock is taken.
    """
    html = markup.render(answer.source)
    settings = settings or ConversationSettings.get()
    address = (
        None
        if answer.user
        else address_proofs.recognised_address(answer.own, answer.data.get("email", ""))
    )
    asked = _asked(answer, html, settings, address)
    try:
        return in_transaction(lambda: _store(answer, html, settings, address, asked))
    except IntegrityError:
        twin = answer.fingerprint and _sent_before(answer)
        if twin:
            return twin
        if answer.note and not ContentNote.objects.filter(pk=answer.note).exists():
            raise Refused(NOTE_GONE) from None
        raise


def why_closed(mode, settings, locked=False):
    """Return the sentence for why a conversation in this mode takes no answer, or an empty text.

    ``locked``: a moderator locked the thread in which the answer would stand.
    """
    if mode is policy.Mode.ON_BREAK_CLOSED:
        return ON_BREAK % {"day": day_of(settings.break_until)}
    if not policy.takes_answers(mode):
        return CLOSED
    return THREAD_LOCKED if locked else ""


def _asked(answer, html, settings, address):
    post = Post.objects.filter(pk=answer.post).first()
    if post is None:
        raise Refused(CLOSED)
    return pipeline.run_checks(
        submission.Submission(
            text=answer.source,
            html=html,
            post=post,
            settings=settings,
            name=answer.data.get("name", ""),
            email=answer.data.get("email", ""),
            parent=answer.parent,
            user=answer.user,
            address=address,
            network=answer.network,
            form=answer.form,
        )
    )


def _sent_before(answer):
    return Comment.objects.filter(submission=answer.fingerprint).first()


def _store(answer, html, settings, address, asked):
    if answer.fingerprint and (twin := _sent_before(answer)):
        return twin
    post = Post.objects.filter(pk=answer.post).first()
    mode = policy.mode_of(post, settings, answer.user) if post else policy.Mode.HIDDEN
    if closed := why_closed(mode, settings):
        raise Refused(closed)
    usual = policy.first_status(post, mode, answer.user, address, asked.kinds)
    judged = pipeline.decide_status(asked, *usual, care_holds=not settings.care_publishes)
    comment = Comment(
        post=post,
        parent_id=answer.parent,
        user=answer.user,
        **answer.columns,
        body_html=html,
        render_version=markup.RENDER_VERSION,
        status=judged.status,
        held_because=judged.held_because,
        lane=judged.lane,
        proved_address=address,
        submission=answer.fingerprint,
        same_words=asked.same_words,
        receipt=receipt_tokens.hashed(answer.receipt) if answer.receipt else None,
        receipt_made_at=timezone.now() if answer.receipt else None,
    )
    try:
        comment.save(below_visible=True)
    except Comment.DoesNotExist:
        raise Refused(PARENT_GONE) from None
    except LockedError:
        raise Refused(THREAD_LOCKED) from None
    if judged.held_because:
        audit_log.add_action(comment, audit_log.Act.HOLD, is_new=True, verdict=judged.log_verdict)
    else:
        publication.queue_notifications(comment)
    if judged.found:
        screening.store_results(comment, judged.found)
    _remember_writer(answer, comment, address)
    return comment


def _remember_writer(answer, comment, address):
    """Ask a guest for the proof of their address where it is of use, and note what they wish."""
    email, follows = answer.data.get("email", ""), answer.data.get("follow", False)
    wish = subscribe.SubscriptionRequest(
        comment=comment, discreet=answer.data.get("discreet", True)
    )
    if answer.user:
        if follows:
            subscribe.subscribe_account(answer.user, replace(wish, rhythm=answer.user.rhythm))
        return
    if address is None and comment.held_because == HoldReason.FIRST:
        address_proofs.request_proof(email)
    if follows and email:
        subscribe.subscribe_guest(email, wish, answer.own)
