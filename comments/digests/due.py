"""When moderators are told by mail of what waits: in the owner's rhythm, not in quiet hours.

One of ``settings.DUE_WORK``. A round begins with each hour, or each evening in the time zone of the
blog. A moderator is told in it of what waited when it began, if some of that is new to her or she
was last told a day ago.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.mail import outbox
from comments.digests import emails, preferences, schedule
from comments.models import ConversationSettings, ModeratorMail

# What waits is told once more after about a day: mails leave some seconds after a round begins.
ONCE_MORE = timedelta(hours=23, minutes=30)


def due_since():
    """Return since when somebody could have been told what waits, or None."""
    settings, now = ConversationSettings.get(), timezone.now()
    begun = schedule.interval_start(settings, now)
    if not begun or not _to_be_told(begun):
        return None
    return schedule.quiet_until(settings, begun) or begun


def do_due(going=lambda: True):
    """Put a mail for each moderator who is to be told into the outbox."""
    begun = schedule.interval_start(ConversationSettings.get(), timezone.now())
    if begun and going():
        for user, told_at, email in _to_be_told(begun):
            _tell(user, told_at, email, begun)


def _to_be_told(begun):
    """Return ``[(key of a moderator, when she was told last, address)]``."""
    if not emails.waits_since(begun):
        return []
    told = dict(ModeratorMail.objects.values_list("pk", "told_at"))
    return [
        (user, told.get(user), email)
        for user, email in preferences.reachable().items()
        if _is_news(told.get(user), begun)
    ]


def _is_news(told_at, begun):
    if told_at is None or told_at <= begun - ONCE_MORE:
        return True
    return told_at < begun and emails.came_between(told_at, begun)


def _tell(user, told_at, email, begun):
    with transaction.atomic():
        _row, _is_new = ModeratorMail.objects.get_or_create(user_id=user)
        mine = ModeratorMail.objects.filter(pk=user, told_at=told_at, stopped_at=None)
        # One update decides, so that two workers at once tell her once.
        if mine.update(told_at=timezone.now()):
            once = f"to-decide:{user}:{begun.isoformat()}"
            outbox.enqueue("to_decide", email, once=once, moderator=user)
