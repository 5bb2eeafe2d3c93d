"""Posts and pages of an imported blog: status, dates, addresses, tags and text."""

from datetime import UTC, datetime

import pytest

from blog.importers.html.convert import Converted
from blog.models import Post, Tag
from tests.blog.importing import move_in, post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.import_loader", "blog.models.post"),
]
WHEN = datetime(2014, 3, 1, 10, tzinfo=UTC)


def the_post():
    return Post.objects.get()


@pytest.mark.parametrize(
    ("fields", "status", "date"),
    [
        ({"status": "publish"}, "published", WHEN),
        ({"status": "future"}, "scheduled", WHEN),
        ({"status": "draft"}, "draft", None),
        ({"status": "pending"}, "draft", None),
        ({"status": "auto-draft"}, "draft", None),
        ({"status": "private"}, "draft", WHEN),
        ({"status": "something-else"}, "draft", None),
        ({"status": "publish", "post_password": "hush"}, "draft", WHEN),
        ({"status": "future", "post_password": "hush"}, "draft", None),
    ],
)
def test_only_posts_that_were_public_are_published(fields, status, date):
    move_in(post(**fields))
    assert (the_post().status, the_post().published_at) == (status, date)


def test_password_protected_posts_are_named_in_the_report():
    locked = post(title="Only for us", status="publish", post_password="hush")
    report = move_in(locked, post(title="For all", post_id=9))
    assert report.problems == {
        "Password-protected on the old blog; imported as drafts": ["Only for us"]
    }
    assert "  Only for us" in list(report.lines())


def test_publication_dates_are_kept():
    move_in(post(post_modified_gmt="2015-04-05 06:07:08"))
    assert the_post().created_at == WHEN
    assert the_post().updated_at == datetime(2015, 4, 5, 6, 7, 8, tzinfo=UTC)


@pytest.mark.parametrize("date", ["0001-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_an_impossible_date_does_not_break_the_page(date, client):
    move_in(post(post_date=date, post_date_gmt=date))
    assert client.get(the_post().get_absolute_url()).status_code == 200


def test_trashed_items_and_other_types_are_counted_and_skipped():
    report = move_in(
        post(status="trash"), post(post_id=2, post_type="nav_menu_item"), post(post_id=3)
    )
    assert Post.objects.values_list("source_id").get() == ("3",)
    assert report.counts["posts"]["skipped"] == 1
    assert sorted(report.skipped.values()) == [1, 1]


@pytest.mark.parametrize(
    ("kind", "comment_status", "mode"),
    [
        ("post", "open", "default"),
        ("post", "closed", "closed"),
        ("post", "", "default"),
        ("page", "open", "first-timers"),
        ("page", "closed", "default"),
    ],
)
def test_closed_stays_closed_and_open_pages_show_comments(kind, comment_status, mode):
    move_in(post(post_type=kind, comment_status=comment_status))
    assert the_post().comment_mode == mode


def test_pages_find_their_parents_wherever_these_stand_in_the_file():
    move_in(
        post(post_id=5, post_type="page", post_parent=9, menu_order=7),
        post(post_id=9, post_type="page", menu_order=99999999999),
    )
    child = Post.objects.get(source_id="5")
    assert (child.parent.source_id, child.menu_order) == ("9", 7)


def test_a_ring_of_pages_and_a_missing_parent_are_reported():
    report = move_in(
        post(post_id=1, post_type="page", post_parent=2, title="One"),
        post(post_id=2, post_type="page", post_parent=1, title="Two"),
        post(post_id=3, post_type="page", post_parent=3, title="Three"),
        post(post_id=4, post_type="page", post_parent=77, title="Four"),
    )
    assert Post.objects.exclude(parent=None).count() == 1
    assert list(report.problems.values()) == [["Two", "Three", "Four"]]


def test_addresses_are_decoded_made_and_numbered():
    report = move_in(
        post(post_id=1, post_name="%e3%81%93%e3%82%93"),
        post(post_id=2, post_name="", title="Made of the title"),
        post(post_id=3, post_name="twice"),
        post(post_id=4, post_name="twice"),
        post(post_id=5, post_name="search", post_type="page"),
        post(post_id=6, post_name="", title="💛"),
    )
    slugs = list(Post.objects.order_by("source_id").values_list("slug", flat=True))
    assert slugs == ["こん", "made-of-the-title", "twice", "twice-2", "search-2", "post"]
    names = [name for names in report.problems.values() for name in names]
    assert "twice → twice-2" in names
    assert "search → search-2" in names
    assert report.texts["slug"] == 2


def test_a_local_post_keeps_its_address(alice):
    Post.objects.create(title="Mine", slug="post-1", author=alice)
    move_in(post())
    assert Post.objects.get(title="Mine").slug == "post-1"
    assert Post.objects.get(source_id="1").slug == "post-1-2"


def test_a_post_without_a_title_can_be_reached_in_lists(client):
    move_in(post(title=""))
    assert b"Untitled" in client.get("/").content


def test_a_text_that_is_too_long_is_cut():
    report = move_in(post(title="Long", body=("<p>" + "word " * 40 + "</p>") * 12_000))
    assert 1_900_000 < len(the_post().body) < 2_000_000
    assert the_post().body.endswith("</p>")
    assert ["1 Long"] in report.problems.values()


def test_dangerous_html_is_removed():
    move_in(
        post(body='<script>alert(1)</script><p onclick="x()">Hello <a href="javascript:x">y</a>')
    )
    assert "script" not in the_post().body
    assert "onclick" not in the_post().body


def test_categories_and_tags_become_tags_once(alice):
    Tag.objects.create(name="Garden (mine)", slug="garden")
    report = move_in(
        post(
            terms=[
                ("category", "news", "News"),
                ("post_tag", "news-2", "news"),
                ("category", "garden", "Garden"),
                ("post_tag", "%e3%81%93", "こ"),
                ("post_tag", "a", "💛"),
                ("post_format", "post-format-aside", "Aside"),
            ]
        ),
        post(post_id=2, terms=[("category", "news", "News")]),
    )
    names = sorted(Post.objects.get(source_id="1").tags.values_list("slug", flat=True))
    assert names == ["a", "garden", "news", "こ"]
    assert Tag.objects.get(slug="garden").name == "Garden (mine)"
    assert (report.counts["tags"]["new"], report.counts["tags"]["here"]) == (3, 1)


def test_tags_whose_names_give_no_slug_stay_separate():
    move_in(post(terms=[("post_tag", "", "💛"), ("post_tag", "", "🌙")]))
    assert sorted(Tag.objects.values_list("slug", flat=True)) == ["tag", "tag-2"]


def test_converted_texts_are_sanitised_again_when_stored(monkeypatch):
    leaky = Converted("<p onclick='x()'>Hello</p><script>alert(1)</script>")
    monkeypatch.setattr("blog.importers.html.convert.post_html", lambda *_args, **_values: leaky)
    move_in(post())
    assert the_post().body == "<p>Hello</p>"
