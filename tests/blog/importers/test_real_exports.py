"""Two real exports: the reader finds what an independent script counted in them."""

import html
import re
from collections import Counter

import pytest

from blog.importers.comment_order import order_comments
from blog.importers.html.convert import comment_markdown, post_html
from blog.importers.records import Author, Item, Term
from blog.importers.wxr import read_export
from tests.blog.wxr_samples import expected, real_exports

NAMES = ["theme-unit-test.xml", "comprehensive.xml"]


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def found(name):
    return list(read_export(real_exports() / name))


@pytest.fixture
def items(found):
    return [record for record in found if isinstance(record, Item)]


def test_the_counts_are_those_of_the_file(name, found, items):
    counts = expected(name)["counts"]
    posts = [item for item in items if item.type == "post"]
    terms = [record for record in found if isinstance(record, Term)]
    labels = {label for post in posts for label in post.labels}
    assert Counter(item.type for item in items) == counts["items_by_type"]
    assert Counter(post.status for post in posts) == counts["posts_by_status"]
    assert sum(item.has_password for item in items) == counts["password_protected"]
    assert sum(item.sticky for item in items) == counts["sticky"]
    assert sum(isinstance(record, Author) for record in found) == counts["authors_declared"]
    assert len({item.creator for item in items}) == counts["creators_used"]
    assert sum(t.taxonomy == "category" for t in terms) == counts["categories_declared"]
    assert sum(t.taxonomy == "post_tag" for t in terms) == counts["tags_declared"]
    assert sum(t.taxonomy == "category" for t in labels) == counts["categories_used_on_posts"]
    assert sum(t.taxonomy == "post_tag" for t in labels) == counts["tags_used_on_posts"]


def test_every_comment_has_its_parent_status_date_and_length(name, items):
    read = {
        (item.post_id, comment.id): {
            "id": str(comment.id),
            "post": str(item.post_id),
            "parent": str(comment.parent),
            "status": comment.state,
            "type": comment.type,
            "author": comment.name,
            "date_gmt": comment.date.strftime("%Y-%m-%d %H:%M:%S"),
            "text_len": len(comment.content),
        }
        for item in items
        for comment in item.comments
    }
    wanted = {}
    for each in expected(name)["comments"]:
        del each["depth"]
        each["author"] = html.unescape(each["author"])
        wanted[int(each["post"]), int(each["id"])] = each
    assert {key: read[key] for key in wanted} == wanted
    assert len(read) == expected(name)["counts"]["comments_all"]


def test_the_arranged_threads_have_the_depths_of_the_file(name, items):
    tree, done = expected(name)["tree"], [order_comments(item.comments) for item in items]
    placed = [each for post in done for each in post.comments]
    assert max(each.level for each in placed) == tree["max_depth"]
    assert sum(each.parent is not None for each in placed) == tree["replies"]
    assert (
        sum((post.skipped for post in done), Counter()).total()
        == (expected(name)["counts"]["pings"])
    )
    assert not [problem for post in done for problem in post.problems]


def test_no_converted_post_or_comment_requests_anything_from_third_parties(items):
    for item in items:
        text = post_html(item.body, base=item.link).html
        for trace in ("<img", "<iframe", "<embed", "<video", "<audio", "<script", "style=", "<!--"):
            assert trace not in text, item.title
        for comment in item.comments:
            assert comment_markdown(comment.content).text.strip()


def test_every_featured_image_is_one_of_the_attachments_and_says_what_it_shows(name, items):
    raw = (real_exports() / name).read_text(encoding="utf-8")
    of_kinds = [item for item in items if item.type in ("post", "page")]
    attachments = {item.post_id: item for item in items if item.type == "attachment"}
    leads = [item.lead for item in of_kinds if item.lead]
    assert len(leads) == len(re.findall(r"_key>\s*(?:<!\[CDATA\[)?_thumbnail_id\b", raw))
    assert {lead for lead in leads if lead in attachments} == set(leads)
    told = {item.alt for item in attachments.values() if item.alt}
    assert all(alt in html.unescape(raw) for alt in told)
    assert bool(told) == ("_wp_attachment_image_alt" in raw)
