"""Content notes: the vocabulary, posts closed behind a note, and the reader's choice."""

from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as project
from django.db.models import ProtectedError
from django.test import Client

from blog.models import ContentNote, Post, content_notes
from comments.models import Comment

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
CHOICE = "/content-notes/"


@pytest.fixture
def grief():
    return ContentNote.objects.get(name="grief")


@pytest.fixture
def illness():
    return ContentNote.objects.get(name="illness")


@pytest.fixture
def post(published_post, grief):
    post = published_post(slug="lake", excerpt="What it is about.")
    post.content_notes.add(grief)
    return post


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def note_on(client, address):
    return page(client, address).select_one("details.note[data-note]")


def test_a_new_blog_has_a_few_content_notes():
    assert [note.name for note in ContentNote.objects.all()] == [
        *["grief", "illness", "self-harm", "eating", "violence", "addiction"]
    ]


def test_a_post_is_closed_before_its_text_and_in_lists_before_its_excerpt(client, post):
    detail, listed = note_on(client, "/posts/lake/"), note_on(client, "/")
    for note in (detail, listed):
        assert note.summary.text == "Content note: grief"
        assert "open" not in note.attrs
    assert "The water was quite still." in detail.select_one(".e-content").text
    assert listed.select_one(".p-summary:not(summary)").text == "What it is about."


def test_two_topics_stand_in_the_order_of_the_vocabulary(client, post, illness):
    grief_too = ContentNote.objects.create(name="a | b, c", order=5)
    post.content_notes.add(illness, grief_too)
    assert note_on(client, "/").summary.text == "Content notes: a | b, c, grief, illness"
    assert Post.objects.get().closed_behind == Post.objects.for_list().get().closed_behind


def test_a_page_can_have_content_notes_too(client, published_post, grief):
    published_post(kind="page", slug="about").content_notes.add(grief)
    assert note_on(client, "/about/").summary.text == "Content note: grief"


def test_feeds_and_metadata_show_the_note_before_the_text(client, post):
    entry = ElementTree.fromstring(client.get("/feed/").content).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}summary") == "Content note: grief"
    text = BeautifulSoup(entry.findtext(f"{ATOM}content"), "html.parser")
    assert text.details.summary.text == "Content note: grief"
    assert "quite still" in text.details.p.text
    assert page(client, "/posts/lake/").select_one("meta[name=description]")["content"] == (
        "Content note: grief"
    )


def test_a_post_without_notes_is_unchanged(client, published_post):
    published_post(slug="plain")
    for address in ("/posts/plain/", "/"):
        assert not page(client, address).select("details")


# -- the reader's choice -----------------------------------------------------------------------


def choose(client, *keys, **more):
    return client.post(CHOICE, {"open": keys, **more})


def test_reading_sets_no_cookie_and_the_choice_sets_one(client, post, grief):
    for address in ("/", "/posts/lake/"):
        assert not client.get(address).cookies
    cookie = choose(client, grief.pk).cookies[content_notes.COOKIE]
    assert cookie.value == str(grief.pk)
    assert cookie["max-age"] == 365 * 24 * 3600
    assert cookie["samesite"] == "Lax"
    assert not cookie["httponly"]
    assert not cookie["secure"]


def test_over_https_the_cookie_is_secure(client, settings, grief):
    settings.SESSION_COOKIE_SECURE = True
    assert choose(client, grief.pk).cookies[content_notes.COOKIE]["secure"]


def test_chosen_topics_are_open_on_a_private_page(client, post, grief, settings):
    settings.PAGE_CACHE = True
    everybodys = Client().get("/posts/lake/")
    choose(client, grief.pk)
    for address in ("/posts/lake/", "/"):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert "open" in note_on(client, address).attrs
        assert not response.cookies
    assert Client().get("/posts/lake/").content == everybodys.content
    assert 'data-note="1" open' not in everybodys.text


def test_a_post_with_two_topics_opens_when_both_were_chosen(client, post, grief, illness):
    post.content_notes.add(illness)
    choose(client, grief.pk)
    assert "open" not in note_on(client, "/posts/lake/").attrs
    choose(client, grief.pk, illness.pk)
    assert "open" in note_on(client, "/posts/lake/").attrs


def test_comments_open_in_the_page_the_branch_and_the_list_of_moderators(
    client, signed_in, mia, published_post, grief
):
    post = published_post(slug="other")
    note = {"content_note": grief, "name": "Ana", "body": "Hard words.", "status": 1}
    comment = Comment.objects.create(post=post, **note)
    Client().get("/posts/other/")  # the thread is cached, closed
    choose(client, grief.pk)
    addresses = ["/posts/other/", f"/comments/{comment.pk}/thread/"]
    addresses += [f"/comments/{comment.pk}/reply/"]
    for address in addresses:
        assert "open" in note_on(client, address).attrs, address
    signed_in(mia)
    assert "open" in note_on(client, "/admin/queue/all/").attrs


def test_the_choice_is_shown_changed_and_forgotten(client, grief, illness):
    choose(client, grief.pk)
    shown = page(client, CHOICE)
    assert [box["value"] for box in shown.select("[name=open][checked]")] == [str(grief.pk)]
    choose(client, illness.pk)
    assert client.cookies[content_notes.COOKIE].value == str(illness.pk)
    choose(client, illness.pk, forget="yes")
    assert not client.cookies[content_notes.COOKIE].value
    assert not page(client, CHOICE).select("[name=open][checked], [name=forget]")


def test_choosing_nothing_deletes_the_cookie(client, grief):
    choose(client, grief.pk)
    choose(client)
    assert client.cookies[content_notes.COOKIE]["max-age"] == 0


def test_a_retired_topic_in_use_can_still_be_chosen(client, post, grief):
    ContentNote.objects.filter(pk=grief.pk).update(retired=True)
    choose(client, grief.pk)
    assert "open" in note_on(client, "/posts/lake/").attrs


@pytest.mark.parametrize("wrong", ["999999", "grief", "9" * 30, ""])
def test_an_unknown_topic_is_refused_and_the_others_stay_chosen(client, grief, wrong):
    response = choose(client, wrong, grief.pk)
    assert response.status_code == 422
    shown = BeautifulSoup(response.content, "html.parser")
    assert "no longer available" in shown.select_one("[role=alert]").text
    assert shown.select_one(f"[name=open][value='{grief.pk}'][checked]")
    assert not response.cookies.get(content_notes.COOKIE)


@pytest.mark.parametrize("value", ["", "x", "1--2", "-", "1 2", "9" * 5000, '"><script>'])
def test_a_forged_cookie_opens_nothing(client, post, value):
    client.cookies[content_notes.COOKIE] = value
    assert "open" not in note_on(client, "/posts/lake/").attrs


def test_without_a_csrf_token_no_choice_is_stored(grief):
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(CHOICE, {"open": grief.pk})
    assert response.status_code == 403
    assert content_notes.COOKIE not in response.cookies


def test_the_form_redirects_back_within_the_blog_only(client, grief):
    came = {"referer": "http://testserver/posts/lake/?page=2"}
    shown = BeautifulSoup(client.get(CHOICE, headers=came).content, "html.parser")
    assert shown.select_one(".where a")["href"] == "/posts/lake/?page=2"
    saved = choose(client, grief.pk, back="/posts/lake/?page=2")
    assert page(client, saved["Location"]).select_one(".where a")["href"] == "/posts/lake/?page=2"
    for elsewhere in ("//example.org/", "https://example.org/", "javascript:alert(1)", "/\\x.org"):
        assert choose(client, grief.pk, back=elsewhere)["Location"] == CHOICE
        assert not page(client, f"{CHOICE}?back={elsewhere}").select(".where a")


@pytest.mark.parametrize(
    "way", ["/posts/lake/", "/", "/tags/water/", "/about/", "/archive/2026/", "/posts/sée/"]
)
def test_the_form_redirects_back_to_public_pages(client, grief, way):
    assert page(client, f"{CHOICE}?back={way}").select_one(".where a")["href"] == way
    assert page(client, f"{CHOICE}?back=/comments/7/thread/").select_one(".where a")


@pytest.mark.parametrize(
    "path",
    [
        "/comments/7/receipt/{}/",
        "/comments/7/receipt/{}/edit/",
        "/comments/7/%72eceipt/{}/",
        "/m/{}/",
        "/comments/proof/{}/",
        "/account/confirm-email/{}/",
        "/account/password/reset/key/{}/",
        "/nowhere/{}/",
        "/admin/{}/",
    ],
)
def test_a_private_address_is_never_offered_as_the_way_back(client, grief, path):
    path = path.format("s3cret" * 8)
    came = client.get(CHOICE, headers={"referer": f"http://testserver{path}"})
    asked = client.get(CHOICE, {"back": path})
    saved = choose(client, grief.pk, back=path)
    assert saved["Location"] == CHOICE
    for response in (came, asked):
        shown = BeautifulSoup(response.content, "html.parser")
        assert "s3cret" not in str(shown.select_one("main"))


def test_an_author_cannot_fake_a_content_note(client, published_post, grief):
    forged = f'<details class="note" data-note="{grief.pk}"><summary>x</summary>y</details>'
    published_post(slug="forged", body=forged)
    choose(client, grief.pk)
    assert "open" not in page(client, "/posts/forged/").select_one(".e-content details").attrs


# -- the owner and the author -------------------------------------------------------------------

NOTES = "/admin/blog/contentnote/"


def test_a_note_in_use_is_not_deleted_but_retired(signed_in, owner, post, grief, illness):
    Comment.objects.create(post=post, name="Ana", body="Words.", content_note=illness, status=1)
    client = signed_in(owner)
    for note in (grief, illness):
        answer = client.post(f"{NOTES}{note.pk}/delete/", {"post": "yes"}, follow=True)
        assert "Tick “No longer offered” instead" in answer.text
        with pytest.raises(ProtectedError):
            note.delete()
        with pytest.raises(ProtectedError):
            ContentNote.objects.filter(pk=note.pk).delete()
    assert {grief, illness} <= set(ContentNote.objects.all())


def test_an_unused_note_is_deleted(signed_in, owner, grief):
    signed_in(owner).post(f"{NOTES}{grief.pk}/delete/", {"post": "yes"})
    assert not ContentNote.objects.filter(pk=grief.pk).exists()


def test_authors_and_moderators_do_not_edit_the_vocabulary(signed_in, alice, mia, grief):
    for user in (alice, mia):
        assert signed_in(user).get(f"{NOTES}{grief.pk}/change/").status_code == 403


def test_an_author_chooses_among_offered_notes_and_those_the_post_has(
    client, signed_in, alice, post, grief, illness
):
    ContentNote.objects.filter(name__in=["grief", "eating"]).update(retired=True)
    here = signed_in(alice)
    for address, offered in (
        (f"/admin/blog/post/{post.pk}/change/", ["grief", "illness", "self-harm"]),
        ("/admin/blog/post/add/", ["illness", "self-harm", "violence"]),
    ):
        labels = page(here, address).select("#id_content_notes label")
        assert [label.text.strip() for label in labels][:3] == offered
    fields = {"title": post.title, "slug": post.slug, "body": post.body, "kind": "post"}
    fields |= {"status": "draft", "comment_mode": "default", "menu_order": 0}
    here.post(f"/admin/blog/post/{post.pk}/change/", fields | {"content_notes": [illness.pk]})
    assert list(Post.objects.get().content_notes.all()) == [illness]


def test_the_choice_cookie_makes_a_page_private():
    from config.middleware import PERSONAL

    assert content_notes.COOKIE in PERSONAL
    assert project.SESSION_COOKIE_NAME in PERSONAL
