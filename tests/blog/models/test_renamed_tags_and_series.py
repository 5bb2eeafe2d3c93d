"""Earlier addresses of a tag or a series redirect to the current one."""

import pytest

from blog.models import Series, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.models.taxonomy")]


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


def test_every_earlier_address_redirects_to_the_current_one(client, renamed):
    for old in ("water", "lake"):
        assert location(client, f"/tags/{old}/") == "/tags/still-water/"
        assert location(client, f"/tags/{old}/?page=2") == "/tags/still-water/?page=2"
        assert location(client, f"/tags/{old}/feed/") == "/tags/still-water/feed/"
    assert client.get("/tags/still-water/").status_code == 200


def test_an_address_that_is_used_again_belongs_to_its_new_tag(client, renamed, published_post):
    water = Tag.objects.create(name="Water", slug="water")
    published_post(title="Rain").tags.add(water)
    assert "Rain" in client.get("/tags/water/").text
    renamed.slug = "lake"
    renamed.save()
    assert client.get("/tags/lake/").status_code == 200
    assert location(client, "/tags/still-water/") == "/tags/lake/"


def test_the_earlier_address_of_a_tag_without_public_posts_is_not_found(client, renamed):
    renamed.posts.all()[0].delete()
    assert location(client, "/tags/water/") == 404


def test_an_unknown_address_of_a_tag_is_not_found(client, renamed):
    for address in ("/tags/never/", "/tags/water/more/", "/tags/%00/", "/tags/"):
        assert location(client, address) == 404


def test_saving_without_a_new_address_stores_no_redirect(renamed):
    renamed.name = "Quite still water"
    renamed.save()
    assert set(renamed.old_slugs.values_list("slug", flat=True)) == {"water", "lake"}


@pytest.fixture
def renamed_series(published_post):
    """A series that was called "walks" and is "long-walks" now; one post is in it."""
    series = Series.objects.create(title="Walks", slug="walks")
    published_post(series=series, series_position=1)
    series = Series.objects.get(pk=series.pk)
    series.slug = "long-walks"
    series.save()
    return series


def test_the_earlier_address_of_a_series_redirects_to_the_current_one(client, renamed_series):
    assert location(client, "/series/walks/") == "/series/long-walks/"
    assert location(client, "/series/walks/?page=2") == "/series/long-walks/?page=2"
    assert client.get("/series/long-walks/").status_code == 200
    assert location(client, "/series/never/") == 404


def test_a_series_that_returns_to_its_first_address_makes_no_loop(client, renamed_series):
    renamed_series.slug = "walks"
    renamed_series.save()
    assert client.get("/series/walks/").status_code == 200
    assert location(client, "/series/long-walks/") == "/series/walks/"


def test_the_earlier_address_of_a_series_without_public_posts_is_not_found(client, renamed_series):
    renamed_series.posts.all()[0].delete()
    assert location(client, "/series/walks/") == 404
