"""The mail with a link to a receipt: to a verified address only, and naming nothing."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.mail import address_proofs, outbox
from accounts.models import Address, Mail
from comments.guests import emails, receipt_tokens
from comments.models import Comment
from comments.posting import own_comments
from tests.comments.factories import say
from tests.comments.http import send, soup, visit
from tests.comments.receipts.test_receipts import link_of, own

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.guests.emails")]
LINK = re.compile(r"/m/[\w-]+/")


@pytest.fixture
def verified(published_post):
    """A comment by a guest with a verified address."""
    address = address_proofs.get_or_create_address("wren@example.org")
    Address.objects.filter(pk=address.pk).update(verified_at=timezone.now())
    return say(published_post(title="The lake"), verified_address=address, body="Only for readers.")


def arrived():
    outbox.do_due()
    return mail.outbox


def test_a_guest_with_a_verified_address_gets_a_link_that_opens_the_receipt(client, verified):
    address = link_of(verified)
    assert soup(client.get(address)).select_one('a[href="mailing/"]')
    assert "your verified address" in client.get(f"{address}mailing/").text
    assert not Mail.objects.exists()
    assert "on its way" in client.post(f"{address}mailing/").text
    (letter,) = arrived()
    assert letter.to == ["wren@example.org"]
    path = LINK.search(letter.body)[0]
    page = soup(Client().get(path))
    assert "wren" not in page.text.casefold()
    receipt = visit(Client(), Client().post(path)["Location"])
    assert "Your comment is public." in receipt.h1.text
    assert client.get(address).status_code == 404  # one private link at a time


def test_the_mail_names_nobody_and_nothing(client, verified, settings):
    settings.DEFAULT_FROM_EMAIL = "The quiet blog <blog@example.org>"
    client.post(link_of(verified, "mailing/"))
    (letter,) = arrived()
    whole = letter.message().as_string()
    for secret in ("Wren", "The lake", "Only for readers.", "The quiet blog", "/comments/"):
        assert secret not in whole
    assert len(letter.alternatives) == 1


def test_opening_the_link_changes_nothing_and_it_can_be_used_again(client, verified):
    client.post(link_of(verified, "mailing/"))
    path = LINK.search(arrived()[0].body)[0]
    before = Comment.objects.filter(pk=verified.pk).values().get()
    client.get(path)
    client.head(path)
    assert Comment.objects.filter(pk=verified.pk).values().get() == before
    for _ in range(2):
        assert client.get(client.post(path)["Location"]).status_code == 200


def test_one_mail_a_day_at_most_is_sent(client, verified, time_machine):
    time_machine.move_to(timezone.now().replace(hour=12))
    address = link_of(verified, "mailing/")
    for _ in range(3):
        client.post(address)
    assert Mail.objects.count() == 1
    time_machine.shift(24 * 3600)
    client.post(address)
    assert Mail.objects.count() == 2


def test_an_account_gets_the_mail_at_its_verified_address(signed_in, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    signed_in(bob).post(own(comment, "mailing/"))
    assert arrived()[0].to == [bob.email]
    path = LINK.search(mail.outbox[0].body)[0]
    assert "Your comment is public." in visit(Client(), Client().post(path)["Location"]).h1.text


def test_an_unverified_address_gets_no_mail(client, person, signed_in, published_post):
    post = published_post()
    send(client, post, email="wren@example.org")
    guest = Comment.objects.get()
    address_proofs.get_or_create_address("wren@example.org")
    Address.objects.update(verified_at=timezone.now())  # by somebody, some day
    carol = person("carol", verified=False)
    hers = say(post, user=carol, name="")
    for reader, comment in ((client, guest), (signed_in(carol), hers)):
        assert not soup(reader.get(own(comment))).select('a[href="mailing/"]')
        assert reader.post(own(comment, "mailing/")).status_code == 404
    assert not Mail.objects.exists()


def test_nothing_is_mailed_after_a_stop_or_once_the_comment_is_deleted(client, verified):
    address = link_of(verified, "mailing/")
    client.post(address)
    Address.objects.update(stopped_at=timezone.now())
    assert not arrived()
    assert client.post(address).status_code == 404
    Address.objects.update(stopped_at=None)
    with_link = link_of(verified, "mailing/")
    Mail.objects.all().delete()
    client.post(with_link)
    path = LINK.search(arrived()[0].body)[0]
    Comment.objects.purge(verified)
    assert "There’s nothing here anymore." in client.post(path).text


def test_nobody_else_can_have_the_link_mailed(client, signed_in, alice, verified):
    for reader in (client, signed_in(alice)):
        assert reader.post(own(verified, "mailing/")).status_code == 404
    assert not Mail.objects.exists()


@pytest.mark.parametrize("act", [own_comments.disown, own_comments.withdraw])
def test_the_outbox_does_not_store_whose_comment_it_was(verified, time_machine, act):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    verified.verified_address.refresh_from_db()
    other = say(verified.post, verified_address=verified.verified_address)
    for comment in (verified, other):
        emails.send_receipt(comment)
    assert len(arrived()) == 2
    time_machine.shift(86_400)
    emails.send_receipt(verified)
    act(verified.pk)
    kept = Mail.objects.order_by("pk").values_list("to_address", "arguments")
    assert [*kept] == [("", {}), ("wren@example.org", {"comment": other.pk})]
    assert len(arrived()) == 2


@pytest.fixture
def mailed(client, verified):
    """The path of the link in a mail requested on the receipt."""
    client.post(link_of(verified, "mailing/"))
    return LINK.search(arrived()[0].body)[0]


def is_over(path):
    return "There’s nothing here anymore." in Client().post(path).text


def test_a_new_private_link_ends_the_mailed_one(client, verified, mailed):
    kept = link_of(verified)
    assert is_over(mailed)
    assert client.get(kept).status_code == 200


def test_a_new_private_link_ends_a_used_mailed_one_too(client, verified, mailed):
    first = Client().post(mailed)["Location"]
    Client().post(f"{first}renewal/")
    before = Comment.objects.filter(pk=verified.pk).values().get()
    assert is_over(mailed)
    assert Comment.objects.filter(pk=verified.pk).values().get() == before


def test_a_mailed_link_opens_nothing_once_the_receipt_link_is_erased(verified, mailed):
    receipt_tokens.forget(Comment.objects.all())
    assert is_over(mailed)
    assert Comment.objects.get().receipt is None


def test_nothing_is_mailed_if_the_receipt_link_was_erased_meanwhile(client, verified):
    client.post(link_of(verified, "mailing/"))
    receipt_tokens.forget(Comment.objects.all())
    assert not arrived()


def test_the_private_link_shows_no_address(client, signed_in, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    address = link_of(comment, "mailing/")
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 200
        assert bob.email not in response.text
    assert bob.email in signed_in(bob).get(own(comment, "mailing/")).text
