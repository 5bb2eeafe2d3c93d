"""Notifying subscribers of new comments. One of ``settings.DUE_WORK``.

Each comment's subscribers are notified in batches, in the order of their keys; the transaction of
a batch also records how far it came, so that a killed or a second worker notifies nobody twice and
skips nobody. Subscribers who prefer a digest get an entry for it, and it is sent when it is due.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.due_rows import LOOK_AGAIN, oldest_due, process_next
from accounts.mail import address_proofs, outbox
from blog.models import Blog
from comments import policy
from comments.models import (
    Comment,
    ConversationSettings,
    DigestEntry,
    NotificationJob,
    Subscription,
)
from comments.subscriptions.subscribe import Subscriber

Rhythm = Subscription.Rhythm
# Subscribers in a batch: short enough for other writers not to wait.
STEP = 100
# A subscriber can match three ways: by the comment, its post, and everything.
MOST_WAYS = 3
# After that a comment is no news any more.
NO_NEWS = timedelta(days=30)
KEEP_TOLD = timedelta(days=7)


def due_since() -> datetime | None:
    """Return since when the oldest notification or digest has been due, or None."""
    return oldest_due(NotificationJob.objects.due(), DigestEntry.objects.due())


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Put a mail for each subscriber into the outbox, and the digests that are due."""
    while going() and process_next(NotificationJob.objects, _step):
        pass
    while going() and process_next(DigestEntry.objects, _post_digest):
        pass


# -- one comment, its subscribers --------------------------------------------------------


def _step(job):
    """Notify the next batch of a comment's subscribers."""
    comment = Comment.objects.select_related("post").get(pk=job.comment_id)
    row = NotificationJob.objects.filter(pk=job.pk)
    state = state_of(comment)
    if state == WAITS:
        row.update(due_at=timezone.now() + LOOK_AGAIN)
    elif state == GONE:
        # Approving it again makes the job due again.
        row.update(due_at=None)
    elif (last := _notify(comment, job.told)) is None:
        row.delete()
    else:
        row.update(told=last)


SHOWN, WAITS, GONE = "shown", "waits", "gone"


def state_of(comment: Comment) -> str:
    """Return SHOWN, WAITS (hidden for now) or GONE: whether subscribers may hear of a comment."""
    if not comment.is_visible or not comment.post.takes_activity:
        return GONE
    if policy.mode_of(comment.post, ConversationSettings.get()) is not policy.Mode.HIDDEN:
        return SHOWN
    return WAITS if comment.approved_at > timezone.now() - NO_NEWS else GONE


def _notify(comment, after):
    """Notify STEP subscribers after this key; return the last one, or None if none are left."""
    rows = Subscription.objects.active().about(comment).filter(follower__gt=after)
    rows = list(rows.order_by("follower").select_related("user", "address")[: STEP * MOST_WAYS])
    grouped = {}
    for row in rows:
        grouped.setdefault(row.follower, []).append(row)
    keys = list(grouped)[:STEP]
    emails = address_proofs.verified_addresses([row.user_id for row in rows if row.user_id])
    for key in keys:
        own = grouped[key]
        email = own[0].address.email if own[0].address_id else emails.get(own[0].user_id)
        if email and not is_own(comment, own[0].user_id, email):
            _notify_one(comment, key, email, {row.rhythm for row in own})
    return keys[-1] if len(grouped) > STEP or len(rows) == STEP * MOST_WAYS else None


def is_own(comment: Comment, user: int | None, email: str) -> bool:
    """Return whether a subscriber (key of their account, email) wrote the comment themselves.

    A typed address is believed here: the worst it can do is keep one mail from its owner.
    """
    if comment.user_id and comment.user_id == user:
        return True
    return bool(comment.email) and comment.email.casefold() == email.casefold()


def _notify_one(comment, key, email, rhythms):
    if Rhythm.AT_ONCE in rhythms:
        once = once_key(comment.pk, email)
        outbox.enqueue("answer", email, once=once, comment=comment.pk, follower=key)
        return
    due_at = next_digest(Rhythm.DAILY if Rhythm.DAILY in rhythms else Rhythm.WEEKLY)
    DigestEntry.objects.get_or_create(
        follower=key, comment_id=comment.pk, defaults={"due_at": due_at}
    )


def once_key(comment: int, email: str) -> str:
    """Return the hash that keeps a comment (its key) from being mailed twice to one address."""
    return outbox.once_key(f"answer {comment}", email)


# -- digests -----------------------------------------------------------------------------


def next_digest(rhythm: str, now: datetime | None = None) -> datetime:
    """Return when the next daily or weekly digest is due: in the evening, blog time."""
    return Blog.get().next_evening(weekly=rhythm == Rhythm.WEEKLY, now=now)


def _post_digest(first):
    """Send the digest of an entry, with all entries for that subscriber and time."""
    entries = DigestEntry.objects.filter(
        follower=first.follower, due_at=first.due_at, posted_at=None
    )
    subscriber = Subscriber.from_key(first.follower)
    if subscriber and subscriber.email:
        at = first.due_at.isoformat()
        once = f"digest {first.follower} {at}"
        outbox.enqueue("digest", subscriber.email, once=once, follower=first.follower, at=at)
    entries.update(posted_at=timezone.now())


def digest_comments(key: str, at: datetime) -> list[Comment]:
    """Return the visible comments of a subscriber's digest that was due ``at``, the oldest first.

    Those hidden at the moment move into the next digest.
    """
    subscriber = Subscriber.from_key(key)
    entries = DigestEntry.objects.filter(follower=key, due_at=at).values("comment")
    comments = Comment.objects.with_names().select_related("post", "content_note")
    comments = comments.filter(pk__in=entries)
    sent_elsewhere = _by_another(subscriber, at) if subscriber else set()
    shown, waiting = [], []
    for comment in comments.order_by("approved_at", "pk"):
        state = state_of(comment)
        if state == WAITS:
            waiting.append(comment.pk)
        elif (
            state == SHOWN
            and comment.pk not in sent_elsewhere
            and matching_subscriptions(subscriber, comment)
        ):
            shown.append(comment)
    if waiting:
        later = DigestEntry.objects.filter(follower=key, due_at=at, comment__in=waiting)
        later.update(due_at=next_digest(Rhythm.DAILY), posted_at=None)
    return shown


def _by_another(subscriber, at):
    """Return keys of comments that an earlier digest to the same mailbox contains."""
    others = (
        Subscription.objects.active()
        .filter(follower__in=subscriber.keys_of_same_email)
        .exclude(follower=subscriber.key)
    )
    earlier = Q(due_at__lt=at) | Q(due_at=at, follower__lt=subscriber.key)
    entries = DigestEntry.objects.filter(earlier, follower__in=others.values("follower"))
    return set(entries.values_list("comment", flat=True))


def matching_subscriptions(subscriber: Subscriber | None, comment: Comment) -> list[Subscription]:
    """Return a subscriber's active subscriptions that cover a comment, the most specific first."""
    if not isinstance(subscriber, Subscriber):
        return []
    rows = subscriber.subscriptions().active().about(comment).select_related("user", "address")
    return sorted(rows, key=lambda row: (row.comment_id is None, row.post_id is None))
