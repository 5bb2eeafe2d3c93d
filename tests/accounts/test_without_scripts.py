"""Account pages and pages for guests work without JavaScript."""

import zipfile
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from accounts.mail import address_proofs, links
from accounts.models import Address, ErasureRequest
from comments.models import Comment
from tests.accounts.smtp_server import text_of
from tests.comments.factories import say
from tests.comments.mail import links_in, run_due, verified
from tests.conftest import PASSWORD
from tests.http import PlainBrowser, path_of

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
WORDS = "I read this by the window – twice 🌱"


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


def read_in_archive(reader):
    """Wait for the archive that was asked for, download it, and return its page."""
    assert any("is being created" in each for each in reader.shown("[role=status]"))
    run_due()
    reader.follow("Check again")
    assert any("is ready" in each for each in reader.shown("[role=status]"))
    address = reader.link("Download archive")["href"]
    answer = reader.client.get(path_of(address))
    assert ".zip" in answer["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(b"".join(answer))) as archive:
        return archive.read("index.html").decode()


def test_an_address_is_confirmed_with_one_press(post):
    address = address_proofs.get_or_create_address(ADA)
    path = links.make_link("prove", address=address).removeprefix("http://localhost")
    reader = PlainBrowser(path)
    assert len(reader.all("button")) == 1
    reader.press("Confirm")
    assert reader.heading == "Your email address is confirmed"
    assert Address.objects.get().verified_at
    assert not reader.cookies
    assert reader.goto(path).heading == "This link no longer works"


def test_no_page_promises_a_passkey():
    reader = PlainBrowser("/account/login/")
    assert "Passkeys need JavaScript, which is turned off in this browser." in reader.text
    assert not any("Use a passkey" in each for each in reader.shown("button"))


def test_a_guest_asks_for_an_archive_by_mail_and_reads_it(post, post_office):
    above = say(post, name="Wren", body="What do you do on rainy days?")
    say(post, above, name="Ada", body=WORDS, verified_address=verified(ADA), email=ADA)
    guest = PlainBrowser("/privacy/archive/")
    guest.fill("Email", "aDA@example.org")
    guest.press("Send email")
    assert guest.heading == "Check your inbox"
    run_due()
    (mail,) = post_office.mails
    assert "Wren" not in text_of(mail)
    guest.goto(links_in(mail)[0])
    guest.press("Show my choices")
    assert "What you can do" in guest.text
    guest.press("Create my archive")
    archive = read_in_archive(guest)
    assert WORDS in archive
    assert "What do you do on rainy days?" in archive
    assert "Wren" not in archive
    assert "no longer works" in guest.goto(links_in(mail)[0]).heading


def test_an_account_claims_a_comment_asks_for_an_archive_and_reads_it(post, bob):
    address = verified("bob@example.org")
    first = say(post, name="Wren", body=WORDS, verified_address=address)
    other = say(post, name="Wren", body="Somebody else at my desk.", verified_address=address)
    reader = PlainBrowser("/account/comments/", user=bob)
    reader.follow("Find your guest comments")
    boxes = reader.all("main [type=checkbox]")
    assert [each.has_attr("checked") for each in boxes] == [False, False]
    reader.check(WORDS)
    reader.press("Add to my account")
    assert any("now in your account" in each for each in reader.shown("[role=status]"))
    assert Comment.objects.get(user=bob) == first
    assert Comment.objects.get(user=None) == other
    reader.follow("Your data")
    assert reader.heading == "Download your data"
    reader.press("Create my archive")
    assert reader.heading == "Confirm it’s you"
    reader.fill("Your password", PASSWORD)
    reader.press("Continue")
    archive = read_in_archive(reader)
    assert WORDS in archive
    assert "bob@example.org" in archive


def test_an_erasure_can_be_undone_by_mail_and_is_final_after_a_day(post, bob, post_office):
    comment = say(post, name="", user=bob, body="I still set out two cups.")
    say(post, comment, name="Wren", body="So do I.")

    def is_read():
        words = PlainBrowser("/posts/lake/").text
        assert "So do I." in words
        return "I still set out two cups." in words

    leaving = PlainBrowser("/account/leave/", user=bob)
    assert leaving.heading == "Three ways to leave"
    leaving.follow("Erase everything")
    leaving.fill("Your password", PASSWORD)
    leaving.press("Continue")
    leaving.press("Erase everything")
    assert leaving.heading == "You’re leaving"
    assert not is_read()
    run_due()
    (mail,) = post_office.mails
    stranger = PlainBrowser(links_in(mail)[0])
    stranger.press("Keep everything")
    assert stranger.heading == "Done"
    assert is_read()
    # The second time, nobody takes it back.
    leaving.goto("/account/leave/everything/")
    leaving.press("Erase everything")
    assert leaving.heading == "You’re leaving"
    ErasureRequest.objects.update(due_at=timezone.now())
    run_due()
    assert not is_read()
    assert not get_user_model().objects.filter(username="bob").exists()
    assert Comment.objects.get(pk=comment.pk).body == ""
    assert leaving.goto("/account/leave/").url.startswith("/account/login/")
