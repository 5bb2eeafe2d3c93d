"""Known guests: an address verified in the writing browser, with an approved comment."""

from datetime import timedelta

import pytest
from django.test import Client

from comments.models import Comment, ModerationAction
from comments.moderation import decisions
from comments.posting import own_comments
from comments.tree.status import Status
from tests.accounts.smtp_server import text_of
from tests.comments.factories import stored
from tests.comments.http import send
from tests.comments.mail import links_in, run_due, verified

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="first-timers")


@pytest.fixture
def browser(client):
    """Ada's browser."""
    return client


def write(browser, post, body="A quiet word.", **fields):
    """Send a comment as Ada and return it."""
    assert send(browser, post, body, email=ADA, **fields).status_code == 302
    return Comment.objects.latest("pk")


def confirm(browser, comment, post_office):
    """Ask for the proof mail on the receipt, and confirm it in this browser."""
    browser.post(f"/comments/{comment.pk}/receipt/proof/")
    return press(browser, post_office)


def press(browser, post_office):
    """Press the button in the newest mail, and the one on the page that it leads to."""
    run_due()
    (path,) = links_in(post_office.mails[-1])
    answer = browser.post(path)
    if answer.status_code == 302:
        assert browser.get(answer["Location"]).status_code == 200
        browser.post(answer["Location"])
    return answer


@pytest.fixture
def known(browser, post, mia, post_office):
    """Ada's browser, with an approved first comment and an address verified in it."""
    first = write(browser, post)
    confirm(browser, first, post_office)
    decisions.decide([first.pk], "approve", mia)
    return first


def test_a_known_guests_comment_is_not_held(browser, post, known):
    second = write(browser, post, "A second word.")
    assert second.status == Status.APPROVED
    assert Comment.objects.filter(pk=second.pk).exclude(verified_address=None).exists()


def test_the_order_of_proof_and_approval_does_not_matter(browser, post, mia, post_office):
    first = write(browser, post)
    decisions.decide([first.pk], "approve", mia)
    assert write(browser, post, "Not verified yet.").status == Status.PENDING
    confirm(browser, first, post_office)
    assert write(browser, post, "Verified.").status == Status.APPROVED


def test_a_proof_without_an_approved_comment_is_not_enough(browser, post, post_office):
    first = write(browser, post)
    confirm(browser, first, post_office)
    assert stored(first).status == Status.PENDING
    assert write(browser, post, "Another.").status == Status.PENDING


def test_typing_the_address_of_a_known_guest_gains_nothing(browser, post, known):
    stranger = Client()
    false = write(stranger, post, "I am Ada.")
    assert false.status == Status.PENDING
    assert not Comment.objects.filter(pk=false.pk).exclude(verified_address=None).exists()


def test_the_known_guests_own_press_does_not_publish_a_strangers_comment(
    browser, post, known, post_office, time_machine
):
    time_machine.shift(timedelta(days=1))
    stranger = Client()
    false = write(stranger, post, "I am Ada.")
    # Ada gets a mail, believes that it is about a comment of hers, and presses everything.
    press(browser, post_office)
    assert stored(false).status == Status.PENDING
    assert write(stranger, post, "Still Ada.").status == Status.PENDING
    assert not Comment.objects.filter(pk=false.pk).exclude(verified_address=None).exists()


def test_a_forged_cookie_is_no_proof(post, known):
    stranger = Client()
    stranger.cookies["hearth_writer"] = f"{known.pk}:1abc:forged"
    assert write(stranger, post, "I am Ada.").status == Status.PENDING


def test_another_address_in_the_same_browser_is_not_known(browser, post, known):
    send(browser, post, "Under another one.", email="bea@example.org")
    assert Comment.objects.latest("pk").status == Status.PENDING
    send(browser, post, "Under none.")
    assert Comment.objects.latest("pk").status == Status.PENDING


def test_in_a_new_browser_a_proof_by_mail_publishes_the_comment(
    post, known, post_office, time_machine
):
    time_machine.shift(timedelta(days=1))
    new = Client()
    held = write(new, post, "From my phone.")
    assert held.status == Status.PENDING
    run_due()
    assert post_office.mails[-1]["Subject"] == "Please confirm your email address"
    assert "phone" not in text_of(post_office.mails[-1])
    press(new, post_office)
    assert stored(held).status == Status.APPROVED
    log = ModerationAction.objects.filter(comment=held, act="approve").get()
    assert (log.who, log.verdict) == (None, "verified-address")
    assert write(new, post, "And once more.").status == Status.APPROVED


def test_no_proof_is_asked_for_where_it_would_not_help(browser, post, post_office):
    verified(ADA)
    write(browser, post)
    run_due()
    assert post_office.mails == []


@pytest.mark.parametrize("change", [{"comment_mode": "moderated"}, {"comment_mode": "closed"}])
def test_a_proof_publishes_only_what_the_rules_allow(
    post, known, post_office, time_machine, change
):
    time_machine.shift(timedelta(days=1))
    new = Client()
    held = write(new, post, "From my phone.")
    type(post).objects.update(**change)
    press(new, post_office)
    assert stored(held).status == Status.PENDING


def test_a_comment_that_a_moderator_refused_is_not_published_by_a_proof(
    post, known, mia, post_office, time_machine
):
    time_machine.shift(timedelta(days=1))
    new = Client()
    held = write(new, post, "From my phone.")
    decisions.decide([held.pk], "spam", mia)
    press(new, post_office)
    assert stored(held).status == Status.SPAM


def test_an_approved_comment_that_was_removed_makes_nobody_known(browser, post, known, mia):
    decisions.decide([known.pk], "remove", mia)
    assert write(browser, post, "Again.").status == Status.PENDING


@pytest.mark.parametrize("act", [own_comments.withdraw, own_comments.disown])
def test_a_disowned_comment_makes_nobody_known(known, act):
    act(known.pk)
    assert not Comment.objects.exclude(verified_address=None).exists()


def test_a_known_guests_edit_stays_public(known, time_machine):
    own_comments.edit(known.pk, "Mended words.")
    assert stored(known).status == Status.APPROVED


def test_opening_the_page_proves_nothing_and_its_address_is_short_lived(
    browser, post, post_office, time_machine
):
    first = write(browser, post)
    browser.post(f"/comments/{first.pk}/receipt/proof/")
    run_due()
    where = browser.post(links_in(post_office.mails[0])[0])["Location"]
    page = browser.get(where)
    assert "One comment was written in this browser with this address." in page.text
    assert "Hearth" not in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert not Comment.objects.exclude(verified_address=None).exists()
    assert "written in this browser" not in Client().get(where).text
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = browser.cookies
    checked.cookies.pop("csrftoken", None)
    assert checked.post(where).status_code == 403
    assert not Comment.objects.exclude(verified_address=None).exists()
    time_machine.shift(16 * 60)
    assert browser.post(where).status_code == 404
    assert browser.get("/comments/proof/forged/").status_code == 404


def test_the_receipt_offers_the_proof_only_if_there_is_something_to_verify(browser, post, known):
    page = browser.get(f"/comments/{known.pk}/receipt/").text
    assert "Confirm your email address" not in page
    assert browser.get(f"/comments/{known.pk}/receipt/proof/").status_code == 404
    unverified = write(Client(), post)
    assert browser.get(f"/comments/{unverified.pk}/receipt/proof/").status_code == 404
    send(browser, post, "Under none.")
    nameless = Comment.objects.latest("pk")
    assert browser.get(f"/comments/{nameless.pk}/receipt/proof/").status_code == 404


def test_the_confirmation_path_is_no_longer_than_needed(browser, post, post_office):
    from accounts.mail import address_proofs

    address_proofs.request_proof(address_proofs.get_or_create_address(ADA))
    run_due()
    answer = browser.post(links_in(post_office.mails[0])[0])
    assert answer.status_code == 200
    assert "Your email address is confirmed" in answer.text
