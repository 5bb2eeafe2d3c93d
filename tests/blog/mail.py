"""Helpers for newsletter tests: subscribe people, tick posts, run the worker."""

from django.utils import timezone

from accounts.mail.mailboxes import Recipient
from accounts.models import Address
from blog.models import Subscription
from blog.newsletter import subscribe
from tests.comments.mail import run_due, verified

AT_ONCE, WEEKLY = Subscription.Rhythm.AT_ONCE, Subscription.Rhythm.WEEKLY


def reads(who="ada@example.org", rhythm=AT_ONCE, *, discreet=False):
    """Subscribe an account, or a guest's verified address, to new posts; return the mailbox."""
    if isinstance(who, str):
        who = verified(who, discreet=discreet)
    is_guest = isinstance(who, Address)
    mailbox = Recipient(address=who) if is_guest else Recipient(user=who)
    subscribe.save_preferences(mailbox, rhythm, discreet)
    return mailbox


def many(count, rhythm=AT_ONCE):
    """Subscribe so many guests to new posts; return their addresses."""
    emails = [f"reader{number:04}@example.org" for number in range(count)]
    now = timezone.now()
    people = Address.objects.bulk_create(
        Address(email=each, key=each, verified_at=now, discreet=False) for each in emails
    )
    Subscription.objects.bulk_create(
        Subscription(subscriber=f"a{each.pk}", address=each, rhythm=rhythm, confirmed_at=now)
        for each in people
    )
    return emails


__all__ = ["AT_ONCE", "WEEKLY", "many", "reads", "run_due"]
