"""Previews: the readers' page for unsaved words, and secret links for friends."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from blog import markup
from blog.models import (
    ChangeCounter,
    ContentNote,
    Post,
    PostRevision,
    PreviewLink,
    Series,
    Tag,
    preview_links,
)
from tests.blog.admin_http import change, form, said

pytestmark = pytest.mark.django_db

NEW = "/admin/blog/post/preview/"


def frames(desk, address=NEW, **fields):
    """Press "Preview"; return the page around the frames and the address of what is in them."""
    answer = desk.post(address, form(form_token="one", **fields), follow=True)
    found = BeautifulSoup(answer.text, "html.parser")
    [address] = {frame["src"] for frame in found.select("iframe")}
    assert len(found.select("iframe")) == 2
    return answer, address


def main(answer):
    return BeautifulSoup(answer.text, "html.parser").main


def policy(answer):
    parts = answer.headers["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


# -- unsaved words -----------------------------------------------------------------------------


def test_the_preview_is_what_readers_will_see(desk, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    note = ContentNote.objects.create(name="old grief")
    series = Series.objects.create(title="Walks", slug="walks")
    Tag.objects.create(name="Sea", slug="sea")
    fields = {
        "title": "Evening & night",
        "body": "Plain words.\n\nA second <em>one</em>.<script>alert(1)</script>",
        "excerpt": "Short.",
        "tags": "Sea, Sand",
        "content_notes": [note.pk],
        "series": series.pk,
        "language": "de",
    }
    _page, address = frames(desk, **fields)
    before = main(desk.get(address))
    desk.post("/admin/blog/post/add/", form(act="publish", **fields))
    after = main(Client().get(Post.objects.get().get_absolute_url()))
    after.select_one("section.conversation, #comments").decompose()
    assert [line for line in str(before).split("\n") if line.strip()] == [
        line for line in str(after).split("\n") if line.strip()
    ]
    assert "Evening &amp; night" in str(before)
    assert "alert" not in str(before)


def test_a_change_of_a_public_post_is_previewed_and_not_published(desk, client, published_post):
    post = published_post(title="As it was")
    fields = {"title": "As it may be", "slug": post.slug, "status": "published"}
    before = Client().get(post.get_absolute_url()).content, ChangeCounter.get().total
    page, address = frames(desk, f"/admin/blog/post/{post.pk}/preview/", **fields)
    assert "Your unsaved post as of" in page.text
    shown = desk.get(address)
    assert "As it may be" in shown.text
    assert "This is a draft" not in shown.text
    assert Post.objects.get().title == "As it was"
    assert (Client().get(post.get_absolute_url()).content, ChangeCounter.get().total) == before


def test_a_page_is_previewed_as_a_page(desk):
    _page, address = frames(desk, kind="page", title="About")
    assert desk.get(address).templates[0].name == "blog/posts/preview_detail.html"
    assert "blog/posts/page_detail.html" in [each.name for each in desk.get(address).templates]


def test_only_the_previewed_page_may_be_framed_and_by_us_alone(desk):
    page, address = frames(desk)
    shown = desk.get(address)
    assert policy(shown)["frame-ancestors"] == "'self'"
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert policy(page)["frame-src"] == "'self'"
    assert policy(page)["frame-ancestors"] == "'none'"
    assert page.headers["X-Frame-Options"] == "DENY"
    for answer in (page, shown):
        assert policy(answer)["script-src"] == policy(answer)["style-src"] == "'self'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert 'name="robots" content="noindex' in shown.text
    assert "<script" not in shown.text


@pytest.mark.parametrize(
    "fields",
    [
        {
            "title": "",
            "body": "",
            "kind": "nonsense",
            "series": "²",
            "content_notes": ["x", "9" * 40],
        },
        {"series": "9" * 40, "language": "<x>", "tags": '"' * 9, "menu_order": "x"},
        {"published_at_0": "2031-02-31", "published_at_1": "25:00", "slug": "a b/../"},
    ],
)
def test_an_invalid_form_can_be_previewed(desk, fields):
    _page, address = frames(desk, **fields)
    assert desk.get(address).status_code == 200


def test_a_text_that_is_too_long_is_not_previewed_and_says_why(desk, monkeypatch):
    monkeypatch.setattr(markup, "MAX_LENGTH", 100)
    answer = desk.post(NEW, form(body="w" * 101))
    assert answer.status_code == 413
    assert "up to 100 characters" in answer.text


def test_nobody_else_sees_a_preview(desk, carol, mia, owner, published_post):
    post = published_post()
    _page, address = frames(desk, f"/admin/blog/post/{post.pk}/preview/")
    around = address.removesuffix("page/")
    for person, found in ((carol, {404}), (owner, {404}), (mia, {403, 404}), (None, {302})):
        other = Client()
        if person:
            other.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert {other.get(address).status_code, other.get(around).status_code} <= found, person
    other = Client()
    other.force_login(carol, backend="django.contrib.auth.backends.ModelBackend")
    assert other.post(f"/admin/blog/post/{post.pk}/preview/", form()).status_code == 404
    post.author = carol  # it was given to somebody else meanwhile
    post.save()
    assert desk.get(address).status_code == 404


def test_a_preview_is_made_by_post_requests_alone(desk):
    assert desk.get(NEW).status_code == 405
    assert not PostRevision.objects.exists()


# -- a link for a friend -----------------------------------------------------------------------


def links(post):
    return f"/admin/blog/post/{post.pk}/links/"


@pytest.fixture
def draft(published_post):
    return published_post(status="draft", title="For you first", published_at=None)


@pytest.fixture
def link(desk, draft):
    """The address of a preview link that alice made."""
    desk.post(links(draft), {"days": "7"})
    page = BeautifulSoup(desk.get(links(draft)).text, "html.parser")
    return page.select_one("input.desk-link")["value"].removeprefix("http://localhost")


def test_a_friend_reads_the_newest_saved_version_without_an_account(desk, client, draft, link):
    friend = Client()
    answer = friend.get(link)
    assert answer.status_code == 200
    assert "For you first" in answer.text
    until = timezone.localtime(PreviewLink.objects.get().expires_at)
    assert f"This link works until {until:%-d %b %Y, %H:%M} (UTC)." in answer.text
    assert "This is a draft." not in answer.text
    desk.post(f"/admin/blog/post/{draft.pk}/autosave/", form(title="Unsaved", form_token="one"))
    assert "Unsaved" not in friend.get(link).text
    desk.post(change(draft), form(title="Saved", slug=draft.slug))
    assert "Saved" in friend.get(link).text


def test_a_preview_leaves_no_trace(draft, link):
    friend, before = Client(), (ChangeCounter.get().total, Post.objects.get().revision)
    answer = friend.get(link)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in answer.text
    for absent in ("canonical", "og:title", "ld+json", "<script"):
        assert absent not in answer.text
    assert not answer.cookies
    assert "ETag" not in answer.headers
    assert (ChangeCounter.get().total, Post.objects.get().revision) == before
    for address in ("/", "/feed/", "/sitemap.xml", draft.get_absolute_url()):
        assert "For you first" not in friend.get(address).text


def test_a_link_expires_on_its_day(link, time_machine):
    expires = PreviewLink.objects.get().expires_at
    assert timedelta(days=6, hours=23) < expires - timezone.now() <= timedelta(days=7)
    time_machine.move_to(expires - timedelta(seconds=5), tick=False)
    assert Client().get(link).status_code == 200
    time_machine.move_to(expires, tick=False)
    answer = Client().get(link)
    assert answer.status_code == 404
    assert "This link no longer works" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_author_can_end_a_link(desk, draft, link):
    row = PreviewLink.objects.get()
    assert desk.get(f"{links(draft)}{row.pk}/end/").status_code == 405
    assert "no longer works" in said(desk.post(f"{links(draft)}{row.pk}/end/"))
    assert Client().get(link).status_code == 404
    assert desk.post(f"{links(draft)}{row.pk}/end/").status_code == 404


@pytest.mark.parametrize("change", [str.upper, lambda token: token[:-2], lambda token: "a" + token])
def test_a_forged_link_opens_nothing(link, change):
    token = link.split("/")[2]
    assert Client().get(f"/previews/{change(token)}/").status_code == 404


@pytest.mark.parametrize("token", ["x", "~", "%00", "%F0%9F%8C%99", "a" * 5000, "1~2~3"])
def test_a_malformed_token_is_not_found(db, token):
    assert Client().get(f"/previews/{token}/").status_code == 404


def test_the_key_in_the_database_does_not_open_the_link(link):
    key = PreviewLink.objects.get().key
    assert Client().get(f"/previews/{key}/").status_code == 404
    assert link.split("/")[2] != key


def test_a_link_to_a_public_post_redirects_to_its_address(desk, draft, link):
    desk.post(change(draft), form(slug=draft.slug, act="publish"))
    answer = Client().get(link)
    assert answer.status_code == 302
    assert answer["Location"] == draft.get_absolute_url()
    assert answer.headers["Cache-Control"] == "private, no-store"
    desk.post(change(draft), form(slug=draft.slug, act="take-back"))
    assert Client().get(link).status_code == 200


def test_only_those_who_may_change_the_post_make_links(draft, carol, mia, link):
    row = PreviewLink.objects.get()
    for person, found in ((carol, {404}), (mia, {403, 404}), (None, {302})):
        other = Client()
        if person:
            other.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for answer in (
            other.get(links(draft)),
            other.post(links(draft), {"days": "7"}),
            other.post(f"{links(draft)}{row.pk}/end/"),
        ):
            assert answer.status_code in found
            assert "previews/" not in answer.text
    assert PreviewLink.objects.get() == row


@pytest.mark.parametrize("days", ["", "0", "9999", "-1", "seven", "²"])
def test_a_link_works_for_one_of_the_offered_times(desk, draft, days):
    assert "how long the link should work" in said(desk.post(links(draft), {"days": days}))
    assert not PreviewLink.objects.exists()


def test_the_number_of_links_is_limited(desk, draft, monkeypatch):
    monkeypatch.setattr(preview_links, "MOST", 2)
    for _ in range(3):
        answer = desk.post(links(draft), {"days": "1"})
    assert "already has 2 links" in said(answer)
    assert PreviewLink.objects.count() == 2
    PreviewLink.objects.update(expires_at=timezone.now())
    desk.post(links(draft), {"days": "1"})
    assert PreviewLink.objects.count() == 1  # what has ended is cleared away
    assert Client().post(PreviewLink.objects.get().get_absolute_url()).status_code == 405
