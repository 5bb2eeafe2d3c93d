"""Telling followers of new comments. One of ``settings.DUE_WORK``.

Each announced comment is gone through in steps: some followers, in their order, in a transaction
that also notes how far it came. Whoever is killed between two steps, or beside another worker,
tells nobody twice and leaves nobody out. Followers who wish for a digest get a row for it, and the
digest is posted when its hour has come.
"""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import OperationalError, transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import addresses, outbox
from accounts.spelling import alike
from blog.models import Blog
from comments import policy
from comments.followers import Announcement, Following, Notice
from comments.following import Follower, follower_of, of_mailbox
from comments.models import Comment, ConversationSettings

log = logging.getLogger(__name__)

Rhythm = Following.Rhythm
# Followers of one comment that a step tells: a moment's work, during which others may write.
STEP = 100
# One follower may match three ways: she follows the comment, its post, and everything.
MOST_WAYS = 3
# Hidden conversations may come back; how often that is looked at.
LOOK_AGAIN = timedelta(hours=1)
# After that an answer is no news any more.
NO_NEWS = timedelta(days=30)
# When people have a moment for it, in the time zone of the blog.
EVENING, SUNDAY = time(18), 6
KEEP_TOLD = timedelta(days=7)


def due_since():
    """Return since when the oldest comment waits to be told of, or None."""
    oldest = [
        rows.due().aggregate(oldest=Min("due_at"))["oldest"]
        for rows in (Announcement.objects, Notice.objects)
    ]
    return min(filter(None, oldest), default=None)


def do_due(going=lambda: True):
    """Put a mail for each follower into the outbox, and the digests whose hour has come."""
    while going() and _next(Announcement.objects, _step):
        pass
    while going() and _next(Notice.objects, _post_digest):
        pass
    old = Notice.objects.filter(posted_at__lt=timezone.now() - KEEP_TOLD)
    if old.exists():
        old.delete()


def _next(rows, act):
    """Act on the row that waits longest; return whether there was one that nobody else is at.

    One that fails is put off, so that it never keeps the others waiting.
    """
    # Without this look, SQLite's writers would wait for a transaction that has nothing to do.
    if not rows.due().exists():
        return False
    with transaction.atomic():
        row = rows.due().select_for_update(skip_locked=True).order_by("due_at", "pk").first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                act(row)
        except OperationalError:  # the database's trouble, and no fault of this row
            raise
        except Exception as error:
            # By its class alone: its words may repeat an address.
            log.error("%s put off: %s", row, type(error).__name__)
            rows.filter(pk=row.pk).update(due_at=timezone.now() + LOOK_AGAIN)
    return True


# -- one comment, its followers ----------------------------------------------------------


def _step(announcement):
    """Tell the next followers of a comment."""
    comment = Comment.objects.select_related("post").get(pk=announcement.comment_id)
    row = Announcement.objects.filter(pk=announcement.pk)
    state = state_of(comment)
    if state == WAITS:
        row.update(due_at=timezone.now() + LOOK_AGAIN)
    elif state == GONE:
        # Should it be approved again, that makes it due.
        row.update(due_at=None)
    elif (told := _tell(comment, announcement.told)) is None:
        row.delete()
    else:
        row.update(told=told)


SHOWN, WAITS, GONE = "shown", "waits", "gone"


def state_of(comment):
    """Return whether followers may hear of a comment: SHOWN, or WAITS until it is, or GONE."""
    if not comment.is_visible or comment.post.status == comment.post.Status.ARCHIVED:
        return GONE
    if policy.mode_of(comment.post, ConversationSettings.get()) is not policy.Mode.HIDDEN:
        return SHOWN
    return WAITS if comment.approved_at > timezone.now() - NO_NEWS else GONE


def _tell(comment, told):
    """Tell STEP followers after ``told``; return the last of them, or None after the very last."""
    rows = Following.objects.active().about(comment).filter(follower__gt=told)
    rows = list(rows.order_by("follower").select_related("user", "address")[: STEP * MOST_WAYS])
    by_follower = {}
    for row in rows:
        by_follower.setdefault(row.follower, []).append(row)
    followers = list(by_follower)[:STEP]
    emails = addresses.of_people([each.user_id for each in rows if each.user_id])
    for key in followers:
        own = by_follower[key]
        email = own[0].address.email if own[0].address_id else emails.get(own[0].user_id)
        if email and not is_own(comment, own[0].user_id, email):
            _tell_one(comment, key, email, {each.rhythm for each in own})
    return followers[-1] if len(by_follower) > STEP or len(rows) == STEP * MOST_WAYS else None


def is_own(comment, user, email):
    """Return whether a follower wrote the comment herself, as far as one knows.

    A typed address is believed here: whoever types somebody else's keeps one mail from her.
    """
    if comment.user_id:
        return comment.user_id == user
    return bool(comment.email) and comment.email.casefold() == email.casefold()


def _tell_one(comment, key, email, rhythms):
    if Rhythm.AT_ONCE in rhythms:
        once = once_for(comment.pk, email)
        outbox.post("answer", email, once=once, comment=comment.pk, follower=key)
        return
    due_at = next_digest(Rhythm.DAILY if Rhythm.DAILY in rhythms else Rhythm.WEEKLY)
    Notice.objects.get_or_create(follower=key, comment_id=comment.pk, defaults={"due_at": due_at})


def once_for(comment, email):
    """Return what keeps a comment from going twice to one address, and does not tell which."""
    told = salted_hmac("comments.notify", alike(email)).hexdigest()[:24]
    return f"answer {comment} to {told}"


# -- digests -----------------------------------------------------------------------------


def next_digest(rhythm, now=None):
    """Return when the next digest of a rhythm goes out: in the evening where the blog is."""
    zone = ZoneInfo(Blog.get().time_zone)
    now = (now or timezone.now()).astimezone(zone)
    day = now.date()
    while True:
        evening = datetime.combine(day, EVENING, zone)
        if evening > now and (rhythm != Rhythm.WEEKLY or day.weekday() == SUNDAY):
            return evening
        day += timedelta(days=1)


def _post_digest(first):
    """Post the digest that a notice stands in: all of one follower and hour."""
    notices = Notice.objects.filter(follower=first.follower, due_at=first.due_at, posted_at=None)
    follower = follower_of(first.follower)
    if follower and follower.email:
        at = first.due_at.isoformat()
        once = f"digest {first.follower} {at}"
        outbox.post("digest", follower.email, once=once, follower=first.follower, at=at)
    notices.update(posted_at=timezone.now())


def of_digest(key, at):
    """Return the comments of a follower's digest that may be told now, the oldest first.

    ``at`` is when it was due. What is hidden at the moment moves into the next digest.
    """
    follower = follower_of(key)
    told = Notice.objects.filter(follower=key, due_at=at).values("comment")
    found = Comment.objects.with_names().select_related("post", "content_note")
    found = found.filter(pk__in=told)
    told_elsewhere = _by_another(follower, at) if follower else set()
    shown, waiting = [], []
    for comment in found.order_by("approved_at", "pk"):
        state = state_of(comment)
        if state == WAITS:
            waiting.append(comment.pk)
        elif state == SHOWN and comment.pk not in told_elsewhere and wanted_by(follower, comment):
            shown.append(comment)
    if waiting:
        later = Notice.objects.filter(follower=key, due_at=at, comment__in=waiting)
        later.update(due_at=next_digest(Rhythm.DAILY), posted_at=None)
    return shown


def _by_another(follower, at):
    """Return keys of comments of which an earlier digest to the same mailbox tells."""
    keys = of_mailbox(follower.email) if follower.email else []
    others = Following.objects.active().filter(follower__in=keys).exclude(follower=follower.key)
    earlier = Q(due_at__lt=at) | Q(due_at=at, follower__lt=follower.key)
    notices = Notice.objects.filter(earlier, follower__in=others.values("follower"))
    return set(notices.values_list("comment", flat=True))


def wanted_by(follower, comment):
    """Return the followings by which a follower is to hear of a comment now, most exact first."""
    if not isinstance(follower, Follower):
        return []
    rows = follower.followings().active().about(comment).select_related("user", "address")
    return sorted(rows, key=lambda row: (row.comment_id is None, row.post_id is None))
