"""Until readers could see a post, its address follows its title, unless its author wrote one."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from blog.models import OldAddress, Post, PostRevision
from blog.publishing import publish, revisions
from tests.blog.admin_http import ADD, change, form, typed

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.permalinks")]
HIM, HOUSE = "Why I left him", "On moving house"


@pytest.fixture
def desk(signed_in, alice):
    return signed_in(alice)


@pytest.fixture
def draft(desk):
    desk.post(ADD, form(title=HIM))
    return Post.objects.get()


def slug(post):
    post.refresh_from_db()
    return post.slug


def test_the_address_of_a_draft_follows_its_title_and_forgets_the_old_one(desk, client, draft):
    assert draft.slug == "why-i-left-him"
    shown = desk.get(change(draft))
    assert shown.context["adminform"].form["slug"].value() == ""
    assert shown.context["address"].endswith("/posts/why-i-left-him/")
    desk.post(change(draft), form(title=HOUSE, act="publish"))
    assert slug(draft) == "on-moving-house"
    assert client.get("/posts/on-moving-house/").status_code == 200
    assert client.get("/posts/why-i-left-him/").status_code == 404
    assert not OldAddress.objects.exists()


def test_an_address_that_its_author_wrote_stays_until_it_is_emptied(desk, draft):
    desk.post(change(draft), form(title=HIM, slug="boxes"))
    desk.post(change(draft), form(title=HOUSE, slug="boxes"))
    assert slug(draft) == "boxes"
    desk.post(change(draft), form(title=HOUSE, slug=""))
    assert slug(draft) == "on-moving-house"


def test_a_public_post_keeps_its_address_also_as_a_draft_again(desk, draft):
    desk.post(change(draft), form(title=HIM, act="publish"))
    for fields in ({"title": HOUSE, "slug": ""}, {"title": HOUSE, "act": "take-back"}):
        desk.post(change(draft), form(**fields))
        assert slug(draft) == "why-i-left-him"
    desk.post(change(draft), form(title="Third", slug=""))
    assert slug(draft) == "why-i-left-him"


def test_a_scheduled_post_keeps_its_address_from_its_date_on(desk, draft):
    soon = timezone.now() + timedelta(hours=1)
    Post.objects.filter(pk=draft.pk).update(status="scheduled", published_at=soon)
    draft.refresh_from_db()
    draft.title = HOUSE
    draft.save()
    assert slug(draft) == "on-moving-house"
    Post.objects.filter(pk=draft.pk).update(published_at=timezone.now())
    draft = Post.objects.get()
    draft.title = HIM
    draft.save()
    assert slug(draft) == "on-moving-house"
    publish.take_back(draft)
    assert draft.was_public


def test_a_taken_address_gets_a_number(desk, draft, published_post):
    published_post(slug="on-moving-house")
    answer = desk.post(f"/admin/blog/post/{draft.pk}/autosave/", typed(title=HOUSE))
    assert answer.json()["address"].endswith("/posts/on-moving-house-2/")
    desk.post(change(draft), form(title=HOUSE))
    assert slug(draft) == "on-moving-house-2"


def test_an_autosaved_slug_of_an_older_form_is_no_choice(desk, alice):
    fields = typed(title=HIM, slug="why-i-left-him")
    row = revisions.save_unsaved(None, alice, fields, "one")
    page = desk.get(f"{ADD}?draft={row.pk}")
    assert page.context["adminform"].form["slug"].value() == ""


def test_drafts_from_before_follow_their_title_and_written_slugs_stay(published_post, alice):
    retitled = published_post(status="draft", slug="why-i-left-him", title=HOUSE, published_at=None)
    PostRevision.objects.create(post=retitled, author=alice, kind="saved", fields={"title": HIM})
    written = published_post(status="draft", slug="boxes", title=HOUSE, published_at=None)
    seen = published_post(slug="seen")
    for post in (retitled, written, seen):
        OldAddress.objects.create(path=f"/posts/before-{post.slug}", post=post)
    Post.objects.update(was_public=False, slug_chosen=False)
    import_module("blog.migrations.0009_addresses_follow_titles").say_what_was_public(apps, None)
    assert [*OldAddress.objects.values_list("post", flat=True)] == [seen.pk]
    for post in Post.objects.all():
        post.save()
    assert (slug(retitled), slug(written), slug(seen)) == ("on-moving-house", "boxes", "seen")
