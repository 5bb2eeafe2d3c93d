"""What the conversation's tables hold about somebody, as she takes it along.

Each function is given a :class:`~accounts.inventory.Subject` and yields records; which table needs
which is said in :mod:`comments.personal`. No name and no address of anybody else: of what she
answered the words, where everybody can read them; of moderators that it was one.
"""

from django.conf import settings as project
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import inventory
from comments import policy, reacting
from comments.care.duty import DutySlot, DutyWish
from comments.followers import Following
from comments.log import DECISIONS, Act
from comments.models import ConversationSettings, ModerationAction, Reaction
from comments.moderators import ModeratorMail
from comments.nodes import held_reason
from comments.personal import comments_of
from comments.reasons import Claim
from comments.reports import Report
from comments.standing import Standing, key_of, keys_of

# Rows read and told at once: their support is counted with one query for all of them.
BATCH = 200


def comments(subject):
    """Her comments, each with what it answers and what is known about it."""
    beside = ("post", "user", "content_note", "parent", "reply_to")
    rows = comments_of(subject).with_names().select_related(*beside).prefetch_related("findings")
    rows, settings = rows.order_by("created_at", "pk"), ConversationSettings.get()
    as_they_are = inventory.labelled("comments.Comment")
    for batch in _batches(rows):
        support = reacting.tally([comment.pk for comment in batch])
        for comment in batch:
            yield _comment(comment, settings, support.get(comment.pk, ()), as_they_are)


def _batches(rows):
    batch = []
    for row in rows.iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _comment(comment, settings, support, as_they_are):
    shown = policy.is_shown(comment, mode := policy.mode_of(comment.post, settings))
    return {
        _("On"): comment.post.title if comment.post.is_public else "",
        _("Address"): _address(comment.pk) if shown else "",
        _("In answer to"): _answered(comment, mode),
        _("Name beside it"): comment.writer_name,
        **{str(label): getattr(comment, name) for name, label in as_they_are.items()},
        _("Written"): comment.created_at,
        _("Changed"): comment.edited_at,
        _("First shown"): comment.approved_at,
        _("State"): comment.get_status_display(),
        _("Why it waits"): held_reason(comment.held_because) if comment.held_because else "",
        _("What the checks found"): [found.reason for found in comment.findings.all()],
        _("Content note"): comment.content_note.name if comment.content_note else "",
        _("Came from"): " ".join(filter(None, (comment.source, comment.source_id))),
        _("Readers who were with you"): dict(support),
    }


def _answered(comment, mode):
    """The words above, as far as everybody can read them; whose they are is not hers to keep."""
    above = comment.reply_to or comment.parent
    if above is None:
        return ""
    return above.body if policy.is_shown(above, mode) else _("a comment that is not shown")


def _address(key):
    return project.SITE_URL + reverse("comments:permalink", args=[key])


def followings(subject):
    """What she wishes to hear of by mail."""
    hers = Q(address__in=subject.address_keys)
    if subject.user:
        hers |= Q(user=subject.user)
    for row in Following.objects.filter(hers).select_related("post").order_by("pk"):
        yield {
            _("What"): _followed(row),
            _("How often"): row.get_rhythm_display(),
            _("Discreet mails"): row.is_discreet,
            _("Asked for"): row.created_at,
            _("Confirmed"): row.confirmed_at,
        }


def _followed(row):
    if row.comment_id:
        return _("Answers to comment %d") % row.comment_id
    if row.post is None:
        return _("All conversations")
    return row.post.title if row.post.is_public else _("A conversation that is not public")


def reactions(subject):
    """What she gave without words. A guest's own cannot be told from anybody's."""
    rows = Reaction.objects.filter(user=subject.user) if subject.user else Reaction.objects.none()
    for row in rows.select_related("kind").order_by("pk").iterator():
        yield {
            _("What you gave"): row.kind.name,
            _("To comment"): row.comment_id,
            _("Day"): row.given_on,
        }


def reports(subject):
    """What she reported from her account. Guests' reports know a network alone."""
    rows = Report.objects.filter(user=subject.user) if subject.user else Report.objects.none()
    for row in rows.order_by("pk").iterator():
        yield {
            _("About comment"): row.comment_id,
            _("Reason"): row.get_reason_display(),
            _("In your words"): row.text,
            _("When"): row.created_at,
            _("Settled"): row.settled_at,
        }


def decisions(subject):
    """What was decided about her comments, and what she herself did as a moderator."""
    hers = Q(comment__in=comments_of(subject).values("pk"))
    if subject.user:
        hers |= Q(who=subject.user)
    rows = ModerationAction.objects.filter(hers).select_related("undone_by").order_by("pk")
    for row in rows.iterator():
        by_her = subject.user is not None and row.who_id == subject.user.pk
        yield {
            _("When"): row.created_at,
            _("Comment"): row.comment_key or None,
            _("What"): row.get_act_display(),
            _("By whom"): _by_whom(row, by_her),
            _("Why"): row.reason if by_her or _is_for_the_writer(row) else "",
            _("Verdict of a check"): row.verdict,
        }


def _by_whom(row, by_her):
    if by_her:
        return _("you")
    return _("a moderator") if row.who_id else _("its writer, or the blog by itself")


def _is_for_the_writer(row):
    """As on her receipt: reasons of decisions are hers to read, all else is among moderators."""
    is_undone = getattr(row, "undone_by", None) is not None
    return row.act in DECISIONS and row.act != Act.KEEP and not is_undone


def standing(subject):
    """Whether moderators trust or have banned her."""
    keys = [*(key_of(address=address) for address in subject.addresses), *keys_of(subject.user)]
    rows = Standing.objects.filter(key__in=set(keys), beside=None).order_by("pk")
    for row in rows:
        yield {
            _("What"): row.get_kind_display(),
            _("Since"): row.created_at,
            _("Until"): row.until,
            _("Taken back"): row.ended_at,
        }


def duty(subject):
    """When she is on duty, and what she chose for her work as a moderator."""
    user = subject.user
    if user is None:
        return
    mails = ModeratorMail.objects.filter(user=user).first()
    wish = DutyWish.objects.filter(user=user).first()
    reads = Claim.objects.filter(who=user).order_by("pk")
    found = {
        _("Hours"): [slot.in_words for slot in DutySlot.objects.filter(moderator=user)],
        _("Quiet hours"): _quiet(wish),
        _("Words of care are blurred"): wish and wish.blurs,
        _("Last told of what waits"): mails and mails.told_at,
        _("Mails about what waits stopped"): mails and mails.stopped_at,
        _("Comments that you are reading"): [row.comment_id for row in reads],
        _("You are the second contact"): ConversationSettings.objects.filter(
            care_second_contact=user
        ).exists()
        or None,
    }
    if any(value not in (None, "", []) for value in found.values()):
        yield found


def _quiet(wish):
    if wish is None or wish.quiet_from is None:
        return ""
    return f"{wish.quiet_from:%H:%M}–{wish.quiet_until:%H:%M}"
