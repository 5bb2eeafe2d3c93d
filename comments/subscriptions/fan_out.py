"""Notifying subscribers of new comments. One of ``settings.DUE_WORK``.

Each comment's subscribers are notified in batches, in the order of their keys; the transaction of
a batch also records how far it came, so that a killed or a second worker notifies nobody twice and
skips nobody. Subscribers who prefer a digest get an entry for it, and it is sent when it is due.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.due_rows import LOOK_AGAIN, oldest_due, process_next, process_some
from accounts.mail import address_proofs, outbox
from accounts.mail.mailboxes import addresses_of
from blog.models import Blog
from comments import policy
from comments.models import (
    Comment,
    ConversationSettings,
    DigestEntry,
    NotificationJob,
    Subscription,
)

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
    while going() and process_some(DigestEntry.objects, _post_digests, STEP):
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
    at_once, later = [], []
    for key in keys:
        own = grouped[key]
        email = own[0].address.email if own[0].address_id else emails.get(own[0].user_id)
        if not email or is_own(comment, own[0].user_id, email):
            continue
        rhythms = {row.rhythm for row in own}
        if Rhythm.AT_ONCE in rhythms:
            about = {"comment": comment.pk, "follower": key}
            at_once.append((email, once_key(comment.pk, email), about))
        else:
            later.append((key, Rhythm.DAILY if Rhythm.DAILY in rhythms else Rhythm.WEEKLY))
    outbox.enqueue_many("answer", at_once)
    _note_for_digests(comment, later)
    return keys[-1] if len(grouped) > STEP or len(rows) == STEP * MOST_WAYS else None


def _note_for_digests(comment, later):
    """Store an entry for each ``(follower, rhythm)`` that has none for this comment."""
    due_at = {rhythm: next_digest(rhythm) for rhythm in {rhythm for _key, rhythm in later}}
    entries = [
        DigestEntry(follower=key, comment_id=comment.pk, due_at=due_at[rhythm])
        for key, rhythm in later
    ]
    DigestEntry.objects.bulk_create(entries, ignore_conflicts=True)


def is_own(comment: Comment, user: int | None, email: str) -> bool:
    """Return whether a subscriber (key of their account, email) wrote the comment themselves.

    A typed address is believed here: the worst it can do is keep one mail from its owner.
    """
    if comment.user_id and comment.user_id == user:
        return True
    return bool(comment.email) and comment.email.casefold() == email.casefold()


def once_key(comment: int, email: str) -> str:
    """Return the hash that keeps a comment (its key) from being mailed twice to one address."""
    return outbox.once_key(f"answer {comment}", email)


# -- digests -----------------------------------------------------------------------------


def next_digest(rhythm: str, now: datetime | None = None) -> datetime:
    """Return when the next daily or weekly digest is due: in the evening, blog time."""
    return Blog.get().next_evening(weekly=rhythm == Rhythm.WEEKLY, now=now)


def _post_digests(entries):
    """Send the digests of these entries: one for all that a subscriber has for the same time."""
    emails = addresses_of({entry.follower for entry in entries})
    # In one order, so that two workers with entries of the same subscribers never wait crosswise.
    digests = sorted({(entry.follower, entry.due_at.isoformat()) for entry in entries})
    rows = [
        (emails[follower], f"digest {follower} {at}", {"follower": follower, "at": at})
        for follower, at in digests
        if emails[follower]
    ]
    outbox.enqueue_many("digest", rows)
    keys = [entry.pk for entry in entries]
    DigestEntry.objects.filter(pk__in=keys).update(posted_at=timezone.now())


def covering(
    comments: Collection[Comment], followers: Iterable[str]
) -> dict[tuple[str, int], Subscription]:
    """Return ``{(follower, comment): their most specific active subscription that covers it}``.

    One query; ``followers`` are keys of mailboxes, and so are comments in the result.
    """
    rows = Subscription.objects.active().about(*comments).filter(follower__in=followers)
    rows = rows.select_related("user", "address")
    rows = sorted(rows, key=lambda row: (row.comment_id is None, row.post_id is None))
    found = {}
    for row in rows:
        for comment in comments:
            if row.covers(comment):
                found.setdefault((row.follower, comment.pk), row)
    return found
