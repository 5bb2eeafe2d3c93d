"""What an author is told about sending a post: how many get it, when, and whether it went."""

from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from blog.models import Mailing, Post
from blog.newsletter import send, subscribe


class Sending(NamedTuple):
    """How it stands with a post: a sentence, and what its author can do."""

    text: str
    can_send: bool = False
    can_cancel: bool = False


def sending_of(post: Post) -> Sending | None:
    """Return how it stands with the sending of a post that lists show; None if it is not sent."""
    if post.kind != post.Kind.POST or not post.is_listed:
        return None
    mailing = Mailing.objects.filter(post=post.pk).first()
    if not post.by_mail:
        counts = subscribe.subscriber_counts()
        return Sending(_how_many(*counts), can_send=any(counts))
    if mailing and mailing.done_at:
        return Sending(_sent(mailing))
    if mailing and send.has_begun(mailing):
        return Sending(gettext("Sending by email now."))
    if mailing is None or mailing.due_at is None:
        return Sending(gettext("Goes out by email in a few minutes."), can_cancel=True)
    at = formats.date_format(timezone.localtime(mailing.due_at), "TIME_FORMAT")
    return Sending(gettext("Goes out by email at %(at)s.") % {"at": at}, can_cancel=True)


def field_notice(post: Post) -> tuple[str, str, bool]:
    """Return ``(label, help, whether it is too late)`` of the tick *Email* before publication."""
    mailing = post.pk and Mailing.objects.filter(post=post.pk).first()
    counts = subscribe.subscriber_counts()
    number = sum(counts)
    label = ngettext(
        "Email it to %(count)d subscriber", "Email it to %(count)d subscribers", number
    )
    label %= {"count": number}
    if mailing and mailing.done_at:
        return label, _sent(mailing), True
    if mailing and send.has_begun(mailing):
        return label, gettext("Sending by email now."), True
    if not number:
        return label, _how_many(*counts), False
    wait = gettext("Goes out %(minutes)d minutes after publishing; until then you can cancel it.")
    return label, f"{wait % {'minutes': minutes()}} {_how_many(*counts)}", False


def _how_many(at_once, weekly):
    if not at_once + weekly:
        return gettext("No subscribers yet.")
    text = gettext("Subscribers: %(at_once)d right away, %(weekly)d in the Sunday digest.")
    return text % {"at_once": at_once, "weekly": weekly}


def minutes() -> int:
    """Return for how many minutes a sending can be cancelled."""
    return round(send.WAIT.total_seconds() / 60)


def mail_notice(post: Post) -> str:
    """Return the message after saving a post that is now to be sent by email, or ""."""
    sending = sending_of(post)
    if sending is None or not sending.can_cancel:
        return ""
    if not any(subscribe.subscriber_counts()):
        return gettext("No subscribers yet, so no one gets it by email.")
    return sending.text


def _sent(mailing):
    date = formats.date_format(timezone.localtime(mailing.done_at), "DATETIME_FORMAT")
    text = ngettext(
        "Sent on %(date)s to %(count)d subscriber who gets posts right away.",
        "Sent on %(date)s to %(count)d subscribers who get posts right away.",
        mailing.count,
    )
    return text % {"date": date, "count": mailing.count}
