"""Concurrent editing: authors see who else edits a post; autosaved words stay private."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from blog import markup
from blog.models import Post, PostRevision
from blog.publishing import revisions
from tests.blog.admin_http import ADD, change, drafts, typed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.admin.post_form.forms")]

NEW = "/admin/blog/post/autosave/"


def autosave(post):
    return f"/admin/blog/post/{post.pk}/autosave/"


@pytest.fixture
def post(published_post):
    return published_post(title="As it was", body="<p>Before.</p>")


# -- who else writes -------------------------------------------------------------------------


def test_an_author_is_told_who_else_edits_the_post_and_since_when(desk, owner, post, time_machine):
    time_machine.move_to("2026-05-01T10:00:00Z", tick=False)
    desk.post(autosave(post), typed(title="Alice was here"))
    second = Client()
    second.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    page = second.get(change(post))
    told = "Alice is also editing this post (last edit: 10:00)."
    assert told in page.text
    assert "Alice was here" not in page.text
    assert drafts(page) == []
    assert any(told in line for line in second.post(autosave(post), typed("two")).json()["told"])
    first = desk.post(autosave(post), typed("one")).json()["told"]
    assert ["owner is also editing" in line for line in first] == [True]
    time_machine.move_to(timezone.now() + revisions.THERE + timedelta(seconds=1))
    assert desk.post(autosave(post), typed("one")).json()["told"] == []


def test_an_author_is_told_of_their_own_second_tab(desk, post):
    desk.post(autosave(post), typed("one"))
    assert desk.post(autosave(post), typed("one")).json()["told"] == []
    [told] = desk.post(autosave(post), typed("two")).json()["told"]
    assert told.startswith("You also have this post open in another tab")


def test_an_author_is_told_of_a_newer_saved_version_while_typing(desk, post):
    version = Post.objects.get().version
    desk.post(change(post), typed("one", version=version, title="Saved first"))
    told = desk.post(autosave(post), typed("two", version=version)).json()["told"]
    assert any("Alice saved a newer version" in line for line in told)


# -- what must not happen --------------------------------------------------------------------


@pytest.mark.parametrize("who", ["mia", "bob"])
def test_non_authors_cannot_autosave(signed_in, request, post, who):
    client = signed_in(request.getfixturevalue(who))
    for address in (NEW, autosave(post)):
        assert client.post(address, typed()).status_code in {302, 403, 404}
        assert client.get(address).status_code in {302, 403, 404}
    assert not PostRevision.objects.exists()


def test_a_signed_out_visitor_is_sent_to_sign_in(client, post):
    assert client.post(NEW, typed())["Location"].startswith("/admin/login/")
    assert not PostRevision.objects.exists()


def test_other_authors_find_neither_post_nor_draft(desk, alice, carol, post):
    desk.post(autosave(post), typed(title="Hers"))
    row = PostRevision.objects.get()
    other = Client()
    other.force_login(carol, backend="django.contrib.auth.backends.ModelBackend")
    assert other.post(autosave(post), typed()).status_code == 404
    assert other.post(f"/admin/blog/post/drafts/{row.pk}/end/").status_code == 404
    assert other.get(f"{ADD}?draft={row.pk}").context["adminform"].form.draft is None
    assert "Hers" not in other.get(ADD).text
    assert PostRevision.objects.get() == row


def test_autosave_of_an_unknown_post_is_not_found(desk):
    for key in (10**6, 10**30):
        assert desk.post(f"/admin/blog/post/{key}/autosave/", typed()).status_code == 404
    for draft in ("x", "-1", "9" * 30, "²"):
        assert desk.get(f"{ADD}?draft={draft}").status_code == 200


def test_autosave_without_a_csrf_token_is_refused(alice, post):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(autosave(post), typed()).status_code == 403
    assert not PostRevision.objects.exists()


def test_an_old_tab_gets_a_fresh_csrf_token_after_signing_in_again(alice, post):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    key = strict.get(autosave(post)).headers["X-Desk-Key"]
    assert strict.post(autosave(post), typed(csrfmiddlewaretoken=key)).status_code == 200


def test_a_text_longer_than_a_post_can_hold_is_refused_in_words(desk, post, monkeypatch):
    monkeypatch.setattr(markup, "MAX_LENGTH", 100)
    answer = desk.post(autosave(post), typed(body="w" * 101))
    assert answer.status_code == 413
    assert "up to 100 characters" in answer.json()["told"][0]
    assert not PostRevision.objects.exists()


def test_five_megabytes_are_refused_with_the_limit_and_given_back(desk):
    text = "<p>" + "word " * 1_000_000
    answer = desk.post(ADD, typed(body=text))
    assert "the limit is 2,000,000" in answer.text
    assert text.replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert not Post.objects.exists()


def test_five_megabytes_are_no_draft(desk):
    answer = desk.post(NEW, typed(body="<p>" + "word " * 1_000_000))
    assert answer.status_code == 413
    assert "2,000,000 characters" in answer.json()["told"][0]
    assert not PostRevision.objects.exists()


def test_characters_that_no_database_stores_are_left_out(desk, post):
    answer = desk.post(autosave(post), typed(title="a\x00b", version="²", content_notes=["9" * 40]))
    assert answer.status_code == 200
    assert PostRevision.objects.get().fields["title"] == "ab"
    assert desk.get(answer.json()["open"]).status_code == 200


def test_only_the_writer_is_told_what_became_of_a_form(desk, carol, post):
    desk.post(autosave(post), typed("one"))
    known = desk.get(f"{autosave(post)}?form=one").json()
    assert known["words"] == {"title": "A quiet day", "excerpt": "", "body": "<p>Quite still.</p>"}
    nothing = {"words": None, "saved": False, "open": change(post)}
    assert desk.get(f"{autosave(post)}?form=other").json() == nothing
    desk.post(change(post), typed("one"))
    assert desk.get(f"{autosave(post)}?form=one").json()["saved"]
    post.author = carol
    post.save()
    other = Client()
    other.force_login(carol, backend="django.contrib.auth.backends.ModelBackend")
    found = other.get(f"{autosave(post)}?form=one").json()
    assert found == {"words": None, "saved": False, "open": change(post)}
