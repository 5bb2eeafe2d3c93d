"""Telling followers of new comments. One of ``settings.DUE_WORK``.

Each announced comment is gone through in steps: some followers, in their order, in a transaction
that also notes how far it came. Whoever is killed between two steps, or beside another worker,
tells nobody twice and leaves nobody out. Followers who wish for a digest get a row for it, and the
digest is posted when its hour has come.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts import addresses, outbox
from accounts.steps import LOOK_AGAIN, next_step, oldest
from blog.models import Blog
from comments import policy
from comments.followers import Announcement, Following, Notice
from comments.following import Follower
from comments.models import Comment, ConversationSettings

Rhythm = Following.Rhythm
# Followers of one comment that a step tells: a moment's work, during which others may write.
STEP = 100
# One follower may match three ways: she follows the comment, its post, and everything.
MOST_WAYS = 3
# After that an answer is no news any more.
NO_NEWS = timedelta(days=30)
KEEP_TOLD = timedelta(days=7)


def due_since():
    """Return since when the oldest comment waits to be told of, or None."""
    return oldest(Announcement.objects.due(), Notice.objects.due())


def do_due(going=lambda: True):
    """Put a mail for each follower into the outbox, and the digests whose hour has come."""
    while going() and next_step(Announcement.objects, _step):
        pass
    while going() and next_step(Notice.objects, _post_digest):
        pass


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
    if not comment.is_visible or not comment.post.takes_activity:
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
    if comment.user_id and comment.user_id == user:
        return True
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
    return outbox.once_to(f"answer {comment}", email)


# -- digests -----------------------------------------------------------------------------


def next_digest(rhythm, now=None):
    """Return when the next digest of a rhythm goes out: in the evening where the blog is."""
    return Blog.get().next_evening(weekly=rhythm == Rhythm.WEEKLY, now=now)


def _post_digest(first):
    """Post the digest that a notice stands in: all of one follower and hour."""
    notices = Notice.objects.filter(follower=first.follower, due_at=first.due_at, posted_at=None)
    follower = Follower.of_key(first.follower)
    if follower and follower.email:
        at = first.due_at.isoformat()
        once = f"digest {first.follower} {at}"
        outbox.post("digest", follower.email, once=once, follower=first.follower, at=at)
    notices.update(posted_at=timezone.now())


def of_digest(key, at):
    """Return the comments of a follower's digest that may be told now, the oldest first.

    ``at`` is when it was due. What is hidden at the moment moves into the next digest.
    """
    follower = Follower.of_key(key)
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
    others = (
        Following.objects.active()
        .filter(follower__in=follower.all_keys)
        .exclude(follower=follower.key)
    )
    earlier = Q(due_at__lt=at) | Q(due_at=at, follower__lt=follower.key)
    notices = Notice.objects.filter(earlier, follower__in=others.values("follower"))
    return set(notices.values_list("comment", flat=True))


def wanted_by(follower, comment):
    """Return the followings by which a follower is to hear of a comment now, most exact first."""
    if not isinstance(follower, Follower):
        return []
    rows = follower.followings().active().about(comment).select_related("user", "address")
    return sorted(rows, key=lambda row: (row.comment_id is None, row.post_id is None))
