"""Following: who wishes to hear of answers, and how such a wish begins and ends.

A wish of somebody with an account counts at once. That of a guest counts once the address was
confirmed by its mail, each time anew, and she has ticked it on the page that this leads to: whoever
types somebody's address gets her no mail but that one. Only a browser that has shown whose it is
(:mod:`comments.recognising`) needs no mail.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import addresses
from accounts.mailboxes import Mailbox
from accounts.spelling import alike
from comments import recognising
from comments.followers import Following

Rhythm = Following.Rhythm


class Follower(Mailbox):
    """Whoever follows: an account or the ``Address`` of a guest."""

    def followings(self):
        return Following.objects.filter(follower=self.key)


@dataclass(frozen=True)
class Wish:
    """What somebody wishes to hear of: answers to ``comment``, all on ``post``, or (neither) all.

    ``discreet``: whether the mails name nobody and nothing.
    """

    post: Any = None
    comment: Any = None
    rhythm: str = Rhythm.AT_ONCE
    discreet: bool = True

    @property
    def what(self):
        if self.comment:
            return {"comment": self.comment}
        return {"post": self.post} if self.post else {"post": None, "comment": None}

    def key(self, follower):
        if self.comment:
            return f"{follower.key} c{self.comment.pk}"
        return f"{follower.key} p{self.post.pk}" if self.post else f"{follower.key} all"


def of_account(user, wish):
    """Let somebody with an account follow; a wish for the same thing replaces the one before.

    All her mails are as discreet as she wished last. Whoever stopped all mails before wishes for
    these alone: her address is proved, and she is signed in.
    """
    follower, now = Follower(user=user), timezone.now()
    with transaction.atomic():
        if email := follower.email:
            _begin_anew(follower, addresses.stopped(email))
            addresses.go_on(email)
        follower.set_discreet(wish.discreet)
        _store(follower, wish, user=user, confirmed_at=now)


def of_guest(email, wish, own=frozenset()):
    """Note the wish of a guest, and ask by mail whether it is hers; return whether it counts now.

    ``own`` are the keys of comments that her browser wrote. Raises ValidationError for what is
    no address.
    """
    with transaction.atomic():
        known = recognising.known(own, email)
        follower = Follower(address=known or addresses.known(email))
        _begin_anew(follower, follower.address.stopped_at)
        if known and not known.stopped_at:
            follower.set_discreet(wish.discreet)
            _store(follower, wish, address=known, confirmed_at=timezone.now())
            return True
        _note(follower, wish)
        addresses.ask_for_proof(follower.address, again=True)
    return False


def _begin_anew(follower, stopped_at):
    """Who stopped all mails and wishes for new ones does not wish for the old ones, too."""
    if stopped_at:
        follower.followings().filter(created_at__lte=stopped_at).delete()


def _store(follower, wish, **values):
    fields = {"rhythm": wish.rhythm, "discreet": wish.discreet, **wish.what, **values}
    Following.objects.update_or_create(
        key=wish.key(follower), defaults={"follower": follower.key, **fields}
    )


def _note(follower, wish):
    """Keep a wish until it is confirmed. No stranger changes one that is there already."""
    same = Following.objects.filter(key=wish.key(follower))
    if same.filter(confirmed_at__isnull=False).exists():
        return
    if waits := same.waiting().first():
        wish = replace(wish, rhythm=waits.rhythm, discreet=wish.discreet or waits.discreet)
    _store(follower, wish, address=follower.address, created_at=timezone.now())


def way_on(address):
    """Return the path of the page that lists the wishes that wait for this address, where some do.

    One of ``settings.WHEN_PROVED``. The press itself confirms none: anybody may have typed them.
    """
    return recognising.page_for(address) if waiting(address).exists() else None


def waiting(address):
    """Return the wishes that wait for this address, the newest first."""
    rows = address.followings.waiting().select_related("post", "comment__post")
    return rows.order_by("-created_at", "-pk")


def is_made_here(wish, own):
    """Return whether a wish is about a comment that this browser wrote with the same address.

    ``own`` are the keys of comments that it wrote.
    """
    found = wish.comment
    return bool(found) and found.pk in own and alike(found.email) == wish.address.key


def confirm(address, keys, discreet):
    """Let those wishes of these keys count that wait for this address; return how many did.

    For who has proved the address in the browser that she chooses with. ``discreet`` is what she
    chose there for all her mails, whatever was typed with a wish.
    """
    with transaction.atomic():
        count = address.followings.waiting().filter(pk__in=keys).update(confirmed_at=timezone.now())
        if count:
            Follower(address=address).set_discreet(discreet)
    return count


def is_open(address):
    """Return whether the owner of an address has chosen mails that are not discreet before."""
    follows = address.followings.filter(confirmed_at__isnull=False).exists()
    return follows and not address.discreet


def stop(follower, keys=None):
    """End these followings (keys of rows) of a follower, or all; what waits is not sent."""
    own = follower.followings()
    (own if keys is None else own.filter(pk__in=keys)).delete()


def end(keys):
    """End all that the mailboxes of these keys follow. One of ``settings.WHEN_STOPPED``."""
    Following.objects.filter(follower__in=keys).delete()


def is_discreet(user):
    """Return whether somebody with an account has wished for discreet mails."""
    return user.discreet


def forget_writer(comment):
    """End what its writer follows of a comment that is not hers any more, so that nothing tells.

    ``comment`` is as it was before.
    """
    hers = Q(user=comment.user_id) if comment.user_id else Q()
    if comment.email:  # also of what she took into her account later
        hers |= Q(address__email__iexact=comment.email)
    if hers:
        Following.objects.filter(hers, comment=comment.pk).delete()


def wish_of(user, post=None, comment=None):
    """Return what somebody with an account follows already of this, a ``Following`` or None."""
    key = Wish(post=post, comment=comment).key(Follower(user=user))
    return Following.objects.filter(key=key).first()
