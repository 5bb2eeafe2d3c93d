"""Sending moderators the digest of pending comments. One of ``settings.DUE_WORK``.

Hourly or each evening in the blog's time zone, as the owner chose, outside quiet hours. A moderator
gets a digest if something is new since their last one, or that is a day old.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.mail import outbox
from comments.digests import emails, preferences, schedule
from comments.models import ConversationSettings, ModeratorMail

# When to repeat a digest without news. Less than a day: mails leave some seconds after the hour.
ONCE_MORE = timedelta(hours=23, minutes=30)


def due_since():
    """Return since when a digest has been due, or None."""
    settings, now = ConversationSettings.get(), timezone.now()
    begun = schedule.interval_start(settings, now)
    if not begun or not _to_be_told(begun):
        return None
    return schedule.quiet_until(settings, begun) or begun


def do_due(going=lambda: True):
    """Put the digests that are due into the outbox."""
    begun = schedule.interval_start(ConversationSettings.get(), timezone.now())
    if begun and going():
        for user, told_at, email in _to_be_told(begun):
            _tell(user, told_at, email, begun)


def _to_be_told(begun):
    """Return ``[(moderator key, time of their last digest, address)]`` of those due a digest."""
    if not emails.waits_since(begun):
        return []
    last = dict(ModeratorMail.objects.values_list("pk", "told_at"))
    return [
        (user, last.get(user), email)
        for user, email in preferences.reachable().items()
        if _is_news(last.get(user), begun)
    ]


def _is_news(told_at, begun):
    if told_at is None or told_at <= begun - ONCE_MORE:
        return True
    return told_at < begun and emails.came_between(told_at, begun)


def _tell(user, told_at, email, begun):
    with transaction.atomic():
        _row, _is_new = ModeratorMail.objects.get_or_create(user_id=user)
        own = ModeratorMail.objects.filter(pk=user, told_at=told_at, stopped_at=None)
        # One update decides, so that of two workers only one sends it.
        if own.update(told_at=timezone.now()):
            once = f"to-decide:{user}:{begun.isoformat()}"
            outbox.enqueue("to_decide", email, once=once, moderator=user)
