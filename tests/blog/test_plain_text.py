"""Plain text becomes paragraphs; a post without an excerpt shows its first words in lists."""

import pytest

from blog import html_to_text, markup
from blog.models import Post


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("One.\n\nTwo & three.", "<p>One.</p>\n\n<p>Two &amp; three.</p>"),
        ("5 < 6 and 7 > 6", "<p>5 &lt; 6 and 7 &gt; 6</p>"),
        ("<p>Written\n\nas HTML.</p>", "<p>Written\n\nas HTML.</p>"),
        ("One <em>word</em>.\n\nTwo\nlines.", "<p>One <em>word</em>.</p>\n\n<p>Two<br>lines.</p>"),
        (
            'An <a href="/a/">address</a> &amp; more',
            '<p>An <a href="/a/">address</a> &amp; more</p>',
        ),
        ("<ul><li><em>a</em></li></ul>\n\nb", "<ul><li><em>a</em></li></ul>\n\nb"),
    ],
)
def test_plain_text_gets_paragraphs_and_html_stays(typed, stored):
    assert markup.with_paragraphs(typed) == stored


def test_an_author_may_type_plain_paragraphs(client, alice, signed_in):
    form = {
        "title": "The lake",
        "slug": "lake",
        "body": "One evening.\r\n\r\nAnother <evening",
        "status": "published",
        "comment_mode": "default",
        "kind": "post",
        "menu_order": "0",
    }
    answer = signed_in(alice).post("/admin/blog/post/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    page = client.get("/posts/lake/").text
    assert "<p>One evening.</p>" in page
    assert "<p>Another &lt;evening</p>" in page


def test_a_list_shows_the_first_words_where_there_is_no_excerpt(client, published_post):
    words = " ".join(f"word{number}" for number in range(60))
    published_post(body=f"<h2>Heading</h2><p>{words} &amp; more</p>", excerpt="")
    page = client.get("/").text
    assert "Heading word0 word1" in page
    assert "word38…" in page
    assert "word39" not in page


def test_an_excerpt_is_shown_as_it_is(published_post):
    post = published_post(body="<p>Text</p>", excerpt="My own words")
    assert Post.objects.get(pk=post.pk).summary == "My own words"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("The kettle", 10, "The kettle"),
        ("The kettle.", 10, "The kettl…"),
        ("caf\u0065\u0301s", 5, "caf…"),
        ("e\u0301 \ufa10 \u212b stay", 20, "e\u0301 \ufa10 \u212b stay"),
        ("ab👩\u200d👧 s", 5, "ab👩…"),
        ("ab👍🏽", 3, "ab…"),
        ("e" + "\u0301" * 9, 5, "e\u0301\u0301\u0301…"),
    ],
)
def test_the_beginning_of_a_text_has_the_signs_that_were_typed(text, most, shown):
    assert html_to_text.beginning(text, most) == shown
