"""Autosave: unsaved words are kept aside, offered again, and shown to no reader."""

import pytest
from django.test import Client

from blog.models import Post, PostRevision
from blog.publishing import revisions
from tests.blog.admin_http import ADD, change, drafts, form, typed

pytestmark = pytest.mark.django_db

NEW = "/admin/blog/post/autosave/"


def autosave(post):
    return f"/admin/blog/post/{post.pk}/autosave/" if post else NEW


@pytest.fixture
def post(published_post):
    return published_post(title="As it was", body="<p>Before.</p>")


def test_autosaved_words_are_kept_and_readers_see_none_of_them(desk, post):
    before = Client().get(post.get_absolute_url())
    answer = desk.post(autosave(post), typed(title="A secret", body="<p>Not yet.</p>"))
    assert answer.status_code == 200
    assert answer.json()["at"]
    row = PostRevision.objects.unsaved().get()
    assert (row.post, row.fields["title"], row.fields["body"]) == (
        post,
        "A secret",
        "<p>Not yet.</p>",
    )
    revision, version = post.revision, post.version
    post.refresh_from_db()
    assert (post.title, post.body) == ("As it was", "<p>Before.</p>")
    assert post.revision >= revision
    assert post.version >= version
    for address in (post.get_absolute_url(), "/", "/feed/", "/search/?q=secret"):
        assert "A secret" not in Client().get(address).text.replace('value="secret"', "")
    assert Client().get(post.get_absolute_url()).content == before.content


def test_autosaving_invalidates_no_page(desk, post):
    from blog.models import ChangeCounter

    ChangeCounter.count()
    before = ChangeCounter.get().total, Post.objects.get().revision, Post.objects.get().version
    desk.post(autosave(post), typed())
    assert (
        ChangeCounter.get().total,
        Post.objects.get().revision,
        Post.objects.get().version,
    ) == before


def test_a_post_that_was_never_saved_is_kept_and_offered_again(desk):
    desk.post(NEW, typed(title="Half a th", slug=""))
    desk.post(NEW, typed(title="Half a thought"))
    assert not Post.objects.exists()
    offered = drafts(desk.get(ADD))
    assert [draft["title"] for draft in offered] == ["Half a thought"]
    page = desk.get(offered[0]["open"])
    assert ">\nHalf a thought</textarea>" in page.text
    assert drafts(page) == []
    opened = page.context["adminform"].form
    assert opened["draft_token"].value() == "one"
    assert opened["form_token"].value() != "one"


def test_every_field_comes_back_as_it_was_typed(desk, published_post):
    from blog.models import ContentNote, Series

    note = ContentNote.objects.filter(retired=False).first()
    series = Series.objects.create(title="Walks", slug="walks")
    sent = typed(
        excerpt="Short",
        tags='Lake, "Life, work"',
        content_notes=[note.pk],
        series=series.pk,
        series_position="4",
        language="de",
        noindex="on",
        published_at_0="2031-01-02",
        published_at_1="08:00:00",
        comment_mode="closed",
    )
    address = desk.post(NEW, sent).json()["open"]
    again = desk.get(address).context["adminform"].form
    for name in ("excerpt", "tags", "language", "comment_mode", "title", "body"):
        assert again[name].value() == sent[name], name
    assert [str(key) for key in again["content_notes"].value()] == [str(note.pk)]
    assert str(again["series"].value()) == str(series.pk)
    assert again["noindex"].value()
    assert 'value="2031-01-02"' in str(again["published_at"])


def test_saving_ends_the_draft_and_only_that_of_its_own_form(desk, alice):
    desk.post(NEW, typed("one", title="One"))
    desk.post(NEW, typed("two", title="Two"))
    desk.post(ADD, typed("one", title="One"))
    assert [row.form for row in PostRevision.objects.unsaved()] == ["two"]
    assert [draft["title"] for draft in drafts(desk.get(ADD))] == ["Two"]


def test_a_draft_that_was_opened_ends_when_it_is_saved(desk):
    desk.post(NEW, typed("one", title="One"))
    desk.post(ADD, typed("two", draft_token="one", title="One and more"))
    assert not PostRevision.objects.unsaved().exists()


def test_a_draft_open_in_two_tabs_is_overwritten_by_neither(desk):
    desk.post(NEW, typed("one", title="One"))
    desk.post(NEW, typed("two", draft_token="one", title="In the second tab"))
    desk.post(NEW, typed("three", draft_token="one", title="In the third tab"))
    kept = {row.form: row.fields["title"] for row in PostRevision.objects.unsaved()}
    assert kept == {"two": "In the second tab", "three": "In the third tab"}


def test_an_autosave_that_arrives_after_the_save_makes_no_draft(desk):
    desk.post(ADD, typed())
    post = Post.objects.get()
    desk.post(autosave(post), typed())
    desk.post(NEW, typed())
    assert not PostRevision.objects.unsaved().exists()


def test_a_draft_equal_to_the_saved_post_is_not_offered(desk, post):
    same = {"title": post.title, "body": post.body + "\r\n", "excerpt": post.excerpt}
    desk.post(autosave(post), typed(**same))
    assert drafts(desk.get(change(post))) == []
    desk.post(autosave(post), typed(**same | {"excerpt": "New"}))
    assert len(drafts(desk.get(change(post)))) == 1


def test_a_draft_can_be_discarded(desk, post):
    desk.post(autosave(post), typed(title="Never mind"))
    [draft] = drafts(desk.get(change(post)))
    assert desk.get(draft["end"]).status_code == 405
    answer = desk.post(draft["end"])
    assert answer["Location"] == change(post)
    assert not PostRevision.objects.unsaved().exists()


def test_a_text_emptied_by_mistake_can_be_brought_back(desk, post, time_machine):
    time_machine.move_to("2026-05-01T10:00:00Z")
    desk.post(autosave(post), typed(body="<p>A long one.</p>"))
    time_machine.move_to("2026-05-01T10:09:00Z")
    desk.post(autosave(post), typed(body="<p>A long one, longer.</p>"))
    time_machine.move_to("2026-05-01T10:12:00Z")
    desk.post(autosave(post), typed(body=""))
    bodies = [row.fields["body"] for row in PostRevision.objects.unsaved()]
    assert bodies == ["", "<p>A long one, longer.</p>"]
    assert len(drafts(desk.get(change(post)))) == 1  # the newest of each form
    assert desk.get(f"/admin/blog/post/{post.pk}/versions/").text.count("?draft=") == 2


def test_unsaved_words_do_not_pile_up(desk, post, time_machine):
    for hour in range(6):
        time_machine.move_to(f"2026-05-01T{hour:02}:00:00Z")
        desk.post(autosave(post), typed(title=f"{hour}"))
    assert PostRevision.objects.unsaved().count() == revisions.MOST_OF_A_FORM
    for number in range(revisions.MOST_UNSAVED + 3):
        desk.post(NEW, typed(f"form-{number}", title=f"{number}"))
    new = PostRevision.objects.unsaved().filter(post=None)
    assert new.count() == revisions.MOST_UNSAVED
    assert new.first().fields["title"] == f"{revisions.MOST_UNSAVED + 2}"


def test_a_preview_of_nothing_new_leaves_no_draft_behind(desk, post):
    same = form(title=post.title, body=post.body, slug=post.slug)
    for token in ("one", "two"):
        desk.post(f"/admin/blog/post/{post.pk}/preview/", same | {"form_token": token})
    desk.post(change(post), same | {"title": "Another", "form_token": "three"})
    assert drafts(desk.get(change(post))) == []
    assert not PostRevision.objects.unsaved().exists()


def test_two_equal_drafts_are_offered_once(desk):
    for token in ("one", "two"):
        desk.post(NEW, typed(token, title="Twice"))
    assert len(drafts(desk.get(ADD))) == 1
