"""The WXR reader yields every record of an export with its fields."""

import gzip
import io
from datetime import UTC, datetime

import pytest

from blog.importers.records import Author, Item, Repairs, Site, Term
from blog.importers.wxr import read_export
from tests.blog.wxr_samples import comment, export, fields, item


def records(data, kind=None):
    found = list(read_export(io.BytesIO(data)))
    return [r for r in found if kind is None or isinstance(r, kind)]


def only_item(*parts, **values):
    (found,) = records(export(item(*parts, **values)), Item)
    return found


def test_the_site_comes_first_and_the_repairs_come_last():
    found = records(export(item(), address="https://old.example.org/"))
    assert found[0] == Site("https://old.example.org", "Old")
    assert found[-1] == Repairs()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_version_and_both_schemes_are_read(scheme, version):
    (found,) = records(export(item(), scheme=scheme, version=version), Item)
    assert (found.post_id, found.type, found.body) == (1, "post", "Hello")


def test_a_namespace_may_have_another_prefix():
    data = export(item()).replace(b"wp:", b"w:").replace(b"xmlns:wp", b"xmlns:w")
    (found,) = records(data, Item)
    assert found.slug == "a-post"


def test_a_prefix_that_nobody_declared_is_passed_over():
    found = only_item("<georss:point>52 13</georss:point>")
    assert found.post_id == 1


def test_a_path_and_a_gzip_file_are_read(tmp_path):
    path = tmp_path / "export.xml.gz"
    path.write_bytes(gzip.compress(export(item())))
    assert [type(r) for r in read_export(path)] == [Site, Item, Repairs]


def test_authors_and_terms_are_declared_anywhere():
    author = fields(author_id=3, author_login="ann", author_email="ann@example.org")
    category = fields(category_nicename="caf%C3%A9", cat_name="Caf&eacute; &amp; tea")
    tag = fields(tag_slug="t", tag_name="T")
    term = fields(term_taxonomy="series", term_slug="s", term_name="S")
    found = records(
        export(
            f"<wp:category>{category}</wp:category><wp:tag>{tag}</wp:tag>",
            item(),
            f"<wp:author>{author}</wp:author><wp:term>{term}</wp:term>",
        )
    )
    assert [r for r in found if isinstance(r, Author)] == [
        Author("ann", "ann@example.org", "ann", 3)
    ]
    assert [r for r in found if isinstance(r, Term)] == [
        Term("category", "café", "Café & tea"),
        Term("post_tag", "t", "T"),
        Term("series", "s", "S"),
    ]
    assert isinstance(found[0], Site)


def test_an_item_has_all_its_fields():
    found = only_item(
        '<category domain="category" nicename="news"><![CDATA[News]]></category>',
        '<category domain="post_tag" nicename="r-d"><![CDATA[R&amp;D]]></category>',
        title="<![CDATA[Fish &amp; chips]]>",
        body="<!-- wp:paragraph --><p>Hi</p>",
        post_name="%d0%bf%d1%80%d0%b8",
        post_password="secret",
        is_sticky=1,
        post_parent=7,
        menu_order=-2,
        post_modified_gmt="2015-01-01 00:00:00",
    )
    assert found.title == "Fish &amp; chips"
    assert found.slug == "при"
    assert found.creator == "alice"
    assert found.has_password
    assert found.sticky
    assert (found.parent, found.menu_order) == (7, -2)
    assert found.date == datetime(2014, 3, 1, 10, tzinfo=UTC)
    assert found.modified == datetime(2015, 1, 1, tzinfo=UTC)
    assert found.labels == (Term("category", "news", "News"), Term("post_tag", "r-d", "R&D"))


def test_terms_that_an_old_export_writes_twice_are_read_once():
    found = only_item(
        "<category><![CDATA[News]]></category>",
        '<category domain="category" nicename="news"><![CDATA[News]]></category>',
        '<category domain="tag"><![CDATA[Tea]]></category>',
        '<category domain="tag" nicename="tea"><![CDATA[Tea]]></category>',
    )
    assert found.terms == (Term("category", "news", "News"), Term("post_tag", "tea", "Tea"))


def test_the_date_of_a_scheduled_or_drafted_post_is_its_local_date():
    found = only_item(post_date_gmt="0000-00-00 00:00:00")
    assert found.date == datetime(2014, 3, 1, 11, tzinfo=UTC)


def test_a_draft_without_any_date_has_none():
    nothing = "0000-00-00 00:00:00"
    assert only_item(post_date_gmt=nothing, post_date=nothing, status="draft").date is None
    assert only_item(post_date_gmt="2014-02-31 10:00:00", post_date="soon").date is None


def test_a_comment_has_its_fields_and_no_ip_address():
    found = only_item(comment(5, parent=4, comment_author="Tom &amp; Ann", comment_approved="0"))
    (said,) = found.comments
    assert (said.id, said.parent, said.name, said.content) == (5, 4, "Tom & Ann", "Comment 5")
    assert (said.state, said.type, said.is_talk) == ("pending", "comment", True)
    assert said.date == datetime(2014, 3, 2, 10, 5, tzinfo=UTC)
    assert "203.0.113.7" not in str([getattr(said, name) for name in said.__slots__])
    assert "bob@example.org" not in repr(found)


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        ("1", "approved"),
        ("0", "pending"),
        ("hold", "pending"),
        ("", "pending"),
        ("spam", "spam"),
        ("trash", "trash"),
        ("post-trashed", "trash"),
    ],
)
def test_every_comment_status_maps_to_one_of_ours(raw, state):
    assert only_item(comment(1, comment_approved=raw)).comments[0].state == state


def test_a_ping_is_known_even_where_the_export_has_no_types():
    found = only_item(
        comment(1, comment_type="pingback"),
        comment(2, comment_content="<trackback /><strong>Other blog</strong>"),
        comment(3, comment_type="order_note"),
    )
    assert [c.is_ping for c in found.comments] == [True, True, False]
    assert not found.comments[2].is_talk


def test_a_comment_without_an_id_gets_the_same_one_on_every_run():
    first, again = (only_item(comment(1, comment_id="")).comments[0] for _ in range(2))
    assert first.id == again.id < 0


def test_meta_of_posts_and_comments_is_not_mistaken_for_their_fields():
    meta = "<wp:postmeta>" + fields(meta_key="k", post_id=99) + "</wp:postmeta>"
    assert only_item(meta).post_id == 1


def test_html_in_a_field_that_is_no_cdata_section_keeps_its_text():
    assert only_item("<wp:attachment_url>a<b>b</b>c</wp:attachment_url>").attachment_url == "abc"


def test_names_and_texts_in_every_script_survive():
    text = "مرحبا 👩‍👩‍👧 e\u0301 — “quoted” 日本"
    assert only_item(body=text, title=text).body == text
