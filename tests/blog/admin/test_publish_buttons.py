"""The buttons of the post form: publish now, schedule, take back, archive, duplicate."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from blog.admin.post_form.autosave import AutosaveAdmin
from blog.models import Blog, ContentNote, Post, Series, Tag
from tests.blog.admin_http import ADD, change, errors, form, said

pytestmark = pytest.mark.django_db


def buttons(answer):
    page = BeautifulSoup(answer.text, "html.parser")
    return [each["value"] for each in page.select("button[name=act]")]


def seen(post):
    return Client().get(post.get_absolute_url()).status_code


def test_publish_now_stores_the_words_and_shows_them_at_once(desk):
    desk.post(ADD, form(act="publish"))
    post = Post.objects.get()
    assert (post.status, post.title) == ("published", "A quiet day")
    assert seen(post) == 200


def test_publish_now_replaces_a_future_date_and_keeps_a_past_one(desk, published_post):
    now = timezone.now()
    for days, kept in ((3, False), (-3, True)):
        post = published_post(status="draft", published_at=now + timedelta(days=days))
        date = now + timedelta(days=days)
        desk.post(change(post), form(slug=post.slug, act="publish", published_at=date))
        post.refresh_from_db()
        assert post.is_listed
        assert (abs(post.published_at - date) < timedelta(seconds=2)) is kept


def test_a_scheduled_post_goes_live_by_the_clock_alone(desk, time_machine):
    time_machine.move_to("2026-05-01T10:00:00Z", tick=False)
    moment = timezone.now() + timedelta(minutes=1)
    answer = desk.post(ADD, form(act="schedule", published_at=moment))
    post = Post.objects.get()
    assert post.status == "scheduled"
    assert "Readers will see it from 1 May 2026, 10:01." in said(answer)
    assert seen(post) == 404
    assert "A quiet day" not in Client().get("/feed/").text
    time_machine.move_to(moment, tick=False)
    assert seen(post) == 200
    assert "A quiet day" in Client().get("/feed/").text
    assert buttons(desk.get(change(post))) == ["take-back", "archive"]


def test_a_schedule_is_typed_in_the_zone_that_the_form_names(desk, time_machine):
    time_machine.move_to("2026-05-01T10:00:00Z", tick=False)
    blog = Blog.get()
    blog.time_zone = "Asia/Tokyo"
    blog.save()
    page = desk.get(ADD).text
    assert "Time zone: Asia/Tokyo" in page
    data = form(act="schedule") | {"published_at_0": "2026-05-01", "published_at_1": "19:01:00"}
    desk.post(ADD, data)
    assert Post.objects.get().published_at.isoformat() == "2026-05-01T10:01:00+00:00"


def test_nothing_is_scheduled_without_a_date_or_for_the_past(desk):
    assert "needs a publish date" in str(
        errors(desk.post(ADD, form(act="schedule")))["published_at"]
    )
    past = timezone.now() - timedelta(minutes=1)
    answer = desk.post(ADD, form(act="schedule", published_at=past, title="Kept"))
    assert "This time has passed." in str(errors(answer)["published_at"])
    assert ">\nKept</textarea>" in answer.text
    assert not Post.objects.exists()


def test_take_back_and_archive_store_the_words_too(desk, published_post):
    post = published_post()
    date = post.published_at
    desk.post(
        change(post), form(slug=post.slug, act="archive", title="Put away", published_at=date)
    )
    post.refresh_from_db()
    assert (post.status, post.title) == ("archived", "Put away")
    desk.post(change(post), form(slug=post.slug, act="take-back", title="Again", published_at=date))
    post.refresh_from_db()
    assert (post.status, post.title) == ("draft", "Again")
    assert seen(post) == 404


@pytest.mark.parametrize(
    ("status", "days", "offered"),
    [
        ("draft", -1, ["publish", "schedule"]),
        ("scheduled", 1, ["publish", "schedule", "take-back"]),
        ("scheduled", -1, ["take-back", "archive"]),
        ("published", -1, ["take-back", "archive"]),
        ("published", 1, ["publish", "schedule", "take-back"]),
        ("archived", -1, ["publish", "take-back"]),
    ],
)
def test_only_buttons_that_fit_the_status_are_offered(desk, published_post, status, days, offered):
    date = timezone.now() + timedelta(days=days)
    post = published_post(status=status, published_at=date)
    assert buttons(desk.get(change(post))) == offered


def test_a_refused_form_shows_the_status_that_the_post_still_has(desk, published_post):
    post = published_post(status="draft")
    answer = desk.post(change(post), form(slug="a b", act="publish"))
    assert errors(answer)
    assert "<b>Draft</b>" in answer.text
    assert buttons(answer) == ["publish", "schedule"]


@pytest.mark.parametrize("act", ["delete", "published", "\x00", "²"])
def test_a_button_that_is_not_offered_only_saves(desk, act):
    desk.post(ADD, form(act=act))
    assert Post.objects.get().status == "draft"


def test_the_first_button_is_save(desk, published_post):
    """Enter in a field presses the first button, which must not publish."""
    page = BeautifulSoup(desk.get(change(published_post())).text, "html.parser")
    pressed = page.select("#post_form input[type=submit], #post_form button[type=submit]")
    assert pressed[0]["name"] == "_save"


def test_a_duplicate_is_a_draft_of_its_own(desk, alice, published_post):
    post = published_post(excerpt="Short.", language="de", noindex=True, comment_mode="closed")
    post.tags.add(Tag.objects.create(name="Lake", slug="lake"))
    post.content_notes.add(ContentNote.objects.create(name="old grief"))
    post.series = Series.objects.create(title="Walks", slug="walks")
    post.save()
    answer = desk.post(f"/admin/blog/post/{post.pk}/copy/", form(title="What the form held"))
    new = Post.objects.exclude(pk=post.pk).get()
    assert answer["Location"] == change(new)
    assert (new.title, new.body, new.excerpt) == (post.title, post.body, post.excerpt)
    assert (new.status, new.published_at, new.author) == ("draft", None, alice)
    assert (new.language, new.noindex, new.comment_mode) == ("de", True, "closed")
    assert new.slug not in {"", post.slug}
    assert [tag.name for tag in new.tags.all()] == ["Lake"]
    assert [note.name for note in new.content_notes.all()] == ["old grief"]
    assert new.series is None
    assert new.revisions.saved().count() == 1
    post.refresh_from_db()
    assert post.is_listed


# -- two posts with one address --------------------------------------------------------------


def test_two_posts_with_one_title_get_an_address_each(desk):
    for _ in range(2):
        desk.post(ADD, form())
    assert sorted(post.slug for post in Post.objects.all()) == ["a-quiet-day", "a-quiet-day-2"]


def test_an_address_taken_at_the_same_moment_is_noticed_and_nothing_breaks(desk, monkeypatch):
    stored, pressed = AutosaveAdmin.save_model, []

    def race(admin, *args):
        pressed.append(1)
        if len(pressed) == 1:
            raise IntegrityError("UNIQUE constraint failed: blog_post.slug")
        return stored(admin, *args)

    monkeypatch.setattr(AutosaveAdmin, "save_model", race)
    assert desk.post(ADD, form()).status_code == 302
    assert (len(pressed), Post.objects.count()) == (2, 1)


# -- tags as they are typed --------------------------------------------------------------------


def test_tags_are_typed_and_new_ones_are_created(desk):
    Tag.objects.create(name="Äpfel", slug="aepfel")
    Tag.objects.create(name="Life, work", slug="life-work")
    typed = ' äpfel,  New  one , "Life, work", new one,,'
    desk.post(ADD, form(tags=typed))
    post = Post.objects.get()
    assert sorted(tag.slug for tag in post.tags.all()) == ["aepfel", "life-work", "new-one"]
    page = desk.get(change(post))
    field = page.context["adminform"].form["tags"]
    assert field.value() == post.tags.all() or "New one" in str(field)
    data = form(slug=post.slug, tags=BeautifulSoup(str(field), "html.parser").input["value"])
    desk.post(change(post), data)
    assert Tag.objects.count() == 3
    assert post.tags.count() == 3


def test_known_tags_are_offered_without_a_script(desk):
    Tag.objects.create(name='"Quoted" & <odd>', slug="quoted")
    page = BeautifulSoup(desk.get(ADD).text, "html.parser")
    offered = page.select(f"datalist#{page.select_one('#id_tags')['list']} option")
    assert [each["value"] for each in offered] == ['"""Quoted"" & <odd>"']


def test_a_refused_form_creates_no_tags(desk):
    errors(desk.post(ADD, form(slug="a b", tags="Never")))
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [("a" * 101, "up to 100 characters"), (",".join(map(str, range(31))), "up to 30 tags")],
)
def test_too_long_or_too_many_tags_are_refused_kindly(desk, typed, says):
    assert says in str(errors(desk.post(ADD, form(tags=typed)))["tags"])


def test_tags_with_the_same_slug_get_a_number(desk):
    desk.post(ADD, form(tags="C, C++, 🌙, ☀"))
    assert sorted(tag.slug for tag in Tag.objects.all()) == ["c", "c-2", "tag", "tag-2"]


@pytest.mark.parametrize(
    ("status", "days", "label"),
    [
        ("published", -1, "Unpublish"),
        ("scheduled", 1, "Unschedule"),
        ("archived", -1, "Revert to draft"),
    ],
)
def test_the_button_back_to_draft_is_named_by_what_it_ends(
    desk, published_post, status, days, label
):
    post = published_post(status=status, published_at=timezone.now() + timedelta(days=days))
    page = BeautifulSoup(desk.get(change(post)).text, "html.parser")
    assert page.select_one("button[value=take-back]").get_text(strip=True) == label
