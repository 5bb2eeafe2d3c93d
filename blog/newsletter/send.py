"""Sending of new posts to subscribers by mail. One of ``settings.DUE_WORK``.

A post is due once it is published and its author has ticked *Send by mail*; only its date decides,
as on pages. A ``Mailing`` row records the progress: it is worked through in steps, each of which
puts the mails of some subscribers into the outbox, in one transaction. It begins some minutes after
the post appeared, so that its author can still cancel it. A worker that is killed
between steps, or runs beside others, sends nothing twice and leaves nobody out. The posts of a week
also go out in the digest of Sunday evening.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.due_rows import oldest_due, process_next
from accounts.mail import address_proofs, outbox
from blog.models import Blog, Mailing, Post, Subscription

# From the moment that a post appears until the first email: its author can cancel the sending.
WAIT = timedelta(minutes=5)
# Subscribers per step: short transactions let others write.
STEP = 100
# A post that was unpublished for longer is not sent when it comes back.
NO_NEWS = timedelta(days=30)
# The keys that prevent duplicate mails are kept beyond the digest of their week.
KEEP_KEYS = timedelta(days=14)
SHOWN, WAITS, GONE = "shown", "waits", "gone"


def due_since() -> datetime | None:
    """Return since when the oldest post or digest has been due, or None."""
    # A post may have been ticked after it was published.
    posts = _not_noted().annotate(due_at=Greatest("published_at", "touched_at"))
    return oldest_due(posts, Mailing.objects.due())


def do_due(going: Callable[[], bool] = lambda: True) -> None:
    """Put the mails of all due mailings into the outbox, as long as ``going()`` is true."""
    if _not_noted().exists():
        _note_them()
    while going() and process_next(Mailing.objects, _step):
        pass
    old = Subscription.objects.expired()
    if old.exists():
        old.delete()


def _not_noted():
    """Posts to send that have no mailing yet, or one that stopped while they were unpublished."""
    stands_still = Q(mailing__done_at=None, mailing__due_at=None)
    return Post.objects.by_mail().filter(Q(mailing=None) | stands_still)


@transaction.atomic
def _note_them():
    for post in _not_noted().order_by("published_at", "pk"):
        _note(post)


def note(post: Post) -> None:
    """Note that a post which was just saved is to be sent; from now on it can be cancelled."""
    with transaction.atomic():
        for each in _not_noted().filter(pk=post.pk):
            _note(each)


def _note(post):
    now = timezone.now()
    # Of the week in which it can no longer be cancelled.
    week = Blog.get().next_evening(weekly=True, now=now + WAIT)
    values = {"due_at": now + WAIT, "week": week}
    mailing, is_new = Mailing.objects.get_or_create(post=post, defaults=values)
    if is_new:
        _letter_of(week)
        return
    stands_still = Mailing.objects.filter(pk=mailing.pk, done_at=None, due_at=None)
    stands_still.filter(told="").update(due_at=now + WAIT)
    stands_still.update(due_at=now)


def cancel(post: Post) -> bool:
    """Cancel the sending of a post; return False, and change nothing, if it has begun."""
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().filter(post=post).first()
        if mailing and has_begun(mailing):
            return False
        Post.objects.filter(pk=post.pk).update(by_mail=False)
        Mailing.objects.filter(post=post).delete()
        return True


def has_begun(mailing: Mailing) -> bool:
    """Return whether the first emails of a mailing are sent, or may be at this moment."""
    is_due = mailing.due_at is not None and mailing.due_at <= timezone.now()
    return is_due or bool(mailing.told or mailing.done_at)


def _letter_of(week):
    """Make sure that there is a digest for a week."""
    Mailing.objects.get_or_create(post=None, week=week, defaults={"due_at": week})


def state_of(mailing: Mailing) -> str:
    """Return the state of a mailing's post: SHOWN (may be sent), WAITS (hidden now) or GONE."""
    post = mailing.post
    if not post.by_mail or not post.takes_activity or post.kind != post.Kind.POST:
        return GONE
    if post.is_listed:
        return SHOWN
    return WAITS if mailing.created_at > timezone.now() - NO_NEWS else GONE


def of_week(week: datetime) -> list[Mailing]:
    """Return the mailings of a week's posts, oldest first; ``week`` is when its digest is due."""
    rows = Mailing.objects.filter(week=week, post__isnull=False).order_by("created_at", "pk")
    return list(with_posts(rows))


def with_posts(rows: QuerySet[Mailing]) -> QuerySet[Mailing]:
    """Return these mailings with their posts and all that a mail shows of them."""
    posts = Post.objects.select_related("author").with_notes()
    return rows.prefetch_related(Prefetch("post", posts))


def _step(mailing):
    """Enqueue the mails of the next subscribers, and record the progress."""
    row = Mailing.objects.filter(pk=mailing.pk)
    if mailing.post_id and state_of(mailing) != SHOWN:
        row.update(due_at=None)  # until the post is published again
        return
    if not mailing.post_id and not mailing.told:
        _put_off_hidden(mailing.week)
    readers = Subscription.objects.of(mailing).filter(subscriber__gt=mailing.told)
    readers = list(readers.select_related("user", "address")[:STEP])
    count = F("count") + _post_to(readers, mailing)
    if len(readers) == STEP:
        row.update(told=readers[-1].subscriber, count=count)
        return
    now = timezone.now()
    row.update(due_at=None, done_at=now, count=count)
    outbox.release_once_keys(_name_of(mailing), now - KEEP_KEYS)


def _put_off_hidden(week):
    """Move posts that are hidden at the moment to the digest of the next week."""
    hidden = [each.pk for each in of_week(week) if state_of(each) == WAITS]
    if hidden:
        later = Blog.get().next_evening(weekly=True, now=max(week, timezone.now()))
        Mailing.objects.filter(pk__in=hidden).update(week=later)
        _letter_of(later)


def _name_of(mailing):
    return "new_post" if mailing.post_id else "new_posts"


def _post_to(readers, mailing):
    """Enqueue a mail for each of these subscribers; return the number of new ones."""
    emails = address_proofs.verified_addresses([each.user_id for each in readers if each.user_id])
    topic = mail_topic(mailing.post_id) if mailing.post_id else f"letter of {mailing.week:%Y-%m-%d}"
    rows = []
    for each in readers:
        email = each.address.email if each.address_id else emails.get(each.user_id)
        if email:
            arguments = {"sent": mailing.pk, "subscriber": each.subscriber}
            rows.append((email, outbox.once_key(topic, email), arguments))
    return outbox.enqueue_many(_name_of(mailing), rows)


def mail_topic(post: int) -> str:
    """Return the topic of mails about a post (its key), for ``outbox.once_key``."""
    return f"post {post}"
