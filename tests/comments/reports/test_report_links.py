"""Report links without JavaScript: one step from every comment."""

import pytest
from django.test import Client

from blog.models import Post
from comments.models import ReactionKind
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, send, soup, visit
from tests.comments.report_http import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"))


def links(client, comment):
    """Return the links inside the comment on the post's page, except that of its date."""
    article = articles(visit(client, comment.post.get_absolute_url()))[comment.pk]
    return [link for link in article.select("a[href]") if "u-url" not in link["class"]]


def leads_to_the_report(client, comment, address):
    return bool(soup(client.get(address)).select(f"a[href='{url(comment)}']"))


def test_in_an_open_conversation_the_link_is_on_the_reply_page(client, comment):
    (answer,) = links(client, comment)
    assert answer["class"] == ["answer"]
    assert leads_to_the_report(client, comment, answer["href"])


def test_in_a_closed_conversation_the_link_is_on_the_reaction_page(client, comment):
    Post.objects.update(comment_mode="closed")
    (support,) = links(client, comment)
    assert support["class"] == ["support-link"]
    assert leads_to_the_report(client, comment, support["href"])


@pytest.mark.parametrize("fields", [{"status": "archived"}, {"comment_mode": "closed"}])
def test_without_replies_and_reactions_the_link_is_on_the_comment(client, comment, fields):
    ReactionKind.objects.update(is_offered=False)
    Post.objects.update(**fields)
    (report,) = links(client, comment)
    assert (report["href"], report.text) == (url(comment), "Report")
    assert report["aria-label"] == "Report Wren’s comment"
    assert client.get(report["href"]).status_code == 200


def test_ones_own_and_held_comments_have_no_report_link(published_post):
    browser, post = Client(), published_post(comment_mode="open")
    send(browser, post)
    own = post.comments.get()
    assert not leads_to_the_report(browser, own, f"/comments/{own.pk}/reply/")
    ReactionKind.objects.update(is_offered=False)
    Post.objects.update(comment_mode="closed")
    assert [each["class"] for each in links(browser, own)] == [["receipt-link"]]
    waits = say(post, status=Status.PENDING)
    assert waits.pk not in articles(visit(Client(), post.get_absolute_url()))


def test_reading_sets_no_cookie_and_every_reader_gets_the_same_page(client, comment):
    first, second = (
        Client().get(comment.post.get_absolute_url(), REMOTE_ADDR=f"198.51.{number}.7")
        for number in (1, 2)
    )
    assert first.content == second.content
    assert not first.cookies
    page = client.get(url(comment))
    assert "no-store" in page["Cache-Control"]
    assert soup(page).select_one("meta[name=robots]")["content"] == "noindex"


def test_htmx_gets_the_form_and_every_response_as_a_fragment(client, comment):
    htmx = {"HX-Request": "true"}
    form = client.get(url(comment), headers=htmx)
    assert b"<html" not in form.content
    assert "HX-Request" in form["Vary"]
    sent = client.post(url(comment), {"reason": "unkind"}, headers=htmx)
    assert b"<html" not in sent.content
    assert 'role="status"' in sent.text
    gone = client.get("/comments/999999/report/", headers=htmx)
    assert (gone.status_code, b"<html" in gone.content) == (404, False)
