"""htmx responses of the reply form: the form alone, errors, the redirect; forgetting a device."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from blog.models import content_notes
from comments.guests.session import COOKIE
from comments.models import Comment
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import reply_url, send

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
FORGET = "/comments/forget/"


def part(response, after_support=False):
    """Return the form of an htmx response: its only element, or the one after the reactions."""
    assert "HX-Request" in response["Vary"]
    elements = BeautifulSoup(response.content, "html.parser").find_all(True, recursive=False)
    above = [element["class"] for element in elements[:-1]]
    assert above == ([["support"], ["or-in-words"]] if after_support else [])
    return elements[-1]


def test_htmx_gets_the_form_alone_and_everybody_else_a_page(client, published_post):
    parent = say(published_post())
    whole = client.get(reply_url(parent))
    assert "HX-Request" in whole["Vary"]
    assert BeautifulSoup(whole.content, "html.parser").select_one("html form#answer")
    form = part(client.get(reply_url(parent), headers=HTMX), after_support=True)
    assert form.name == "form"
    assert form["action"] == form["data-hx-post"] == reply_url(parent)
    assert form["aria-label"] == f"Reply to {parent.name}"


def test_the_forms_of_two_comments_share_no_element_id(client, published_post):
    post = published_post()
    found = [
        tag["id"]
        for each in (say(post), say(post), post)
        for answer in [client.get(reply_url(each), headers=HTMX)]
        for tag in BeautifulSoup(answer.content, "html.parser").select("[id]")
    ]
    assert found
    assert len(found) == len(set(found))


def test_an_error_comes_back_as_the_form_with_what_was_typed(client, published_post):
    post = published_post()
    response = client.post(reply_url(post), {"name": "", "body": "Kept 🌱"}, headers=HTMX)
    form = part(response)
    assert response.status_code == 422
    assert form.select_one("textarea").text.strip() == "Kept 🌱"
    assert form.select_one("[role=alert]")
    assert not form.select("[autofocus]")


def test_success_redirects_htmx_to_the_comment_and_remembers_its_writer(client, published_post):
    post = published_post()
    response = client.post(reply_url(post), {"name": "Ada", "body": "A word."}, headers=HTMX)
    comment = Comment.objects.get()
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"/comments/{comment.pk}/"
    assert COOKIE in response.cookies
    shown = client.get(response["HX-Redirect"])
    assert shown["Location"] == f"{post.get_absolute_url()}#comment-{comment.pk}"


def test_a_refusal_gives_back_every_word(client, published_post):
    parent = say(published_post())
    Comment.objects.filter(pk=parent.pk).update(status=Status.REMOVED)
    response = client.post(reply_url(parent), {"name": "Ada", "body": "Kept."}, headers=HTMX)
    refused = part(response)
    assert response.status_code == 409
    assert refused.select_one("textarea[readonly]").text.strip() == "Kept."
    assert refused.select_one("[role=alert]")


def test_a_closed_conversation_says_so_to_htmx(client, published_post):
    post = published_post(comment_mode="closed")
    response = client.get(reply_url(post), headers=HTMX)
    assert response.status_code == 403
    assert "Comments are closed here." in part(response).text


def test_the_form_is_not_cached(client, published_post):
    for headers in ({}, HTMX):
        response = client.get(reply_url(published_post()), headers=headers)
        assert "no-store" in response["Cache-Control"]


def test_a_get_request_forgets_nothing(client, published_post):
    send(client, published_post())
    before = dict(client.cookies)
    assert not client.get(FORGET).cookies.get(COOKIE)
    assert client.cookies[COOKIE].value == before[COOKIE].value


def test_a_forgotten_guest_does_not_see_their_held_comments(client, published_post):
    post = published_post()
    send(client, post)
    comment = Comment.objects.get()
    response = client.post(FORGET)
    assert "no-store" in response["Cache-Control"]
    assert {name for name, morsel in response.cookies.items() if not morsel.value} == {
        COOKIE,
        "csrftoken",
        "hearth_receipt",
    }
    assert "A quiet word." not in client.get(post.get_absolute_url()).text
    assert client.get(f"/comments/{comment.pk}/receipt/").status_code == 404
    assert Comment.objects.get() == comment


def test_the_choice_of_content_notes_is_forgotten_too(client, db):
    assert content_notes.COOKIE not in client.post(FORGET).cookies
    client.cookies[content_notes.COOKIE] = "1-3"
    gone = client.post(FORGET).cookies[content_notes.COOKIE]
    assert (gone.value, gone["max-age"], gone["path"]) == ("", 0, "/")


def test_a_form_on_another_site_cannot_make_a_device_forget(published_post):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FORGET).status_code == 403


def test_a_forged_cookie_is_forgotten_like_any_other(client, db):
    client.cookies[COOKIE] = "1-2-3:forged"
    response = client.post(FORGET)
    assert response.status_code == 200
    assert not response.cookies[COOKIE].value


def test_the_list_of_keys_is_a_page_and_a_fragment_for_htmx(client, db):
    page = client.get("/comments/keys/")
    assert "<html" in page.text
    assert page["Cache-Control"].startswith("public")
    assert part(client.get("/comments/keys/", headers=HTMX)).name == "form"
    assert not page.cookies
