"""A mailbox that refuses for good is left alone after three mails, and people can see it."""

import pytest

from accounts.mail import outbox
from accounts.models import Address, Mail
from blog.models import Subscription as Reader
from comments.models import Comment, Subscription
from comments.receipts.receipt import Receipt
from tests.blog.mail import reads
from tests.comments.factories import say
from tests.comments.http import send
from tests.comments.mail import follows, links_in, run_due, verified

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("accounts.mail.refusals")]
ADA, BOB = "ada@example.org", "bob@example.org"
GONE = "550 5.1.1 no such user"
LIST = "/account/following/"


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


@pytest.fixture(params=["account", "guest"])
def mailbox(request, bob):
    """The address of somebody who can follow: with an account, or a verified one of a guest."""
    return (BOB, bob) if request.param == "account" else (ADA, verified(ADA))


def tried(address):
    return Mail.objects.filter(to_address=address, attempts__gt=0).count()


def hear(client, post, times=1):
    for number in range(times):
        send(client, post, f"Words of a kind, the {Comment.objects.count()}.{number}.", name="Wren")
        run_due()


def test_a_mailbox_that_refuses_for_good_gets_three_mails_and_no_fourth(
    client, post, mailbox, post_office
):
    address, who = mailbox
    post_office.refused[address] = GONE
    follows(who, post=post)
    hear(client, post, 2)
    assert Subscription.objects.get().refused_at is None
    hear(client, post, 3)
    assert tried(address) == Mail.objects.filter(to_address=address).count() == 3
    assert Subscription.objects.get().refused_at


def test_what_waits_already_is_not_tried_either(client, post, bob, post_office):
    post_office.refused[BOB] = GONE
    follows(bob, post=post)
    for number in range(5):
        send(client, post, f"Words, the {number}.", name="Wren")
    run_due()
    mails = Mail.objects.filter(to_address=BOB)
    assert mails.filter(given_up_at__isnull=False).count() == 3
    assert mails.filter(dropped_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    "replies",
    [
        ["550 5.7.1 your network is on a list"] * 4,  # about the sender, not about the mailbox
        ["451 4.2.1 later"] * 4,
        [GONE, GONE, None, GONE],
    ],
)
def test_other_refusals_are_no_reason(client, post, bob, post_office, replies):
    follows(bob, post=post)
    for reply in replies:
        post_office.refused = {BOB: reply} if reply else {}
        hear(client, post)
    assert Subscription.objects.get().refused_at is None


def test_new_posts_are_not_sent_there_either(client, post, bob, post_office, published_post):
    reads(bob)
    follows(bob, post=post)
    post_office.refused[BOB] = GONE
    hear(client, post, 3)
    assert Reader.objects.get().refused_at
    published_post(by_mail=True)
    run_due()
    assert tried(BOB) == 3


def test_other_mailboxes_go_on(client, post, bob, post_office):
    follows(bob, post=post)
    follows(verified(ADA), post=post)
    post_office.refused[BOB] = GONE
    hear(client, post, 4)
    assert post_office.to() == [ADA] * 4


def refused(who, post):
    follows(who, post=post)
    Subscription.objects.update(refused_at="2030-05-01 12:00Z")


def test_its_owner_reads_it_in_the_account_and_lets_mails_come_again(
    client, post, bob, post_office
):
    refused(bob, post)
    reads(bob)
    Reader.objects.update(refused_at="2030-05-01 12:00Z")
    client.force_login(bob)
    for path in (LIST, "/posts/lake/following/", "/subscribe/"):
        page = client.get(path).content.decode()
        assert f"We’ve stopped sending emails to {BOB}" in page
        assert "Emails go to" not in page
        assert "Send emails again" in page
    client.post(LIST, {"following": "again"})
    assert Subscription.objects.get().refused_at is Reader.objects.get().refused_at is None
    assert "We’ve stopped sending emails to" not in client.get(LIST).content.decode()
    client.logout()
    hear(client, post)
    assert post_office.to() == [BOB]


@pytest.mark.parametrize("path", ["/posts/lake/following/", "/subscribe/"])
def test_a_new_wish_lets_mails_come_again(client, post, bob, path):
    refused(bob, post)
    client.force_login(bob)
    client.post(path, {"rhythm": "at-once"})
    assert Subscription.objects.get().refused_at is None


def test_a_guest_reads_it_beside_the_own_comment(client, post):
    address = verified(ADA)
    refused(address, post)
    comment = say(post, verified_address=address)
    assert Receipt.of(comment).mails_are_refused
    assert not Receipt.of(say(post)).mails_are_refused


def test_a_guest_who_confirms_the_address_gets_mails_again(client, post, post_office):
    refused(verified(ADA), post)
    client.post("/posts/lake/following/", {"email": ADA, "rhythm": "daily"})
    outbox.do_due()
    client.post(links_in(post_office.mails[-1])[0])
    assert Subscription.objects.get().refused_at is None
    assert Address.objects.get().verified_at


def test_the_owner_of_the_blog_sees_and_finds_it(client, owner, post, bob):
    refused(bob, post)
    reads(ADA)
    Reader.objects.update(refused_at="2030-05-01 12:00Z")
    client.force_login(owner)
    for table in ("comments", "blog"):
        path = f"/admin/{table}/subscription/"
        page = client.get(f"{path}?refused_at__isempty=0").content.decode()
        assert "1 May 2030" in page
        assert "1 May 2030" not in client.get(f"{path}?refused_at__isempty=1").content.decode()
