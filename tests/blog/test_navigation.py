"""Navigation for readers: series, related posts, the archive, and the 404 page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Blog, Post, Series, Tag

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.database.functions", "blog.related"),
]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def titles(found):
    return [link.text for link in found]


@pytest.fixture
def walks():
    return Series.objects.create(title="Walks", slug="walks", description="Three of them & more")


@pytest.fixture
def three(published_post, walks):
    return [published_post(title=f"Walk {n}", slug=f"walk-{n}", series=walks) for n in (1, 2, 3)]


# -- series --------------------------------------------------------------------------------


def ways(client, post):
    nav = page(client, post.get_absolute_url()).select_one("nav.series")
    return nav and {
        rel: link.span.text for rel in ("prev", "next") if (link := nav.select_one(f"[rel={rel}]"))
    }


def test_posts_of_a_series_are_numbered_and_link_to_the_next(client, three):
    assert [post.series_position for post in three] == [1, 2, 3]
    assert ways(client, three[0]) == {"next": "Walk 2"}
    assert ways(client, three[1]) == {"prev": "Walk 1", "next": "Walk 3"}
    assert ways(client, three[2]) == {"prev": "Walk 2"}


def part(client, post):
    name = page(client, post.get_absolute_url()).select_one(".series-name")
    return name and " ".join(name.text.split())


def test_a_part_of_a_series_says_which_it_is_of_how_many(client, three):
    assert [part(client, post) for post in three] == [f"Part {n} of 3 in Walks" for n in (1, 2, 3)]
    three[0].status = "archived"
    three[0].save()
    parts = ["Part of the series Walks", "Part 1 of 2 in Walks", "Part 2 of 2 in Walks"]
    assert [part(client, post) for post in three] == parts


def test_a_post_without_a_series_links_to_those_before_and_after_it(client, published_post):
    days = [NOON - timedelta(days=n) for n in (1, 2, 2)]
    last, first, second = (
        published_post(title=f"{n}", published_at=at) for n, at in enumerate(days)
    )
    published_post(title="Draft", status="draft")
    published_post(title="About", kind="page", slug="about", published_at=days[0])
    assert ways(client, first) == {"next": second.title}
    assert ways(client, second) == {"prev": first.title, "next": last.title}
    assert ways(client, last) == {"prev": second.title}
    assert part(client, last) is None
    assert ways(client, Post.objects.get(slug="about")) is None


def test_the_page_of_a_series_shows_its_posts_from_the_first_on(client, three, published_post):
    published_post(title="Elsewhere")
    shown = page(client, "/series/walks/")
    assert titles(shown.select("article h2")) == ["Walk 1", "Walk 2", "Walk 3"]
    assert shown.h1.text == "Walks"
    assert "Three of them & more" in shown.text


def test_two_posts_at_one_place_link_on_and_never_in_a_circle(client, three, walks):
    Post.objects.update(series_position=1)
    seen, post = [], three[0]
    while len(seen) < 9:
        seen.append(post.title)
        following = ways(client, post).get("next")
        if following is None:
            break
        post = Post.objects.get(title=following)
    assert seen == ["Walk 1", "Walk 2", "Walk 3"]


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_unpublished_parts_are_left_out_of_the_series_links(client, three, status):
    three[1].status = status
    three[1].save()
    assert ways(client, three[0]) == {"next": "Walk 3"}
    assert titles(page(client, "/series/walks/").select("article h2")) == ["Walk 1", "Walk 3"]


def test_a_scheduled_part_is_linked_by_the_clock_alone(client, published_post, walks):
    with time_machine.travel(NOON, tick=False) as clock:
        first = published_post(series=walks)
        published_post(
            title="Later",
            series=walks,
            status="scheduled",
            published_at=NOON + timedelta(days=1),
        )
        assert ways(client, first) == {}
        clock.shift(timedelta(days=1, seconds=1))
        assert ways(client, first) == {"next": "Later"}


def test_a_series_without_public_posts_is_not_found(client, published_post, walks):
    published_post(series=walks, status="draft")
    assert client.get("/series/walks/").status_code == 404
    assert client.get("/series/other/").status_code == 404


def test_a_page_cannot_be_part_of_a_series(alice, walks):
    about = Post(kind="page", title="About", author=alice, series=walks)
    with pytest.raises(ValidationError) as refused:
        about.full_clean()
    assert "series" in refused.value.message_dict
    with transaction.atomic(), pytest.raises(IntegrityError):
        about.save()


def test_a_post_that_leaves_its_series_loses_its_place(client, three, walks):
    three[1].series = None
    three[1].save()
    assert three[1].series_position is None
    assert part(client, three[1]) is None
    assert ways(client, three[1]) == {"prev": "Walk 1", "next": "Walk 3"}  # by date
    walks.delete()
    assert part(client, three[0]) is None
    assert ways(client, three[0]) == {"next": "Walk 2"}


def test_the_owner_adds_a_post_to_a_series_in_the_admin(client, signed_in, owner, three, walks):
    desk = signed_in(owner)
    assert desk.get("/admin/blog/series/add/").status_code == 200
    form = desk.get(f"/admin/blog/post/{three[0].pk}/change/")
    assert {"series", "series_position", "language", "noindex"} <= set(
        form.context["adminform"].form.fields
    )


# -- related posts -------------------------------------------------------------------------


def related(client, post):
    return titles(page(client, post.get_absolute_url()).select("nav.related li a"))


@pytest.fixture
def tagged(published_post):
    def make(title, *names, **fields):
        post = published_post(title=title, **fields)
        post.tags.set([Tag.objects.get_or_create(name=n, slug=n)[0] for n in names])
        return post

    return make


def test_posts_that_share_most_tags_come_first_then_the_newest(client, tagged):
    now = timezone.now()
    post = tagged("This", "lake", "winter")
    for days, title, names in (
        (9, "Both", ["lake", "winter"]),
        (5, "Lake", ["lake"]),
        (4, "Winter", ["winter"]),
        (3, "Newest lake", ["lake", "other"]),
        (1, "Other", ["other"]),
    ):
        tagged(title, *names, published_at=now - timedelta(days=days))
    assert related(client, post) == ["Both", "Newest lake", "Winter"]


def test_nothing_hidden_and_no_page_is_related(client, tagged):
    post = tagged("This", "lake")
    for fields in (
        {"status": "draft"},
        {"status": "archived"},
        {"kind": "page"},
        {"status": "scheduled", "published_at": timezone.now() + timedelta(days=1)},
    ):
        tagged("Hidden", "lake", **fields)
    assert related(client, post) == []
    assert titles(page(client, post.get_absolute_url()).select(".tags a")) == ["lake"]


def test_a_draft_shows_its_own_tags(client, signed_in, alice, tagged):
    draft = tagged("Draft", "lake", "winter", status="draft")
    shown = page(signed_in(alice), draft.get_absolute_url())
    assert titles(shown.select(".tags a")) == ["lake", "winter"]


def test_posts_linked_by_the_series_are_not_listed_as_related(client, tagged, walks):
    post = tagged("One", "lake", series=walks)
    tagged("Two", "lake", series=walks)
    assert related(client, post) == []


def test_old_posts_with_many_newer_related_ones_show_their_tags(client, tagged):
    old = tagged("Old", "lake", published_at=NOON)
    for number in range(30):
        tagged(f"{number}", "lake")
    assert titles(page(client, old.get_absolute_url()).select(".tags a")) == ["lake"]
    assert len(related(client, old)) == 3


# -- staleness: pages are cached whole, and they show other posts --------------------------------


def retitle(post):
    post.title = "Another title"
    post.save()


def address(post):
    post.slug = "another-address"
    post.save()


def take_back(post):
    post.status = "draft"
    post.save()


def by_update(post):
    Post.objects.filter(pk=post.pk).update(title="Another title")


@pytest.mark.parametrize("change", [retitle, address, take_back, by_update, Post.delete])
def test_a_change_of_a_post_shows_on_the_pages_that_link_to_it(client, tagged, walks, change):
    first = tagged("First", "lake", series=walks)
    follower = tagged("Second", "lake", series=walks)
    tagged("Other", "lake")
    addresses = (first.get_absolute_url(), "/series/walks/", "/archive/")
    before = [client.get(path).content for path in addresses]
    assert [client.get(path).content for path in addresses] == before
    change(follower)
    assert all(client.get(p).content != b for p, b in zip(addresses, before, strict=True))
    assert related(client, first) == ["Other"]


def test_a_new_backdated_post_shows_on_related_and_archive_pages(client, tagged):
    post = tagged("This", "lake")
    assert related(client, post) == []
    tagged("From before", "lake", published_at=NOON).save()
    assert page(client, "/archive/2026/").select("li a")


def test_tags_changed_in_the_admin_show_on_other_pages(client, signed_in, alice, tagged):
    post, other = tagged("This", "lake"), tagged("Other")
    assert related(client, post) == []
    desk = signed_in(alice)
    form = desk.get(f"/admin/blog/post/{other.pk}/change/").context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None}
    data |= {"tags": ", ".join(tag.name for tag in post.tags.all())}
    data |= {"published_at_0": "2026-01-01", "published_at_1": "12:00"}
    assert desk.post(f"/admin/blog/post/{other.pk}/change/", data).status_code == 302
    desk.logout()
    assert related(client, post) == ["Other"]


def test_a_comment_does_not_invalidate_all_pages(client, tagged, django_assert_max_num_queries):
    post, other = tagged("This", "lake"), tagged("Other", "lake")
    client.get(other.get_absolute_url())
    post.touch(comments=1)
    with django_assert_max_num_queries(2):
        client.get(other.get_absolute_url())


# -- archive -------------------------------------------------------------------------------


def test_the_archive_shows_the_newest_year_and_links_to_the_others(client, published_post):
    for year, month, title in ((2019, 3, "Old"), (2025, 2, "Spring"), (2025, 11, "Autumn")):
        published_post(title=title, published_at=datetime(year, month, 5, tzinfo=UTC))
    published_post(title="Draft", status="draft", published_at=datetime(2024, 1, 1, tzinfo=UTC))
    published_post(title="About", kind="page", published_at=datetime(2023, 1, 1, tzinfo=UTC))
    shown = page(client, "/archive/")
    assert titles(shown.select(".month h2")) == ["November", "February"]
    assert titles(shown.select(".month a")) == ["Autumn", "Spring"]
    assert [link["href"] for link in shown.select(".years a")] == [
        "/archive/2025/",
        "/archive/2019/",
    ]
    assert titles(page(client, "/archive/2019/").select(".month a")) == ["Old"]


def test_years_are_those_of_the_blogs_own_zone(client, published_post):
    blog = Blog.get()
    blog.time_zone = "Pacific/Auckland"
    blog.save()
    published_post(title="New year", published_at=datetime(2025, 12, 31, 20, tzinfo=UTC))
    assert titles(page(client, "/archive/2026/").select(".month a")) == ["New year"]
    assert client.get("/archive/2025/").status_code == 404


def test_an_empty_archive_says_so_kindly(client):
    assert "Nothing has been published here yet" in client.get("/archive/").text


@pytest.mark.parametrize("year", ["0", "1999", "99999", "9" * 300, "-1", "x", "2026x"])
def test_a_year_without_posts_is_not_found(client, published_post, year):
    published_post(published_at=NOON)
    assert client.get(f"/archive/{year}/").status_code == 404


def test_a_full_year_is_paged_at_a_constant_cost(client, published_post, settings):
    settings.PAGE_CACHE = False
    published_post(published_at=NOON)
    with CaptureQueriesContext(connection) as few:
        client.get("/archive/")
    for _ in range(205):
        published_post(published_at=NOON)
    with CaptureQueriesContext(connection) as many:
        answer = client.get("/archive/")
    assert len(many) == len(few) <= 6
    assert len(answer.context["posts"]) == 200
    assert len(client.get("/archive/2026/?page=2").context["posts"]) == 6


# -- reading time, dates, the 404 page ----------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"), [(0, "1 min read"), (220, "1 min read"), (2200, "10 min read")]
)
def test_a_post_shows_its_reading_time(client, published_post, words, says):
    post = published_post(body=f"<p>{'word ' * words}</p>")
    assert says in page(client, post.get_absolute_url()).select_one(".byline").text
    assert says in page(client, "/").select_one(".byline").text


def test_a_changed_text_is_dated_and_other_changes_are_not(client, published_post):
    with time_machine.travel(NOON, tick=False) as clock:
        post = published_post(published_at=NOON)
        clock.shift(timedelta(days=3))
        post.comment_mode = "closed"
        post.save()
        assert not page(client, post.get_absolute_url()).select(".dt-updated")
        post.body = "<p>Better words.</p>"
        post.save()
        updated = page(client, post.get_absolute_url()).select_one(".dt-updated")
        assert updated["datetime"].startswith("2026-05-07")


def test_the_404_page_offers_search_and_new_posts(client, published_post):
    for number in range(8):
        published_post(title=f"Post {number}", published_at=NOON + timedelta(days=number))
    published_post(title="Draft", status="draft")
    with CaptureQueriesContext(connection) as seen:
        answer = client.get("/nothing/at/all/")
    assert answer.status_code == 404
    assert len(seen) <= 6
    shown = BeautifulSoup(answer.content, "html.parser")
    assert shown.select_one("form[action='/search/'] input[name=q]")
    assert titles(shown.select(".titles a")) == [f"Post {number}" for number in (7, 6, 5, 4, 3)]
    assert shown.select_one("meta[name=robots]")["content"] == "noindex"


def test_a_post_can_have_its_own_language_and_be_noindex(client, published_post):
    post = published_post(language="de", noindex=True)
    shown = page(client, post.get_absolute_url())
    assert shown.select_one("article.post")["lang"] == "de"
    assert shown.select_one("meta[name=robots]")["content"] == "noindex"
    other = page(client, published_post().get_absolute_url())
    assert not other.select("meta[name=robots]")
    assert not other.select_one("article.post").get("lang")
    with pytest.raises(ValidationError):
        Post(title="x", author=post.author, language="<b>").full_clean()


# -- titles --------------------------------------------------------------------------------


def title_of(client, address):
    return page(client, address).title.text


def test_each_page_of_a_list_has_a_title_of_its_own(client, published_post):
    Blog.objects.update(title="By the lake", posts_per_page=1)
    tag = Tag.objects.create(name="Water", slug="water")
    series = Series.objects.create(title="Walks", slug="walks")
    for number in range(3):
        published_post(title=f"Ice {number}", published_at=NOON, series=series).tags.add(tag)
    lists = ["/", tag.get_absolute_url(), series.get_absolute_url()]
    addresses = [f"{path}{rest}" for path in lists for rest in ("", "?page=2", "?page=3")]
    addresses += ["/archive/", "/archive/2026/"]
    titles_of = {address: title_of(client, address) for address in addresses}
    assert len(set(titles_of.values())) == len(addresses)
    assert titles_of["/"] == "By the lake"
    assert titles_of["/?page=2"] == "By the lake · page 2"
    assert titles_of["/archive/"] == "Archive · By the lake"
    assert titles_of["/archive/2026/"] == "Archive 2026 · By the lake"


def test_the_newest_year_has_one_canonical_address(client, published_post):
    published_post(published_at=NOON)
    for address in ("/archive/", "/archive/2026/"):
        link = page(client, address).select_one("link[rel=canonical]")
        assert link["href"] == "http://localhost/archive/2026/"
