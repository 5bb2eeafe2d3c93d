"""Following: who wishes to hear of answers, and how such a wish begins and ends.

A wish of somebody with an account counts at once. That of a guest counts once the address was
confirmed by its mail, each time anew, and she has ticked it on the page that this leads to: whoever
types somebody's address gets her no mail but that one. Only a browser that has shown whose it is
(:mod:`comments.guests.address_proofs`) needs no mail.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.email_normalization import email_key
from accounts.mail import address_proofs
from accounts.mail.mailboxes import Recipient
from comments.guests import address_proofs as guests_address_proofs
from comments.models import Subscription

Rhythm = Subscription.Rhythm


class Subscriber(Recipient):
    """Whoever follows: an account or the ``Address`` of a guest."""

    def followings(self):
        return Subscription.objects.filter(follower=self.key)


@dataclass(frozen=True)
class SubscriptionRequest:
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


def subscribe_account(user, wish):
    """Let somebody with an account follow; a wish for the same thing replaces the one before.

    All her mails are as discreet as she wished last. Whoever stopped all mails before wishes for
    these alone: her address is proved, and she is signed in.
    """
    follower, now = Subscriber(user=user), timezone.now()
    with transaction.atomic():
        if email := follower.email:
            _begin_anew(follower, address_proofs.mail_stopped_at(email))
            address_proofs.resume_mail(email)
        follower.set_discreet(wish.discreet)
        _store(follower, wish, user=user, confirmed_at=now)


def subscribe_guest(email, wish, own=frozenset()):
    """Note the wish of a guest, and ask by mail whether it is hers; return whether it counts now.

    ``own`` are the keys of comments that her browser wrote. Raises ValidationError for what is
    no address.
    """
    with transaction.atomic():
        known = guests_address_proofs.recognised_address(own, email)
        follower = Subscriber(address=known or address_proofs.get_or_create_address(email))
        _begin_anew(follower, follower.address.stopped_at)
        if known and not known.stopped_at:
            follower.set_discreet(wish.discreet)
            _store(follower, wish, address=known, confirmed_at=timezone.now())
            return True
        _note(follower, wish)
        address_proofs.request_proof(follower.address, again=True)
    return False


def _begin_anew(follower, stopped_at):
    """Who stopped all mails and wishes for new ones does not wish for the old ones, too."""
    if stopped_at:
        follower.followings().filter(created_at__lte=stopped_at).delete()


def _store(follower, wish, **values):
    fields = {"rhythm": wish.rhythm, "discreet": wish.discreet, **wish.what, **values}
    Subscription.objects.update_or_create(
        key=wish.key(follower), defaults={"follower": follower.key, **fields}
    )


def _note(follower, wish):
    """Keep a wish until it is confirmed. No stranger changes one that is there already."""
    same = Subscription.objects.filter(key=wish.key(follower))
    if same.filter(confirmed_at__isnull=False).exists():
        return
    if waits := same.waiting().first():
        wish = replace(wish, rhythm=waits.rhythm, discreet=wish.discreet or waits.discreet)
    _store(follower, wish, address=follower.address, created_at=timezone.now())


def next_url(address):
    """Return the path of the page that lists the wishes that wait for this address, where some do.

    One of ``settings.ADDRESS_PROVED_HOOKS``. The press itself confirms none: anybody may have typed them.
    """
    return (
        guests_address_proofs.page_path(address)
        if pending_subscriptions(address).exists()
        else None
    )


def pending_subscriptions(address):
    """Return the wishes that wait for this address, the newest first."""
    rows = address.followings.waiting().select_related("post", "comment__post")
    return rows.order_by("-created_at", "-pk")


def is_from_this_browser(wish, own):
    """Return whether a wish is about a comment that this browser wrote with the same address.

    ``own`` are the keys of comments that it wrote.
    """
    found = wish.comment
    return bool(found) and found.pk in own and email_key(found.email) == wish.address.key


def confirm(address, keys, discreet):
    """Let those wishes of these keys count that wait for this address; return how many did.

    For who has proved the address in the browser that she chooses with. ``discreet`` is what she
    chose there for all her mails, whatever was typed with a wish.
    """
    with transaction.atomic():
        count = address.followings.waiting().filter(pk__in=keys).update(confirmed_at=timezone.now())
        if count:
            Subscriber(address=address).set_discreet(discreet)
    return count


def prefers_open_mails(address):
    """Return whether the owner of an address has chosen mails that are not discreet before."""
    follows = address.followings.filter(confirmed_at__isnull=False).exists()
    return follows and not address.discreet


def unsubscribe(follower, keys=None):
    """End these followings (keys of rows) of a follower, or all; what waits is not sent."""
    own = follower.followings()
    (own if keys is None else own.filter(pk__in=keys)).delete()


def end_subscriptions(keys):
    """End all that the mailboxes of these keys follow. One of ``settings.UNSUBSCRIBE_HOOKS``."""
    Subscription.objects.filter(follower__in=keys).delete()


def end_for_writer(comment):
    """End what its writer follows of a comment that is not hers any more, so that nothing tells.

    ``comment`` is as it was before.
    """
    hers = Q(user=comment.user_id) if comment.user_id else Q()
    if comment.email:  # also of what she took into her account later
        hers |= Q(address__email__iexact=comment.email)
    if hers:
        Subscription.objects.filter(hers, comment=comment.pk).delete()


def subscription_of(user, post=None, comment=None):
    """Return what somebody with an account follows already of this, a ``Following`` or None."""
    key = SubscriptionRequest(post=post, comment=comment).key(Subscriber(user=user))
    return Subscription.objects.filter(key=key).first()
