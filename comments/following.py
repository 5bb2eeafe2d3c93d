"""Following: who wishes to hear of answers, and how such a wish begins and ends.

A wish of somebody with an account counts at once. That of a guest counts once the address was
confirmed by its mail, each time anew, and she has ticked it on the page that this leads to: whoever
types somebody's address gets her no mail but that one. Only a browser that has shown whose it is
(:mod:`comments.recognising`) needs no mail.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import addresses
from accounts.models import Address
from accounts.spelling import alike
from comments import recognising
from comments.followers import Following

Rhythm = Following.Rhythm


@dataclass(frozen=True)
class Follower:
    """An account or the ``Address`` of a guest: one of the two."""

    user: Any = None
    address: Any = None

    @property
    def key(self):
        """A short text that stands for this follower in rows and in the outbox."""
        return f"u{self.user.pk}" if self.user else f"a{self.address.pk}"

    @property
    def email(self):
        """Where the mails go, or None: an account without a proved address gets none."""
        if self.address:
            return self.address.email
        return addresses.of_people([self.user.pk]).get(self.user.pk)

    def followings(self):
        return Following.objects.filter(follower=self.key)


def follower_of(key):
    """Return the ``Follower`` of this key, or None when there is nobody any more."""
    kind, number = key[:1], key[1:]
    if kind == "u":
        user = get_user_model().objects.filter(pk=number).first()
        return user and Follower(user=user)
    address = Address.objects.filter(pk=number).first()
    return address and Follower(address=address)


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
        own = follower.followings()
        own.update(discreet=wish.discreet)
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
            Address.objects.filter(pk=known.pk).update(discreet=wish.discreet)
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
            Address.objects.filter(pk=address.pk).update(discreet=discreet)
    return count


def is_open(address):
    """Return whether the owner of an address has chosen mails that are not discreet before."""
    follows = address.followings.filter(confirmed_at__isnull=False).exists()
    return follows and not address.discreet


def stop(follower, keys=None):
    """End these followings (keys of rows) of a follower, or all; what waits is not sent."""
    own = follower.followings()
    (own if keys is None else own.filter(pk__in=keys)).delete()


def of_mailbox(email):
    """Return each ``Follower.key`` whose mails go to this address.

    One person may follow with her account and as a guest.
    """
    guests = Address.objects.filter(key=alike(email)).values_list("pk", flat=True)
    return [*(f"a{key}" for key in guests), *(f"u{key}" for key in addresses.users_at(email))]


def stop_all(key):
    """End all mails to the mailbox of the follower of this key, whichever way it follows."""
    follower = follower_of(key)
    keys = [key]
    if follower and follower.email:
        addresses.stop(follower.email)
        keys += of_mailbox(follower.email)
    Following.objects.filter(follower__in=keys).delete()


def is_discreet(user):
    """Return whether somebody with an account has wished for discreet mails."""
    return Follower(user=user).followings().filter(discreet=True).exists()


def forget_writer(comment):
    """End what its writer follows of a comment that is not hers any more, so that nothing tells.

    ``comment`` is as it was before.
    """
    hers = Q(user=comment.user_id) if comment.user_id else Q(address__email__iexact=comment.email)
    if comment.user_id or comment.email:
        Following.objects.filter(hers, comment=comment.pk).delete()


def wish_of(user, post=None, comment=None):
    """Return what somebody with an account follows already of this, a ``Following`` or None."""
    key = Wish(post=post, comment=comment).key(Follower(user=user))
    return Following.objects.filter(key=key).first()
