"""Exporting what the comments app stores about a person.

Each function takes a ``DataSubject`` and yields records; :mod:`comments.privacy.inventory` maps
them to the tables. Nobody else's name or address is included: the comment replied to only as public
text, and moderators only as "a moderator".
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings as project
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.privacy import registry
from accounts.privacy.registry import DataSubject
from comments import policy
from comments.audit_log import wording
from comments.models import (
    ConversationSettings,
    DutyPreference,
    DutySlot,
    ModerationAction,
    ModeratorMail,
    Reaction,
    Report,
    Reputation,
    ReviewLock,
    Subscription,
    hold_reasons,
)
from comments.models.audit_log import DECISIONS, Act
from comments.models.standing import key_of, keys_of
from comments.privacy.inventory import comments_of
from comments.reactions import rules

# Comments loaded at once: their reactions are counted with one query.
BATCH = 200

Records = Iterator[dict[str, Any]]


def comments(subject: DataSubject) -> Records:
    """Yield the person's comments, each with its parent's text and what is stored about it."""
    beside = ("post", "user", "content_note", "parent", "reply_to")
    rows = comments_of(subject).with_names().select_related(*beside).prefetch_related("findings")
    rows, settings = rows.order_by("created_at", "pk"), ConversationSettings.get()
    as_they_are = registry.labelled("comments.Comment")
    for batch in _batches(rows):
        support = rules.tally([comment.pk for comment in batch])
        for comment in batch:
            yield _comment(comment, settings, support.get(comment.pk, ()), as_they_are)


def _batches(rows):
    batch = []
    for comment in rows.iterator(BATCH):
        batch.append(comment)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _comment(comment, settings, support, as_they_are):
    shown = policy.is_shown(comment, mode := policy.mode_of(comment.post, settings))
    return {
        _("Post"): comment.post.title if comment.post.is_public else "",
        _("URL"): _address(comment.pk) if shown else "",
        _("In reply to"): _answered(comment, mode),
        _("Name shown"): comment.writer_name,
        **{str(label): getattr(comment, name) for name, label in as_they_are.items()},
        _("Written"): comment.created_at,
        _("Updated"): comment.edited_at,
        _("First shown"): comment.approved_at,
        _("Status"): comment.get_status_display(),
        _("Why it’s waiting"): hold_reasons.to_writer(comment.held_because),
        _("What the checks found"): [result.reason for result in comment.findings.all()],
        _("Content note"): comment.content_note.name if comment.content_note else "",
        _("Imported from"): " ".join(filter(None, (comment.source, comment.source_id))),
        _("Support from readers"): dict(support),
    }


def _answered(comment, mode):
    """Return the text of the parent if it is public, without its writer."""
    above = comment.reply_to or comment.parent
    if above is None:
        return ""
    return above.body if policy.is_shown(above, mode) else _("a comment that isn’t available")


def _address(key):
    return project.SITE_URL + reverse("comments:permalink", args=[key])


def followings(subject: DataSubject) -> Records:
    """Yield the person's subscriptions."""
    own = Q(address__in=subject.address_keys)
    if subject.user:
        own |= Q(user=subject.user)
    for row in Subscription.objects.filter(own).select_related("post").order_by("pk"):
        yield {
            _("Followed"): _followed(row),
            _("How often"): row.get_rhythm_display(),
            _("Discreet emails"): row.is_discreet,
            _("Requested"): row.created_at,
            _("Confirmed"): row.confirmed_at,
        }


def _followed(row):
    if row.comment_id:
        return _("Replies to comment %d") % row.comment_id
    if row.post is None:
        return _("All conversations")
    return row.post.title if row.post.is_public else _("A conversation that isn’t public")


def reactions(subject: DataSubject) -> Records:
    """Yield the account's reactions. Nobody can tell whose a guest's are."""
    rows = Reaction.objects.filter(user=subject.user) if subject.user else Reaction.objects.none()
    for row in rows.select_related("kind").order_by("pk").iterator():
        yield {
            _("Reaction"): row.kind.name,
            _("To comment"): row.comment_id,
            _("Date"): row.given_on,
        }


def reports(subject: DataSubject) -> Records:
    """Yield the account's reports. A guest's are stored with a network only."""
    rows = Report.objects.filter(user=subject.user) if subject.user else Report.objects.none()
    for row in rows.order_by("pk").iterator():
        yield {
            _("About comment"): row.comment_id,
            _("Reason"): row.get_reason_display(),
            _("In your own words"): row.text,
            _("When"): row.created_at,
            _("Resolved"): row.settled_at,
        }


def decisions(subject: DataSubject) -> Records:
    """Yield the acts about the person's comments, and those they did as a moderator."""
    related = Q(comment__in=comments_of(subject).values("pk"))
    if subject.user:
        related |= Q(who=subject.user)
    rows = ModerationAction.objects.filter(related).select_related("undone_by").order_by("pk")
    for row in rows.iterator():
        is_own = subject.user is not None and row.who_id == subject.user.pk
        yield {
            _("When"): row.created_at,
            _("Comment"): row.comment_key or None,
            _("Action"): row.get_act_display(),
            _("By"): _by_whom(row, is_own),
            _("Reason"): row.reason if is_own or _is_for_the_writer(row) else "",
            _("Check verdict"): wording.in_words(row, to_writer=not is_own),
        }


def _by_whom(row, is_own):
    if is_own:
        return _("you")
    return _("a moderator") if row.who_id else _("the writer, or the blog automatically")


def _is_for_the_writer(row):
    """Return whether the writer may read the reason: as on the receipt, of decisions alone."""
    is_undone = getattr(row, "undone_by", None) is not None
    return row.act in DECISIONS and row.act != Act.KEEP and not is_undone


def standing(subject: DataSubject) -> Records:
    """Yield whether moderators trust or have banned the person."""
    keys = [*(key_of(address=address) for address in subject.addresses), *keys_of(subject.user)]
    rows = Reputation.objects.filter(key__in=set(keys), beside=None).order_by("pk")
    for row in rows:
        yield {
            _("Status"): row.get_kind_display(),
            _("Since"): row.created_at,
            _("Until"): row.until,
            _("Ended"): row.ended_at,
        }


def duty(subject: DataSubject) -> Records:
    """Yield the person's rota and preferences as a moderator."""
    user = subject.user
    if user is None:
        return
    mails = ModeratorMail.objects.filter(user=user).first()
    preference = DutyPreference.objects.filter(user=user).first()
    locks = ReviewLock.objects.filter(who=user).order_by("pk")
    record = {
        _("On-call hours"): [slot.in_words for slot in DutySlot.objects.filter(moderator=user)],
        _("Quiet hours"): _quiet(preference),
        _("Care comments are blurred"): preference and preference.blurs,
        _("Last email about waiting comments"): mails and mails.told_at,
        _("Emails about waiting comments stopped"): mails and mails.stopped_at,
        _("Comments you’re reading"): [lock.comment_id for lock in locks],
        _("You’re the second contact"): ConversationSettings.objects.filter(
            care_second_contact=user
        ).exists()
        or None,
    }
    if any(value not in (None, "", []) for value in record.values()):
        yield record


def _quiet(preference):
    if preference is None or preference.quiet_from is None:
        return ""
    return f"{preference.quiet_from:%H:%M}–{preference.quiet_until:%H:%M}"
