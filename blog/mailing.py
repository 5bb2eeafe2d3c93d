"""Sending new posts to those who read them by mail. One of ``settings.DUE_WORK``.

A post is due once readers can see it and its author has ticked *Send by mail*: the clock alone
decides, as it does on pages. One row (``Mailing``) notes that it was seen to, and how far: it is
gone through in steps, some subscribers at a time in a transaction that puts their mails into the
outbox. Whoever is killed between two steps, or works beside others, sends nothing twice and forgets
nobody. What was published in a week goes out with the letter of Sunday evening.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Greatest
from django.utils import formats, timezone
from django.utils.translation import gettext

from accounts import addresses, outbox
from accounts.steps import next_step, oldest
from blog import subscribing
from blog.models import Blog, Mailing, Post, Subscription

# Subscribers that a step tells: a moment's work, during which others may write.
STEP = 100
# A post that was taken back for longer is no news any more when it comes back.
NO_NEWS = timedelta(days=30)
# What keeps a mail from going twice is kept beyond the letter of its week.
KEEP_KEYS = timedelta(days=14)
SHOWN, WAITS, GONE = "shown", "waits", "gone"


def due_since():
    """Return since when the oldest post or letter waits to be sent, or None."""
    # One that was ticked later than it was published is due since then.
    posts = _not_noted().annotate(due_at=Greatest("published_at", "touched_at"))
    return oldest(posts, Mailing.objects.due())


def do_due(going=lambda: True):
    """Put a mail for each subscriber into the outbox."""
    if _not_noted().exists():
        _note_them()
    while going() and next_step(Mailing.objects, _step):
        pass
    old = Subscription.objects.expired()
    if old.exists():
        old.delete()


def _not_noted():
    """Posts to be sent of which no row says so yet, or that were taken back and are back again."""
    stands_still = Q(mailing__done_at=None, mailing__due_at=None)
    return Post.objects.by_mail().filter(Q(mailing=None) | stands_still)


@transaction.atomic
def _note_them():
    now, week = timezone.now(), Blog.get().next_evening(weekly=True)
    for post in _not_noted().order_by("published_at", "pk"):
        values = {"due_at": now, "week": week}
        mailing, is_new = Mailing.objects.get_or_create(post=post, defaults=values)
        if is_new:
            _letter_of(week)
        else:
            stands_still = Mailing.objects.filter(pk=mailing.pk, done_at=None, due_at=None)
            stands_still.update(due_at=now)


def _letter_of(week):
    """Make sure that the letter of a week goes out."""
    Mailing.objects.get_or_create(post=None, week=week, defaults={"due_at": week})


def state_of(mailing):
    """Return whether the post of a mailing may be sent: SHOWN, or WAITS until it is, or GONE."""
    post = mailing.post
    if not post.by_mail or not post.takes_activity or post.kind != post.Kind.POST:
        return GONE
    if post.is_listed:
        return SHOWN
    return WAITS if mailing.created_at > timezone.now() - NO_NEWS else GONE


def of_week(week):
    """Return the mailings of the posts of a week, the oldest first, each with its post."""
    rows = Mailing.objects.filter(week=week, post__isnull=False).order_by("created_at", "pk")
    return list(with_posts(rows))


def with_posts(rows):
    """Return these mailings, each with its post and all that a mail says of it."""
    posts = Post.objects.select_related("author").with_notes()
    return rows.prefetch_related(Prefetch("post", posts))


def _step(mailing):
    """Tell the next subscribers."""
    row = Mailing.objects.filter(pk=mailing.pk)
    if mailing.post_id and state_of(mailing) != SHOWN:
        row.update(due_at=None)  # should it be there again, that makes it due
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
    outbox.release(_name_of(mailing), now - KEEP_KEYS)


def _put_off_hidden(week):
    """What is hidden at the moment moves into the letter of the next week."""
    hidden = [each.pk for each in of_week(week) if state_of(each) == WAITS]
    if hidden:
        later = Blog.get().next_evening(weekly=True, now=max(week, timezone.now()))
        Mailing.objects.filter(pk__in=hidden).update(week=later)
        _letter_of(later)


def _name_of(mailing):
    return "new_post" if mailing.post_id else "new_posts"


def _post_to(readers, mailing):
    """Put a mail for each of these subscribers into the outbox; return how many were new."""
    emails = addresses.of_people([each.user_id for each in readers if each.user_id])
    what = about(mailing.post_id) if mailing.post_id else f"letter of {mailing.week:%Y-%m-%d}"
    rows = []
    for each in readers:
        email = each.address.email if each.address_id else emails.get(each.user_id)
        if email:
            arguments = {"sent": mailing.pk, "subscriber": each.subscriber}
            rows.append((email, outbox.once_to(what, email), arguments))
    return outbox.post_many(_name_of(mailing), rows)


def about(post):
    """Return by what the mails about a post (its key) are told from others, for the outbox."""
    return f"post {post}"


# -- for the author, who sees numbers alone ------------------------------------------------


def told_to_author(post):
    """Return ``(sentence, whether it is too late to choose)`` for the tick in a post's form."""
    sent = post.pk and Mailing.objects.filter(post=post.pk).first()
    if sent and sent.done_at:
        date = formats.date_format(timezone.localtime(sent.done_at), "j M Y, H:i")
        said = gettext("It went out on %(date)s. Mails at once: %(count)d.")
        return said % {"date": date, "count": sent.count}, True
    if sent and sent.due_at:
        return gettext("It is on its way."), True
    said = _how_many()
    if post.pk and post.is_listed and not post.by_mail:
        said += " " + gettext(
            "Readers can see it already: tick this, and it leaves as soon as you save."
        )
    return said, False


def _how_many():
    at_once, weekly = subscribing.readers()
    if not at_once + weekly:
        return gettext("Nobody reads by mail yet.")
    said = gettext("Readers by mail: %(at_once)d at once, %(weekly)d in the letter of Sunday.")
    return said % {"at_once": at_once, "weekly": weekly}


def what_happens(post):
    """Return a sentence on the mails of a post that was just stored, or an empty text."""
    if not Post.objects.by_mail().filter(pk=post.pk, mailing=None).exists():
        return ""
    return gettext("It goes out by mail now.") + " " + _how_many()
