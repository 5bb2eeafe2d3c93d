"""Conversion of imported posts: paragraphs stay, embeds of third parties become links."""

import pytest

from blog.importers.html.convert import excerpt_text, post_html, title_text


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("One\r\ntwo\r\n\r\n\r\n\r\nThree", "<p>One<br>two</p><p>Three</p>"),
        ("One<br />\ntwo\n<br>three", "<p>One<br>two<br>three</p>"),
        ("<p>One\n\nTwo</p>", "<p>One</p><p>Two</p>"),
        ("<p>One<p>Two", "<p>One</p><p>Two</p>"),
        ("A\n<ul>\n<li>b</li>\n<li>c\n</ul>\nD", "<p>A</p><ul><li>b</li><li>c</li></ul><p>D</p>"),
        ("<blockquote>A\n\nB</blockquote>", "<blockquote><p>A</p><p>B</p></blockquote>"),
        ("<pre>a\n\n  b</pre>", "<pre>a\n\n  b</pre>"),
        ("<div>A</div>", "<div>A</div>"),
        ("<h1>T</h1>x", "<h2>T</h2><p>x</p>"),
        ("<em>a\n\nb</em>", "<p><em>a<br>b</em></p>"),
        ("a < b & c <3", "<p>a &lt; b &amp; c &lt;3</p>"),
        ("<b>x <i>y</b> z</i>", "<p><b>x <i>y</i></b> z</p>"),
        ("", ""),
        (" \n\n ", ""),
        ("&nbsp;", "<p>\xa0</p>"),
    ],
)
def test_a_classic_post_gets_its_paragraphs(typed, html):
    assert post_html(typed).html == html


def test_the_marks_of_the_block_editor_are_dropped_and_its_newlines_are_no_breaks():
    source = '<!-- wp:paragraph {"a":"b"} -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->\n\n'
    done = post_html(source + "<!-- wp:latest-posts /-->")
    assert done.html == "<p>One\ntwo</p>"
    assert done.counts == {"block": 1}


def test_classic_text_between_blocks_gets_its_paragraphs():
    done = post_html("A\nb\n\nC<!-- wp:paragraph --><p>D</p><!-- /wp:paragraph -->E\nf")
    assert done.html == "<p>A<br>b</p><p>C</p>\n<p>D</p>\n<p>E<br>f</p>"


def test_more_and_nextpage_are_dropped_and_counted():
    done = post_html("A<!--more Read on-->b<!--nextpage-->C<!-- note -->")
    assert done.html == "<p>Ab</p><p>C</p>"
    assert done.counts == {"more": 1, "nextpage": 1}


def test_a_comment_that_never_ends_stays_as_text():
    assert post_html("a <!-- b").html == "<p>a &lt;!-- b</p>"


def test_a_remote_picture_becomes_a_link_that_says_what_it_shows():
    done = post_html('<img src="//img.example.com/cat.png" alt="A cat" srcset="x 2x" />')
    assert done.html == '<p><a href="//img.example.com/cat.png">Image: A cat</a></p>'
    assert done.counts == {"image": 1}


def test_a_linked_remote_picture_becomes_the_text_of_its_link():
    done = post_html('<a href="http://example.org/large.jpg"><img src="http://e.com/s.jpg"></a>')
    assert done.html == '<p><a href="http://example.org/large.jpg">Image: s.jpg</a></p>'


def test_a_picture_in_the_media_folder_stays_a_picture():
    done = post_html(
        '<a href="/up/a.jpg"><img src="/up/a.jpg" alt="A" width="3" onclick="x()"></a>',
        media={"http://old.example.org/up/a.jpg": "/media/a.jpg"}.get,
        base="http://old.example.org/post/",
    )
    assert done.html == (
        '<p><a href="/media/a.jpg"><img src="/media/a.jpg" alt="A" width="3"></a></p>'
    )
    assert done.counts == {"local image": 1}


def test_a_lazy_picture_is_found_and_a_drawn_smiley_is_its_text():
    done = post_html('<img src="data:image/gif;base64,R0" data-src="http://e.com/x.png">')
    assert "http://e.com/x.png" in done.html
    assert (
        post_html('<img src="http://e.com/s.gif" alt=":)" class="wp-smiley">').html == "<p>:)</p>"
    )


@pytest.mark.parametrize(
    ("source", "html", "kind"),
    [
        (
            '<iframe src="//www.youtube.com/embed/abcdefghijk?rel=0" title="Us"></iframe>',
            '<p><a href="https://www.youtube.com/watch?v=abcdefghijk">Video: Us</a></p>',
            "iframe",
        ),
        (
            (
                '<object><param name="movie" value="http://e.com/m.swf">'
                '<embed src="http://e.com/m.swf"></object>'
            ),
            '<p><a href="http://e.com/m.swf">Embedded: e.com</a></p>',
            "object",
        ),
        (
            '<video controls><source src="http://e.com/a%20b.mp4"></video>',
            '<p><a href="http://e.com/a%20b.mp4">Video: a b.mp4</a></p>',
            "video",
        ),
        (
            '<audio src="http://e.com/a.mp3">',
            '<p><a href="http://e.com/a.mp3">Audio: a.mp3</a></p>',
            "audio",
        ),
        ("<script>if (a < b) {}</script>x", "<p>x</p>", "script"),
        ("<style>p {}</style>x", "<p>x</p>", "style"),
        ("https://e.com/1", '<p><a href="https://e.com/1">https://e.com/1</a></p>', "address"),
    ],
)
def test_embeds_of_third_parties_become_counted_links(source, html, kind):
    done = post_html(source)
    assert done.html == html
    assert done.counts == {kind: 1}


def test_a_background_picture_of_a_block_becomes_a_link():
    done = post_html('<div style="background-image:url(http://e.com/b.jpg)"><p>x</p></div>')
    assert done.html == '<div><p><a href="http://e.com/b.jpg">Image: b.jpg</a></p><p>x</p></div>'


def test_a_javascript_link_becomes_its_text():
    assert post_html('<a href=" java\nscript:alert(1)">x</a>').html == "<p>x</p>"


@pytest.mark.parametrize(
    "source",
    [
        '[caption id="a"]<img src="http://e.com/c.png" alt="cat"> My <em>cat</em>[/caption]',
        '[caption caption="My <em>cat</em>"]<img src="http://e.com/c.png" alt="cat">[/caption]',
    ],
)
def test_a_caption_keeps_its_words(source):
    done = post_html(source)
    assert "Image: cat</a>" in done.html
    assert "<figcaption>My <em>cat</em></figcaption>" in done.html
    assert done.counts == {"caption": 1, "image": 1}


def test_a_gallery_is_named_or_shown_from_the_media():
    assert post_html('[gallery ids="1,2"]').html == "<p>Gallery of 2 pictures</p>"
    done = post_html(
        "[gallery]", gallery=lambda ids: [("/media/a.jpg", "A")], media=lambda address: address
    )
    assert done.html == '<ul><li><img src="/media/a.jpg" alt="A"></li></ul>'


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("[youtube http://youtu.be/x?a=1&amp;b=2]", "http://youtu.be/x?a=1&amp;b=2"),
        ("[youtube=http://youtu.be/x]", "http://youtu.be/x"),
        ('[youtube id="abcdefghijk"]', "https://www.youtube.com/watch?v=abcdefghijk"),
        ("[vimeo 123456]", "https://vimeo.com/123456"),
        ("[embed width=3]https://e.com/x[/embed]", "https://e.com/x"),
        ('[audio mp3="http://e.com/a.mp3"][/audio]', "http://e.com/a.mp3"),
        ('[video src="http://e.com/a.mp4"]', "http://e.com/a.mp4"),
        ('[unheard-of url="http://e.com/x" n=3]', "http://e.com/x"),
    ],
)
def test_a_shortcode_with_an_address_becomes_a_link(source, address):
    done = post_html(source)
    assert f'href="{address}"' in done.html
    assert "[" not in done.html
    assert done.counts.total() == 1


def test_an_unknown_shortcode_leaves_its_name_or_its_content():
    assert post_html('[form id="3"]').html == "<p>[form]</p>"
    assert post_html("[box]Hello <b>you</b>[/box]").html == "<p>Hello <b>you</b></p>"


@pytest.mark.parametrize("text", ["[sic]", "[1]", "[...]", "a[i] = b[j]", "[see below]", "[/x]"])
def test_brackets_that_are_no_shortcode_stay(text):
    done = post_html(text)
    assert done.html == f"<p>{text}</p>"
    assert not done.counts


def test_a_doubled_bracket_is_a_single_one():
    assert post_html("Use [[gallery]]").html == "<p>Use [gallery]</p>"


def test_code_between_shortcodes_is_preformatted():
    done = post_html('[sourcecode language="php"]\n<?php\n\nif (a<b) ?>\n[/sourcecode]')
    assert done.html == "<pre>&lt;?php\n\nif (a&lt;b) ?&gt;</pre>"


def test_a_title_and_an_excerpt_are_plain_text():
    assert (
        title_text(" Fish &amp; <em>chips</em>\n&#8211; I <3 &lt;b&gt; ")
        == "Fish & chips – I <3 <b>"
    )
    assert (
        excerpt_text("One <b>two</b>\nthree [sic]\n\n<p>Four</p>") == "One two three [sic]\n\nFour"
    )


HOSTILE = {
    "nested": "<div>" * 50_000 + "x",
    "nested emphasis": "<b><i>" * 25_000 + "x",
    "five megabytes": "word " * 1_000_000,
    "open comments": "<!--" * 200_000,
    "open tags": "<a href='" * 200_000,
    "open brackets": "[gallery " * 200_000,
    "open captions": "[caption]" * 100_000,
    "blank lines": "\n" * 2_000_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_converted_without_an_error(source):
    done = post_html(source)
    assert isinstance(done.html, str)
    if "x" in source[-1:]:
        assert done.html == "<p>x</p>"
        assert done.counts["plain"] == 1
