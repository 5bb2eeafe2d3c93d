"""Profile settings, and the public profile page that a person may switch on."""

import re

import pytest
from bs4 import BeautifulSoup

from accounts.models import NameChangeCounter, User
from comments.models import Comment, subscriptions
from comments.subscriptions.subscribe import SubscriptionRequest, subscribe_account
from comments.tree.status import Status
from tests.comments.factories import say
from tests.house.budgets import queries

pytestmark = pytest.mark.both_databases("accounts.views")

PATH = "/account/profile/"


@pytest.fixture
def keep(bob, signed_in):
    """A function that sends bob's profile with these fields: keep(bio="...")."""

    def send(user=bob, **fields):
        usual = {"display_name": user.display_name, "bio": "", "website": "", "rhythm": "at-once"}
        return signed_in(user).post(PATH, usual | fields)

    return send


@pytest.fixture
def public(bob):
    """bob, with the public page switched on."""
    User.objects.filter(pk=bob.pk).update(
        is_public=True, bio="I walk.\n\nA <b>lot</b>.", website="https://example.org/bob"
    )
    bob.refresh_from_db()
    return bob


def test_saved_profile_fields_are_shown_again(bob, keep, client):
    assert keep(bio="I walk a lot.", website="https://example.org/").status_code == 302
    page = client.get(PATH).content.decode()
    assert "I walk a lot." in page
    assert 'value="https://example.org/"' in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("website", "javascript:alert(1)"),
        ("website", "not an address"),
        ("website", "ftp://example.org/"),
        ("website", "data:text/html,hello"),
        ("bio", "x" * 501),
        ("display_name", "x" * 81),
        ("rhythm", "every minute"),
        ("display_name", "a\x00b"),
        ("display_name", "bob@example.org"),
    ],
)
def test_invalid_profile_fields_are_refused_and_not_lost(bob, keep, field, typed):
    page = keep(**{"bio": "Words that I typed."} | {field: typed})
    assert page.status_code == 422
    assert 'class="errorlist"' in page.content.decode()
    if field != "bio":
        assert "Words that I typed." in page.content.decode()
    assert "Signed in as Bob<" in page.content.decode()
    bob.refresh_from_db()
    assert (bob.bio, bob.website, bob.display_name) == ("", "", "Bob")


@pytest.mark.parametrize(
    "name", ["Alice", "ALICE", "Аlice", "A l i c e", "A1ice", "ａｌｉｃｅ", "alice"]
)
def test_a_name_that_imitates_an_author_is_refused(bob, alice, keep, name):
    page = keep(display_name=name)
    assert page.status_code == 422
    assert "Readers could mistake this name" in page.content.decode()
    assert User.objects.get(pk=bob.pk).display_name == "Bob"


@pytest.mark.parametrize("name", ["\u202eboB", "Bob\u2066", "B" + "\u0301" * 9 + "ob"], ids=ascii)
def test_a_name_that_changes_what_stands_beside_it_is_refused(bob, keep, name):
    page = keep(display_name=name)
    assert page.status_code == 422
    assert 'class="errorlist"' in page.content.decode()
    assert User.objects.get(pk=bob.pk).display_name == "Bob"


def test_an_older_display_name_turns_nothing_around(bob):
    bob.display_name = "\u202eboB"
    assert bob.name == "boB"


def test_a_name_that_imitates_a_public_profile_is_refused(public, person, keep):
    carol = person("carol")
    assert keep(carol, display_name="B0b").status_code == 422
    assert keep(carol, display_name="Bobby").status_code == 302


def test_the_name_of_an_account_that_nobody_sees_is_free(bob, person, keep):
    """Or the refusal would tell who has an account."""
    assert keep(person("carol"), display_name="Bob").status_code == 302


def test_keeping_ones_own_name_is_no_imitation(public, alice, keep):
    assert keep(display_name="Bob", is_public="on").status_code == 302
    assert keep(alice, display_name="Alice").status_code == 302


def test_sign_up_refuses_a_name_that_imitates(alice, sign_up):
    page = sign_up("a1ice", "eve@example.org")
    assert "Readers could mistake this name" in page.content.decode()
    assert not User.objects.filter(username="a1ice").exists()


def test_a_guest_does_not_write_under_the_name_of_a_public_profile(public, client, published_post):
    from tests.comments.http import send

    page = send(client, published_post(), name="Воb")
    assert "Readers could mistake this name" in page.content.decode()
    assert not Comment.objects.exists()


def test_nobody_changes_somebody_elses_profile(client, bob):
    assert client.post(PATH, {"bio": "x"}).headers["Location"].startswith("/account/login/")


def test_fields_that_are_not_in_the_form_are_ignored(bob, keep):
    keep(is_staff="on", username="mallory", email="m@example.org", source="x")
    bob.refresh_from_db()
    assert (bob.is_staff, bob.username, bob.email) == (False, "bob", "bob@example.org")


def test_the_chosen_mail_rhythm_is_preselected_in_the_form(bob, keep, client, published_post):
    keep(rhythm="weekly", discreet="on")
    post = published_post()
    page = client.get(f"{post.get_absolute_url()}following/").content.decode()
    assert re.search(r'value="weekly"[^>]*checked', page)
    assert re.search(r'name="discreet"[^>]*checked', page)


def test_discreet_mode_applies_to_all_mails(bob, keep, published_post):
    bob.refresh_from_db()
    subscribe_account(bob, SubscriptionRequest(post=published_post(), discreet=False))
    keep(discreet="on")
    assert subscriptions.Subscription.objects.get().is_discreet
    keep()
    assert not subscriptions.Subscription.objects.get().is_discreet


def test_the_choice_of_content_notes_goes_with_the_account(bob, signed_in, client):
    from blog.models import ContentNote

    note = ContentNote.objects.first()
    signed_in(bob).post("/content-notes/", {"open": [note.pk]})
    client.cookies.pop("hearth_notes")
    page = client.get("/content-notes/").content.decode()
    assert re.search(rf'value="{note.pk}"[^>]*checked', page)
    client.post("/content-notes/", {"forget": "yes"})
    bob.refresh_from_db()
    assert bob.open_notes == ""


# -- the public page ------------------------------------------------------------------------------


def test_the_page_is_there_once_it_is_switched_on_and_gone_once_it_is_off(bob, keep, client):
    assert client.get("/people/bob/").status_code == 404
    keep(is_public="on", bio="I walk.")
    client.logout()
    assert "I walk." in client.get("/people/bob/").content.decode()
    keep()
    client.logout()
    assert client.get("/people/bob/").status_code == 404


def test_switching_the_page_on_invalidates_cached_pages(bob, keep):
    before = NameChangeCounter.objects.first()
    keep(is_public="on")
    assert NameChangeCounter.objects.first().count != (before.count if before else 0)


def test_the_page_shows_the_persons_comments_and_nothing_private(public, client):
    page = BeautifulSoup(client.get("/people/bob/").content, "html.parser")
    card = page.select_one(".h-card")
    assert card.select_one(".p-name").text == "Bob"
    assert "<b>" not in str(card)
    link = card.select_one('a[rel~="me"]')
    assert set(link["rel"]) == {"me", "nofollow", "ugc", "noopener"}
    assert link["href"] == "https://example.org/bob"
    assert "bob@example.org" not in str(page)
    assert not client.cookies
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"


@pytest.mark.parametrize("path", ["/people/BOB/", "/people/Bob/"])
def test_another_case_redirects_to_the_canonical_address(public, client, path):
    assert client.get(path).headers["Location"] == "/people/bob/"


@pytest.mark.parametrize("query", ["?page=0", "?page=2", "?page=x", "?page=²", "?page=99999999999"])
def test_an_unknown_profile_is_not_found(public, client, query):
    assert client.get(f"/people/bob/{query}").status_code == 404


def test_an_account_that_is_switched_off_has_no_page(public, client):
    User.objects.filter(pk=public.pk).update(is_active=False)
    assert client.get("/people/bob/").status_code == 404


def test_the_page_lists_only_visible_comments(public, client, published_post):
    shown = say(published_post(), user=public, name="", body="Seen by everybody.")
    held = say(published_post(), user=public, name="", body="Waits to be read.")
    Comment.objects.plain().filter(pk=held.pk).update(status=Status.PENDING)
    draft = published_post()
    say(draft, user=public, name="", body="On a draft now.")
    type(draft).objects.filter(pk=draft.pk).update(status="draft")
    hidden = published_post()
    say(hidden, user=public, name="", body="Nobody sees this conversation.")
    type(hidden).objects.filter(pk=hidden.pk).update(comment_mode="hidden")
    gone = say(published_post(), user=public, name="", body="Not hers any more.")
    from comments.posting import own_comments

    own_comments.disown(gone.pk)
    page = BeautifulSoup(client.get("/people/bob/").content, "html.parser")
    assert [item.text.strip() for item in page.select(".p-content")] == ["Seen by everybody."]
    assert page.select_one(".written a")["href"] == shown.get_absolute_url()


def test_only_the_persons_own_comments_link_to_the_page(public, client, published_post, keep):
    post = published_post(slug="lake")
    say(post, user=public, name="", body="Hers.")
    say(post, name="Wren", body="A guest's.")
    say(post, user=post.author, name="", body="Of an account without a page.")

    def links():
        page = BeautifulSoup(client.get("/posts/lake/").content, "html.parser")
        return [tag["href"] for tag in page.select(".comment .p-author a")]

    assert links() == ["/people/bob/"]
    keep()
    client.logout()
    assert links() == []


def test_many_comments_cost_as_many_queries_as_few(public, client, published_post):
    post = published_post()
    say(post, user=public, name="", body="The first.")
    client.get("/people/bob/")
    _, few = queries(client, "/people/bob/")
    for number in range(30):
        say(post, user=public, name="", body=f"Another, number {number}.")
    page, many = queries(client, "/people/bob/")
    assert many == few
    assert page.content.decode().count('class="h-cite"') == 25
    assert client.get("/people/bob/?page=2").content.decode().count('class="h-cite"') == 6
