"""An account claims comments written earlier as a guest; readers see no difference."""

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup

from accounts.models import Address
from comments.guests import account_claims, receipt_tokens
from comments.models import Comment
from comments.moderation import decisions
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import say, stored
from tests.comments.http import articles, reply_url, soup, visit
from tests.comments.mail import verified
from tests.house.budgets import forget_all_pages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.guests.recognition")]
CLAIMING = "/account/claiming/"
LINK = "w" * 43


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.fixture
def hers(post):
    """A comment that bob wrote as a guest named Wren, under an address verified then."""
    return say(post, verified_address=verified("bob@example.org"), email="bob@example.org")


def claim(client, *comments):
    return client.post(CLAIMING, {"comment": [comment.pk for comment in comments]})


def with_link(comment):
    """Give a comment a private link and return the address of its receipt."""
    Comment.objects.filter(pk=comment.pk).update(
        receipt=receipt_tokens.hashed(LINK), receipt_made_at="2999-01-01 12:00Z"
    )
    return f"/comments/{comment.pk}/receipt/{LINK}/"


def test_each_comment_is_shown_with_its_text_and_none_is_ticked(signed_in, bob, post, hers):
    other = say(post, body="Another evening.", verified_address=hers.verified_address)
    page = soup(signed_in(bob).get(CLAIMING))
    boxes = page.select("input[type=checkbox]")
    assert {box["value"] for box in boxes} == {str(hers.pk), str(other.pk)}
    assert not any(box.has_attr("checked") for box in boxes)
    assert "Another evening." in page.text


def test_only_ticked_comments_are_claimed(signed_in, bob, post, hers):
    other = say(post, verified_address=hers.verified_address)
    assert "now in your account" in claim(signed_in(bob), hers).text
    assert stored(hers).user == bob
    assert stored(other).user is None
    assert f"/comments/{hers.pk}/receipt/" in signed_in(bob).get("/account/comments/").text
    nothing = signed_in(bob).post(CLAIMING, {})
    assert "Please tick at least one." in nothing.text


def test_opening_the_page_claims_nothing(signed_in, bob, hers):
    signed_in(bob).get(CLAIMING)
    assert stored(hers).user is None


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_readers_see_no_difference_even_if_the_author_claims(request, client, signed_in, post, who):
    user = request.getfixturevalue(who)
    type(user).objects.filter(pk=user.pk).update(is_public=True)
    written = say(post, verified_address=verified(user.email), email=user.email)
    addresses = [
        post.get_absolute_url(),
        f"{post.get_absolute_url()}?order=author",
        "/comments/feed/",
        f"/comments/{written.pk}/thread/",
        f"/people/{who}/",
    ]
    before = [client.get(address).content for address in addresses]
    claim(signed_in(user), written)
    client.logout()
    assert stored(written).user == user
    forget_all_pages()
    assert [client.get(address).content for address in addresses] == before
    assert "Wren" in client.get(reply_url(written)).text
    assert user.name not in visit(client, post.get_absolute_url()).select_one("#comments").text


def test_a_claimed_comment_keeps_its_own_avatar(client, signed_in, bob, post, hers):
    own = say(post, user=bob, name="")
    claim(signed_in(bob), hers)
    client.logout()
    found = articles(visit(client, post.get_absolute_url()))
    pictures = {key: tag.select_one("img")["src"] for key, tag in found.items()}
    assert pictures[hers.pk] != pictures[own.pk]


def test_a_typed_an_imported_and_an_unverified_address_show_nothing(signed_in, bob, post):
    say(post, email="bob@example.org")
    say(post, email="bob@example.org", source="wordpress:https://old.example.org", source_id="7")
    unverified = Address.objects.create(email="bob@example.org", key="bob@example.org")
    held = say(post, verified_address=unverified, email="bob@example.org")
    assert "There are no more guest comments" in signed_in(bob).get(CLAIMING).text
    assert claim(signed_in(bob), *Comment.objects.all()).status_code == 200
    assert not Comment.objects.filter(user=bob).exists()
    assert stored(held).user is None


def test_comments_under_an_address_the_account_has_not_verified_cannot_be_claimed(
    person, signed_in, hers
):
    carol = person("carol")
    EmailAddress.objects.create(user=carol, email="Bob@example.org", verified=False)
    claim(signed_in(carol), hers)
    assert stored(hers).user is None
    assert "There are no more guest comments" in signed_in(carol).get(CLAIMING).text


@pytest.mark.parametrize(
    ("typed", "owned", "is_hers"),
    [
        ("Ada@Example.org", "ada@example.org", True),
        ("ada@zoe\u0308.example", "ada@zo\u00eb.example", True),
        ("ada@zo\u00eb.example", "ADA@xn--zo-ija.example", True),
        ("ada@ada.example", "ada@\u0430da.example", False),
        ("ada+blog@example.org", "ada@example.org", False),
    ],
    ids=["case", "unicode form", "idna", "cyrillic a", "plus"],
)
def test_comments_under_another_spelling_of_the_address_can_be_claimed(
    person, signed_in, post, typed, owned, is_hers
):
    carol = person("carol", verified=False)
    EmailAddress.objects.create(user=carol, email=owned, verified=True)
    written = say(post, verified_address=verified(typed))
    claim(signed_in(carol), written)
    assert (stored(written).user == carol) is is_hers


def test_signed_out_visitors_are_sent_to_sign_in(client, hers):
    answer = claim(client, hers)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    assert stored(hers).user is None


def test_invalid_keys_are_ignored(signed_in, bob, hers):
    sent = {"comment": ["x", "-1", "9" * 30, "", "²", str(hers.pk + 1000)]}
    assert signed_in(bob).post(CLAIMING, sent).status_code == 200
    assert stored(hers).user is None


def test_disowned_and_deleted_comments_cannot_be_claimed(signed_in, bob, post, hers):
    gone = say(post, verified_address=hers.verified_address)
    own_comments.disown(hers.pk)
    own_comments.withdraw(gone.pk)
    claim(signed_in(bob), hers, gone)
    assert not Comment.objects.filter(user=bob).exists()


def test_of_two_accounts_the_first_claims_a_comment(person, signed_in, bob, hers):
    """Both with the mailbox: one found the row claimable before the other took it."""
    carol = person("carol")
    EmailAddress.objects.create(user=carol, email="b@example.org", verified=True)
    among = Comment.objects.filter(user=None)
    assert account_claims.claim_one(bob, hers.pk, among)
    assert not account_claims.claim_one(carol, hers.pk, among)
    assert stored(hers).user == bob


def test_a_claimed_comment_can_be_disowned_and_then_names_nobody(signed_in, bob, post, hers):
    claim(signed_in(bob), hers)
    signed_in(bob).post(f"/comments/{hers.pk}/receipt/disowning/")
    row = stored(hers)
    assert (row.user, row.claimed_at, row.name, row.email) == (None, None, "", "")


def test_the_private_link_is_enough_where_no_address_was_verified(signed_in, bob, post):
    written = say(post, email="typed@example.org")
    address = with_link(written)
    page = soup(signed_in(bob).get(address))
    assert page.select_one("a[href='claiming/']")
    assert signed_in(bob).get(f"{address}claiming/").status_code == 200
    assert stored(written).user is None
    assert signed_in(bob).post(f"{address}claiming/").status_code == 302
    assert stored(written).user == bob
    assert stored(written).writer_name == "Wren"
    assert signed_in(bob).post(f"{address}claiming/").status_code == 404


def test_the_private_link_does_not_override_somebody_elses_verified_address(signed_in, bob, post):
    written = say(post, verified_address=verified("ada@example.org"))
    address = with_link(written)
    assert "claiming/" not in str(soup(signed_in(bob).get(address)))
    assert signed_in(bob).post(f"{address}claiming/").status_code == 404
    assert stored(written).user is None


def test_a_guest_or_a_wrong_link_claims_nothing(client, signed_in, bob, post):
    written = say(post)
    address = with_link(written)
    assert client.post(f"{address}claiming/").status_code == 404
    assert "claiming/" not in client.get(address).text
    assert signed_in(bob).post(address.replace("w" * 43, "v" * 43) + "claiming/").status_code == 404
    assert stored(written).user is None


def test_a_removed_comment_can_be_claimed_too(signed_in, bob, mia, hers):
    decisions.decide([hers.pk], "remove", mia)
    claim(signed_in(bob), hers)
    assert (stored(hers).user, stored(hers).status) == (bob, Status.REMOVED)


def test_the_list_of_ones_comments_links_to_the_page(signed_in, bob):
    page = signed_in(bob).get("/account/comments/")
    assert BeautifulSoup(page.content, "html.parser").select_one(f"a[href='{CLAIMING}']")
