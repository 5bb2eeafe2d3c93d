"""Generated avatars: the same for the same person, different for equal names, not guessable."""

import base64
import hashlib
import hmac
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.mail import address_proofs
from accounts.models import Address
from comments import avatars
from comments.imports.bulk_load import Incoming, load
from comments.models import ConversationSettings
from comments.posting import own_comments
from tests.comments.factories import say, stored
from tests.comments.http import articles, only_comment, reply_url, send, soup, visit
from tests.comments.receipts.test_receipts import own

HASHES = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=12, max_size=12)
database = pytest.mark.django_db


def pictures(client, post):
    """Return ``{key: URL of the avatar}`` of the comments on a page."""
    shown = articles(visit(client, post.get_absolute_url()))
    return {key: tag.select_one("h3 > img.u-photo")["src"] for key, tag in shown.items()}


@database
def test_an_account_has_one_avatar_and_an_equal_name_another(client, bob, alice, published_post):
    post = published_post()
    by_bob, again = say(post, user=bob, name=""), say(published_post(), user=bob, name="")
    guest, same_name, by_alice = say(post), say(post), say(post, user=alice, name="")
    seen = pictures(client, post) | pictures(client, again.post)
    assert seen[by_bob.pk] == seen[again.pk]
    assert len({seen[each.pk] for each in (by_bob, guest, same_name, by_alice)}) == 4


@database
def test_a_verified_address_has_one_avatar_and_a_typed_one_its_own(client, published_post):
    post, address = published_post(), address_proofs.get_or_create_address("wren@example.org")
    Address.objects.filter(pk=address.pk).update(verified_at=timezone.now())
    hers, hers_too = (say(post, name=name, verified_address=address) for name in ("Wren", "W."))
    typed = say(post, email="wren@example.org")
    seen = pictures(client, post)
    assert seen[hers.pk] == seen[hers_too.pk] != seen[typed.pk]


@database
def test_a_guest_has_one_avatar_in_one_browser_and_conversation(client, published_post):
    post, other = (published_post(comment_mode="open") for _ in range(2))
    for where, browser, body in (
        (post, client, "One."),
        (post, client, "Two."),
        (post, Client(), "Three."),
        (other, client, "Four."),
    ):
        assert send(browser, where, name="Wren", body=body).status_code == 302
    one, two, three = pictures(client, post).values()
    (four,) = pictures(client, other).values()
    assert one == two
    assert len({one, three, four}) == 3
    for key in sorted(pictures(client, post))[:2]:
        own_comments.disown(key)
    assert len(set(pictures(client, post).values())) == 3


@database
def test_an_avatar_stays_when_the_text_or_the_accounts_name_changes(client, bob, published_post):
    post = published_post(comment_mode="open")
    hers, his = say(post), say(post, user=bob, name="")
    before = pictures(client, post)
    for each in (hers, his):
        own_comments.edit(each.pk, "Other words.")
    bob.display_name = "Robert"
    bob.save()
    assert pictures(client, post) == before


@database
def test_disowning_a_comment_changes_its_avatar_at_once(client, bob, published_post):
    post, address = published_post(), address_proofs.get_or_create_address("wren@example.org")
    told = [say(post, user=bob, name=""), say(post, verified_address=address), say(post)]
    before = pictures(client, post)
    for each in told:
        own_comments.disown(each.pk)
    after = pictures(client, post)
    assert len({*before.values(), *after.values()}) == 6
    own_comments.withdraw(told[1].pk)
    assert {stored(each).verified_address_id for each in told} == {None}


@database
def test_an_avatar_cannot_confirm_a_guessed_account_or_address(client, bob, published_post):
    post = published_post()
    address = address_proofs.get_or_create_address("wren@example.org")
    said = [say(post, user=bob, name=""), say(post, verified_address=address)]
    seen = {
        base64.b32decode(path[9:21].upper() + "====") for path in pictures(client, post).values()
    }
    public = [f"account {bob.pk}", f"address {address.pk}", address.email, bob.email, bob.username]
    keys = [b"", *(each.salt.encode() for each in said)]
    tried = {hashlib.sha256(text.encode()).digest()[:7] for text in public}
    tried |= {hmac.digest(k, text.encode(), "sha256")[:7] for k in keys for text in public}
    assert not seen & tried


@database
def test_the_avatar_key_is_made_once_for_each_blog_and_never_shown(client, signed_in, owner):
    key = ConversationSettings.get().avatar_key
    assert len(key) == 64
    page = signed_in(owner).get("/admin/comments/conversationsettings/1/change/")
    assert key not in page.text
    client.post("/admin/comments/conversationsettings/1/change/", {"avatar_key": "mine"})
    assert ConversationSettings.get().avatar_key == key
    ConversationSettings.objects.all().delete()
    assert ConversationSettings.get().avatar_key != key
    assert ConversationSettings.get().avatar_key == ConversationSettings.get().avatar_key


@database
def test_imported_comments_each_have_a_salt_of_their_own(client, published_post):
    post, now = published_post(), timezone.now()
    words = {"name": "Wren", "body": "Hello", "body_html": "<p>Hello</p>", "created_at": now}
    load([Incoming(key=key, post=post.pk, **words) for key in range(1, 5)])
    assert len(set(pictures(client, post).values())) == 4


@database
def test_the_h_card_is_named_by_its_text_and_the_avatar_has_no_alt(client, published_post):
    """Microformats: an h-card without p-name is named by its text, pictures by their alt."""
    post = published_post()
    comment = say(post, name="Wren")
    card = articles(visit(client, post.get_absolute_url()))[comment.pk].select_one(
        ".p-author.h-card"
    )
    (picture,) = card.select("*")
    assert (picture.name, picture["class"], picture["alt"]) == ("img", ["u-photo"], "")
    assert {name: picture[name] for name in ("loading", "decoding")} == {
        "loading": "lazy",
        "decoding": "async",
    }
    assert picture["width"] == picture["height"]
    assert card.text == "Wren"


@database
def test_quotations_and_the_receipt_show_the_same_avatar(client, published_post):
    post = published_post(comment_mode="open")
    send(client, post)
    comment = only_comment()
    (picture,) = pictures(client, post).values()
    for address in (reply_url(comment), own(comment), own(comment, "withdrawal/")):
        assert soup(client.get(address)).select_one(".quoted img")["src"] == picture
    answer = say(post, comment)
    page = soup(client.get(f"/comments/{answer.pk}/thread/"))
    assert page.select_one(".quoted img")["src"] == picture


@database
def test_a_comment_by_an_account_says_so_in_text_and_the_author_s_its_badge(
    client, alice, bob, published_post
):
    post = published_post()
    by_alice, by_bob = say(post, user=alice, name=""), say(post, user=bob, name="")
    guest = say(post, name="Bob")
    shown = articles(visit(client, post.get_absolute_url()))
    assert shown[by_alice.pk].select_one(".badge").text == "Author"
    assert shown[by_bob.pk].select_one(".mark").text == "member"
    for key, marks in ((by_alice.pk, 1), (by_bob.pk, 1), (guest.pk, 0)):
        assert len(shown[key].select(".badge, .mark")) == marks
    own_comments.disown(by_bob.pk)
    assert "member" not in articles(visit(Client(), post.get_absolute_url()))[by_bob.pk].text


# -- the image itself ----------------------------------------------------------------------


@given(HASHES)
def test_an_avatar_is_drawn_from_its_hash_alone_small_and_without_text(text):
    svg = avatars.draw(text)
    assert svg == avatars.draw(text)
    assert len(svg) < 700
    tags = {each.tag.partition("}")[2] for each in ET.fromstring(svg).iter()}
    assert tags == {"svg", "path", "g", "use"}
    assert not set("".join(ET.fromstring(svg).itertext()))


def test_different_hashes_mostly_look_different():
    texts = [base64.b32encode(bytes([n, 255 - n, 7 * n % 256] * 3))[:12] for n in range(256)]
    assert len({avatars.draw(text.decode().lower()) for text in texts}) > 200


def test_an_avatar_is_cached_for_ever_and_costs_no_query(client):
    response = client.get("/avatars/abcdefghij27.svg")  # without the mark any query would fail
    assert response.content.decode() == avatars.draw("abcdefghij27")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "Vary" not in response
    assert not response.cookies
    again = client.get("/avatars/abcdefghij27.svg", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == response["Cache-Control"]
    assert client.head("/avatars/abcdefghij27.svg").status_code == 200
    assert client.post("/avatars/abcdefghij27.svg").status_code == 405


WRONG = ["", "abcdefghij27", "abcdefghij2.svg", "abcdefghij277.svg", "ABCDEFGHIJ27.svg"]
WRONG += ["abcdefghij18.svg", "abcdefghij2%C3%A9.svg", "../abcdefghij27.svg", "abcdefghij27.svg/"]


@database
@pytest.mark.parametrize("name", [*WRONG, "abcdefghij27.svg%0A", "%00bcdefghij27.svg"])
def test_an_unknown_avatar_address_is_not_found(client, name):
    response = client.get(f"/avatars/{name}")
    assert response.status_code == 404
    assert BeautifulSoup(response.content, "html.parser").select_one("main")
