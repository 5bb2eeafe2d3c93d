"""Helpers for notification tests: run due work, read mails, follow their links."""

import re

from accounts.mail import address_proofs
from accounts.models import Address
from comments.models import Subscription
from comments.subscriptions import fan_out
from comments.subscriptions.subscribe import SubscriptionRequest, subscribe_account
from config import due_work
from tests.accounts.smtp_server import html_of, text_of

LINK = re.compile(r"http://localhost(/m/[\w-]+/)")


def run_due():
    """Do all due work, as the worker beside the server does."""
    assert due_work.do_due() == []


def verified(email="ada@example.org", *, discreet=False, **fields):
    """Return the ``Address`` of a guest, verified long ago."""
    address = address_proofs.get_or_create_address(email)
    fields = {"verified_at": "2020-01-01 12:00Z", "discreet": discreet, **fields}
    Address.objects.filter(pk=address.pk).update(**fields)
    address.refresh_from_db()
    return address


def follows(who, rhythm=Subscription.Rhythm.AT_ONCE, *, discreet=False, **what):
    """Subscribe an account or a verified ``Address`` to a post, a comment or else to everything."""
    wish = SubscriptionRequest(rhythm=rhythm, discreet=discreet, **what)
    if not isinstance(who, Address):
        subscribe_account(who, wish)
        return
    from comments.subscriptions.subscribe import Subscriber

    follower = Subscriber(address=who)
    Subscription.objects.create(
        key=wish.key(follower),
        follower=follower.key,
        address=who,
        rhythm=rhythm,
        discreet=discreet,
        confirmed_at="2020-01-01 12:00Z",
        **what,
    )


def links_in(mail):
    """Return the paths of all our links in the plain text of a mail, in order."""
    return LINK.findall(text_of(mail))


def one_click(mail):
    """Return the path of the one-click unsubscribe link of a mail."""
    return re.fullmatch(r"\s*<http://localhost(/m/[^<>]+)>", mail["List-Unsubscribe"])[1]


def everything_in(mail):
    """Return all that a mail shows: its headers and both parts, without addresses."""
    ours = {"Received", "X-Peer", "X-MailFrom", "X-RcptTo"}
    heads = [f"{name}: {value}" for name, value in mail.items() if name not in ours]
    return "\n".join([*heads, text_of(mail), html_of(mail)])


def evening(moment):
    """Return when the next daily digest after a moment is sent."""
    return fan_out.next_digest(Subscription.Rhythm.DAILY, moment)
