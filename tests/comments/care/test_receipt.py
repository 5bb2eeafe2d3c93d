"""The receipt of a comment in care: the help text, and what happens to a withdrawn text."""

import pytest
from django.test import Client

from comments.care import cases
from comments.care import help_text as care_help
from comments.models import ConversationSettings
from comments.models.hold_reasons import HoldReason
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.care_cases import (
    WORDS,
    case_of,
    change_settings,
    later,
    run_due,
    switch_on,
    worry,
)
from tests.comments.factories import say, stored
from tests.comments.http import soup, visit
from tests.comments.receipts.test_receipts import link_of

pytestmark = pytest.mark.django_db
OWN_TEXT = "Call **Somebody**, [0800 000](tel:0800-000), or [write](https://listen.example.org/)."


def block(client, comment):
    """Return the help text on the receipt of a comment, or None."""
    return soup(client.get(link_of(comment))).select_one("section.help")


@pytest.fixture
def comment(published_post):
    switch_on(care_help=OWN_TEXT)
    comment = say(published_post(), status=Status.PENDING, body=WORDS)
    worry(comment)
    return comment


@pytest.mark.parametrize("status", Status)
def test_the_receipt_shows_the_owners_help_text_in_every_status(client, published_post, status):
    switch_on(care_help=OWN_TEXT)
    comment = say(published_post(), body=WORDS, status=status)
    worry(comment)
    found = block(client, comment)
    assert found.select_one("strong").text == "Somebody"
    assert [a["href"] for a in found.select("a")] == ["tel:0800-000", "https://listen.example.org/"]
    assert found.h2


def test_the_help_text_stands_above_the_comment(client, comment):
    page = soup(client.get(link_of(comment)))
    order = [tag.name for tag in page.select("h1, section.help, blockquote.quoted")]
    assert order == ["h1", "section", "blockquote"]


def test_a_worry_of_others_shows_nothing_to_the_writer(client, published_post):
    switch_on(care_help=OWN_TEXT)
    comment = say(published_post(), body="A quiet word.")
    worry(comment)
    page = visit(client, link_of(comment))
    assert not page.select("section.help")
    for word in ("worried", "report", "care"):
        assert word not in page.main.text.casefold()


def test_the_help_text_stays_after_the_case_is_closed(client, comment, mia):
    cases.close_case(case_of(comment).pk, mia)
    with later(days=100):
        assert block(client, comment)


def test_nobody_else_sees_the_help_text(client, comment, published_post):
    other = say(published_post())
    assert block(client, other) is None
    assert Client().get(f"/comments/{comment.pk}/receipt/").status_code == 404


def test_a_script_in_the_help_text_is_shown_as_text(client, published_post):
    attack = (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> "
        '[a](javascript:alert(1)) [b](data:text/html,x) <tel:1"onclick=alert(1)>'
    )
    switch_on(care_help=attack)
    comment = say(published_post(), body=WORDS)
    worry(comment)
    found = block(client, comment)
    assert not found.select("script, img, [onerror], [onclick]")
    assert not [a for a in found.select("a") if a["href"].startswith(("javascript", "data"))]
    assert "<script>alert(1)</script>" in found.text


# -- the shipped text --------------------------------------------------------------------


def test_the_shipped_text_is_shown_until_the_owner_writes_another(client, published_post):
    switch_on()
    comment = say(published_post(), body=WORDS)
    worry(comment)
    words = " ".join(block(client, comment).text.split())
    assert "it may be some time before anyone reads it" in words
    assert "emergency services" in words


def test_the_shipped_text_names_no_number_and_links_nowhere():
    html = care_help.html(ConversationSettings())
    assert not any(char.isdigit() for char in html)
    assert "<a" not in html
    assert "!" not in html


def test_the_shipped_text_sent_back_unchanged_is_not_the_owners_own():
    shipped = str(care_help.SHIPPED)
    assert care_help.text_to_store(shipped.replace("\n", "\r\n") + "  \n") == ""
    assert care_help.text_to_store(shipped + "\n\nCall us.").endswith("Call us.")


# -- withdrawing -------------------------------------------------------------------------

KEPT = "Moderators can read it until one of them has looked at it"


def test_the_withdrawal_page_says_that_moderators_can_read_the_text_for_a_while(client, comment):
    page = visit(client, link_of(comment, "withdrawal/")).main.text
    assert KEPT in page
    assert "seven days" in page
    assert "deleted immediately" not in page


def test_the_receipt_says_so_until_the_text_is_deleted(client, comment, mia):
    private = link_of(comment)
    client.post(f"{private}withdrawal/")
    client.post(f"{private}withdrawal/")
    page = visit(client, private).main.text
    assert KEPT in page
    assert "The text was deleted." not in page
    assert WORDS not in page
    assert f"{case_of(comment).kept_until:%Y, %H:%M}" in page
    with later(days=7, minutes=1):
        run_due()
        page = visit(client, private).main.text
    assert KEPT not in page
    assert "The text was deleted." in page


def test_the_receipt_stops_saying_so_once_the_case_is_closed(client, comment, mia):
    private = link_of(comment)
    client.post(f"{private}withdrawal/")
    cases.close_case(case_of(comment).pk, mia)
    page = visit(client, private).main.text
    assert "The text was deleted." in page
    assert KEPT not in page


def test_other_withdrawn_comments_are_deleted_at_once_and_say_so(client, published_post):
    comment = say(published_post())
    private = link_of(comment)
    assert "deleted immediately" in visit(client, f"{private}withdrawal/").main.text
    client.post(f"{private}withdrawal/")
    assert "The text was deleted." in visit(client, private).main.text


def test_search_feeds_and_pages_lose_the_text_at_once(client, published_post):
    post = published_post()
    comment = say(post, body="A zither in the fog.")
    worry(comment)
    places = (post.get_absolute_url(), "/comments/feed/", "/search/?q=zither")
    assert "zither in the fog" in client.get(places[0]).text
    own_comments.withdraw(comment.pk)
    for place in places:
        assert "zither in the fog" not in client.get(place).text
    assert case_of(comment).kept_words == "A zither in the fog."
    assert stored(comment).body_html == ""


def test_proving_an_address_does_not_publish_a_comment_in_care(
    published_post,
):
    """A proof releases comments held because their writer was new, but never this one."""
    from accounts.mail.address_proofs import get_or_create_address
    from accounts.models import Address
    from comments.guests import recognition

    post = published_post(comment_mode="first-timers")
    address = get_or_create_address("ada@example.org")
    Address.objects.filter(pk=address.pk).update(verified_at="2020-01-01 12:00Z")
    address.refresh_from_db()
    say(post, email="ada@example.org", verified_address=address)
    waits = {"status": Status.PENDING, "held_because": HoldReason.FIRST}
    held, free = (say(post, email="ada@example.org", **waits) for _ in range(2))
    worry(held)
    recognition.claim_comments(address, {held.pk, free.pk})
    assert stored(held).status == Status.PENDING
    assert stored(free).status == Status.APPROVED


def test_with_care_off_there_is_no_help_text_but_worries_still_count(client, published_post):
    switch_on(care_help=OWN_TEXT)
    change_settings(care_on=False)
    comment = say(published_post(), body=WORDS)
    worry(comment)
    assert block(client, comment) is None
    assert case_of(comment)
