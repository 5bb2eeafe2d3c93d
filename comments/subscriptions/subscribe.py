"""Subscribing to comments, confirming a subscription and ending it.

An account's subscription is active at once. A guest's has to be confirmed each time, by the link
mailed to the address and by ticking it on the page behind that link: whoever types somebody else's
address causes that one mail and no other. Only a browser recognised as the address's
(:mod:`comments.guests.recognition`) needs no confirmation.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.mail import address_proofs, mailboxes
from accounts.mail.mailboxes import Recipient
from accounts.models import Address, User
from accounts.text.email_normalization import email_key
from blog.models import Post
from comments.guests import recognition
from comments.models import Comment, Subscription

Rhythm = Subscription.Rhythm


class Subscriber(Recipient):
    """Whoever subscribes: an account, or a guest by their ``Address``."""

    def subscriptions(self) -> QuerySet[Subscription]:
        return Subscription.objects.filter(follower=self.key)


def subscribers(keys: Iterable[str]) -> dict[str, Subscriber]:
    """Return ``{key: subscriber}`` of those that still exist, in two queries."""
    pks = {kind: [int(key[1:]) for key in keys if key[:1] == kind] for kind in "ua"}
    users, addresses = User.objects.in_bulk(pks["u"]), Address.objects.in_bulk(pks["a"])
    found = [*(Subscriber(user=each) for each in users.values())]
    found += [Subscriber(address=each) for each in addresses.values()]
    return {each.key: each for each in found}


@dataclass(frozen=True)
class SubscriptionRequest:
    """What to subscribe to: replies to ``comment``, all comments on ``post``, or (neither) all.

    ``discreet``: whether the mails name nobody and nothing.
    """

    post: Post | None = None
    comment: Comment | None = None
    rhythm: str = Rhythm.AT_ONCE
    discreet: bool = True

    @property
    def target(self) -> dict[str, Any]:
        if self.comment:
            return {"comment": self.comment}
        return {"post": self.post} if self.post else {"post": None, "comment": None}

    def key(self, subscriber: Subscriber) -> str:
        if self.comment:
            return f"{subscriber.key} c{self.comment.pk}"
        return f"{subscriber.key} p{self.post.pk}" if self.post else f"{subscriber.key} all"


def subscribe_account(user: User, wanted: SubscriptionRequest) -> None:
    """Subscribe an account; a request for the same target replaces the one before.

    The latest choice of discreet mails holds for all their mails. After stopping all mails, only
    the new subscription counts.
    """
    subscriber, now = Subscriber(user=user), timezone.now()
    with transaction.atomic():
        if email := subscriber.email:
            _begin_anew(subscriber, address_proofs.mail_stopped_at(email))
            address_proofs.resume_mail(email)
        subscriber.set_discreet(wanted.discreet)
        _store(subscriber, wanted, user=user, confirmed_at=now)


def subscribe_guest(
    email: str, wanted: SubscriptionRequest, own: Collection[int] = frozenset()
) -> bool:
    """Subscribe a guest, asking for confirmation by mail; return whether it is active at once.

    ``own`` are the keys of comments that their browser wrote. Raises ValidationError for an
    invalid address.
    """
    with transaction.atomic():
        known = recognition.recognised_address(own, email)
        subscriber = Subscriber(address=known or address_proofs.get_or_create_address(email))
        _begin_anew(subscriber, subscriber.address.stopped_at)
        if known and not known.stopped_at:
            subscriber.set_discreet(wanted.discreet)
            _store(subscriber, wanted, address=known, confirmed_at=timezone.now())
            return True
        _store_pending(subscriber, wanted)
        address_proofs.request_proof(subscriber.address, again=True)
    return False


def _begin_anew(subscriber, stopped_at):
    """Delete subscriptions from before all mails were stopped: a new one does not revive them."""
    if stopped_at:
        subscriber.subscriptions().filter(created_at__lte=stopped_at).delete()


def _store(subscriber, wanted, **values):
    fields = {"rhythm": wanted.rhythm, "discreet": wanted.discreet, "refused_at": None}
    fields |= {**wanted.target, **values}
    Subscription.objects.update_or_create(
        key=wanted.key(subscriber), defaults={"follower": subscriber.key, **fields}
    )


def _store_pending(subscriber, wanted):
    """Store an unconfirmed subscription. A stranger cannot change an existing one."""
    same = Subscription.objects.filter(key=wanted.key(subscriber))
    if same.filter(confirmed_at__isnull=False).exists():
        return
    if pending := same.waiting().first():
        discreet = wanted.discreet or pending.discreet
        wanted = replace(wanted, rhythm=pending.rhythm, discreet=discreet)
    _store(subscriber, wanted, address=subscriber.address, created_at=timezone.now())


def next_url(address: Address) -> str | None:
    """Return the path of the page that confirms this address's subscriptions, if any are pending.

    One of ``settings.ADDRESS_VERIFIED_HOOKS``. The mailed link alone confirms none: anybody may
    have typed the address.
    """
    return recognition.page_path(address) if pending_subscriptions(address).exists() else None


def pending_subscriptions(address: Address) -> QuerySet[Subscription]:
    """Return the unconfirmed subscriptions of this address, the newest first."""
    rows = address.followings.waiting().select_related("post", "comment__post")
    return rows.order_by("-created_at", "-pk")


def is_from_this_browser(subscription: Subscription, own: Collection[int]) -> bool:
    """Return whether this browser wrote the subscribed comment, with the same address.

    ``own`` are the keys of comments that it wrote.
    """
    comment = subscription.comment
    if not comment or comment.pk not in own:
        return False
    return email_key(comment.email) == subscription.address.key


def confirm(address: Address, keys: Iterable[int], discreet: bool) -> int:
    """Confirm those of these pending subscriptions that are the address's; return how many.

    For somebody who has just verified the address in this browser. ``discreet`` is their choice for
    all their mails, whatever was requested before.
    """
    with transaction.atomic():
        count = address.followings.waiting().filter(pk__in=keys).update(confirmed_at=timezone.now())
        if count:
            Subscriber(address=address).set_discreet(discreet)
    return count


def prefers_open_mails(address: Address) -> bool:
    """Return whether the owner of an address chose mails that are not discreet before."""
    follows = address.followings.filter(confirmed_at__isnull=False).exists()
    return follows and not address.discreet


def unsubscribe(subscriber: Subscriber, keys: Iterable[int] | None = None) -> None:
    """End these subscriptions (keys) of a subscriber, or all; pending mails are not sent."""
    own = subscriber.subscriptions()
    (own if keys is None else own.filter(pk__in=keys)).delete()


def end_subscriptions(keys: Iterable[str]) -> None:
    """End all subscriptions of these recipient keys. One of ``settings.UNSUBSCRIBE_HOOKS``."""
    Subscription.objects.filter(follower__in=keys).delete()


def mark_refused(email: str, at: datetime | None) -> None:
    """Mark the subscriptions of a mailbox that refuses mails. One of ``settings.REFUSAL_HOOKS``."""
    own = Subscription.objects.filter(follower__in=mailboxes.recipient_keys_at(email))
    own.mark_refused(at)


def is_refused(address: int) -> bool:
    """Return whether the mailbox of this ``Address`` (its key) refuses the mails it wished for."""
    return Subscription.objects.filter(address=address, refused_at__isnull=False).exists()


def end_for_writer(comment: Comment) -> None:
    """End the writer's own subscription to a comment they disown, so that no mail links them to it.

    ``comment`` is as it was before.
    """
    own = Q(user=comment.user_id) if comment.user_id else Q()
    if comment.email:  # also of a comment claimed by an account later
        own |= Q(address__email__iexact=comment.email)
    if own:
        Subscription.objects.filter(own, comment=comment.pk).delete()


def subscription_of(
    user: User, post: Post | None = None, comment: Comment | None = None
) -> Subscription | None:
    """Return an account's subscription to this target, or None."""
    key = SubscriptionRequest(post=post, comment=comment).key(Subscriber(user=user))
    return Subscription.objects.filter(key=key).first()
