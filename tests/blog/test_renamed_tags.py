"""The address that a tag had before leads to the one it has now."""

import pytest

from blog.models import Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(published_post):
    """A tag that was called "water", then "lake", and is "still water" now; one post has it."""
    tag = Tag.objects.create(name="Water", slug="water")
    published_post().tags.add(tag)
    for name, slug in (("Lake", "lake"), ("Still water", "still-water")):
        tag = Tag.objects.get(pk=tag.pk)
        tag.name, tag.slug = name, slug
        tag.save()
    return tag


def location(client, address):
    answer = client.get(address)
    return answer["Location"] if answer.status_code == 301 else answer.status_code


def test_every_earlier_address_leads_to_the_present_one(client, renamed):
    for old in ("water", "lake"):
        assert location(client, f"/tags/{old}/") == "/tags/still-water/"
        assert location(client, f"/tags/{old}/?page=2") == "/tags/still-water/?page=2"
        assert location(client, f"/tags/{old}/feed/") == "/tags/still-water/feed/"
    assert client.get("/tags/still-water/").status_code == 200


def test_an_address_that_is_used_again_belongs_to_who_uses_it(client, renamed, published_post):
    water = Tag.objects.create(name="Water", slug="water")
    published_post(title="Rain").tags.add(water)
    assert "Rain" in client.get("/tags/water/").text
    renamed.slug = "lake"
    renamed.save()
    assert client.get("/tags/lake/").status_code == 200
    assert location(client, "/tags/still-water/") == "/tags/lake/"


def test_a_tag_of_drafts_alone_is_told_to_nobody(client, renamed):
    renamed.posts.all()[0].delete()
    assert location(client, "/tags/water/") == 404


def test_other_words_lead_nowhere(client, renamed):
    for address in ("/tags/never/", "/tags/water/more/", "/tags/%00/", "/tags/"):
        assert location(client, address) == 404


def test_saving_without_another_address_leaves_nothing(renamed):
    renamed.name = "Quite still water"
    renamed.save()
    assert set(renamed.old_slugs.values_list("slug", flat=True)) == {"water", "lake"}
