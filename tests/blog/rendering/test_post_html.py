"""What readers get of a post's text: coloured code, tables that scroll, footnotes."""

import re

import pytest
from django.core.management import call_command

from blog.html_to_text import words
from blog.markup import clean
from blog.models import Post
from blog.publishing import rerender
from blog.rendering.post_html import RENDER_VERSION, render

CODE = (
    '<pre><code class="language-python">def greet(name):  # hello\n'
    '    return "a &lt; b"</code></pre>'
)
TABLE = "<table><tbody><tr><th>Fear</th><th>What <b>happened</b></th></tr></tbody></table>"
NOTED = (
    "<p>One.[^a] Two.[^b] Again.[^a]</p>\n<p>[^b]: Second &amp; <em>last</em>.</p><p>[^a]: Why.</p>"
)


def rendered(html, language="en"):
    return render(clean(html), language)


def test_code_has_the_colours_of_its_language_and_the_same_text():
    html = rendered(CODE)
    assert '<span class="code-keyword">def</span>' in html
    assert '<span class="code-comment"># hello</span>' in html
    assert '<span class="code-string">"a &lt; b"</span>' in html
    assert re.sub("</?span[^>]*>", "", html) == clean(CODE)


@pytest.mark.parametrize("language", ["nobody-speaks-it", "<b>", "text"])
def test_code_of_an_unknown_language_is_plain(language):
    html = clean(CODE.replace("language-python", f"language-{language}"))
    assert render(html, "en") == html


def test_code_without_a_language_and_very_long_code_are_plain():
    plain = clean("<pre><code>def greet(): pass</code></pre>")
    long = clean(f'<pre><code class="language-python">{"x = 1&lt;2" * 9000}</code></pre>')
    assert (render(plain, "en"), render(long, "en")) == (plain, long)


def test_a_table_scrolls_in_a_box_that_takes_focus_and_has_a_name():
    html = rendered(TABLE)
    opening = '<section class="table-scroll" tabindex="0" aria-label="Fear, What happened">'
    assert html == f"{opening}{clean(TABLE)}</section>"
    named = TABLE.replace("<tbody>", '<caption>A &amp; “B” "C"</caption><tbody>')
    assert 'aria-label="A &amp; “B” &quot;C&quot;"' in rendered(named)
    inner = TABLE.replace("Fear", f"Fear {TABLE}")
    assert rendered(inner).count("<section") == rendered(inner).count("</section>") == 1


def test_footnotes_lead_to_their_place_and_back():
    html = rendered(NOTED)
    for mark, note in [("fnref-1", "fn-1"), ("fnref-2", "fn-2"), ("fnref-1-2", "fn-1")]:
        assert html.count(f'<a id="{mark}" href="#{note}"') == 1
        assert html.count(f'href="#{mark}" role="doc-backlink"') == 1
        assert html.count(f'<li id="{note}">') == 1
    assert html.startswith("<p>One.<sup>")
    assert '<li id="fn-1">Why. <a' in html
    assert '<li id="fn-2">Second &amp; <em>last</em>. <a' in html
    assert words(html).endswith("↩")
    assert "[^" not in html


def test_footnotes_are_named_in_the_language_of_the_post():
    assert 'aria-label="Fußnoten"' in rendered(NOTED, "de")


@pytest.mark.parametrize(
    "text",
    [
        "<p>A mark[^1] without a note.</p>",
        "<p>[^1]: A note without a mark.</p>",
        "<p>In code: <code>[^1]</code></p><p>[^1]: not a mark there.</p>",
    ],
)
def test_half_a_footnote_stays_as_it_was_typed(text):
    assert rendered(text) == clean(text)


def test_anchors_of_imported_footnotes_and_our_classes_stay_and_no_others():
    kept = (
        '<p>x<sup id="fnref-1"><a href="#fn-1">1</a></sup></p><ol><li id="fn-1">n</li></ol>'
        '<figure class="broad">x</figure><blockquote class="pull">x</blockquote>'
    )
    assert clean(kept) == kept
    for other in ['<li id="comments">x</li>', '<figure class="answer">x</figure>']:
        assert "=" not in clean(other)


def test_stored_posts_are_rendered_again_after_a_change_of_the_rules(published_post, capsys):
    post = published_post(body=TABLE)
    assert Post.objects.get().html == rendered(TABLE)
    before = Post.objects.values("updated_at", "version").get()
    Post.objects.update(body_html="", render_version=0)
    assert rerender.due_since()
    call_command("rerender_posts")
    assert "1 post was re-rendered." in capsys.readouterr().out
    post = Post.objects.get()
    assert (post.html, post.render_version) == (rendered(TABLE), RENDER_VERSION)
    assert Post.objects.values("updated_at", "version").get() == before
    assert rerender.due_since() is None
    assert rerender.rerender() == 0


def test_a_text_that_is_replaced_is_never_shown_by_its_old_rendering(published_post):
    published_post(body=TABLE)
    Post.objects.update(body="<p>new</p>")
    assert Post.objects.get().html == "<p>new</p>"
    rerender.do_due()
    assert Post.objects.get().render_version == RENDER_VERSION


def test_readers_get_the_rendered_text_and_its_author_the_written_one(client, published_post):
    post = published_post(slug="lake", body=CODE)
    assert '<span class="code-keyword">def</span>' in client.get("/posts/lake/").text
    assert "span" not in post.body


def test_two_notes_of_one_name_lose_no_word():
    html = rendered("<p>One.[^1]</p><p>[^1]: First.</p><p>[^1]: Second.</p>")
    assert "First." in html.partition("<section")[2]
    assert "[^1]: Second." in html.partition("<section")[0]


def test_notes_on_lines_of_one_paragraph_are_notes_of_their_own():
    html = rendered("<p>One.[^1] Two.[^2]</p><p>[^1]: First.<br>[^2]: Second.</p>")
    notes = html.partition("<section")[2]
    assert ("First." in notes, "Second." in notes, "[^" in html) == (True, True, False)
    assert notes.count("<li") == 2


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("console", "$ pip install x"),
        ("console", "$ ls\na.txt\n$ pwd"),
        ("irb", "irb> 1 + 1\n=> 2"),
        ("robotframework", "*** Test Cases ***\nOne\n    Log  two"),
        ("python", "x = 1\n"),
        ("python", ""),
    ],
)
def test_coloured_code_has_every_letter_of_what_was_written(language, code):
    html = rendered(f'<pre><code class="language-{language}">{code}</code></pre>')
    assert re.sub("</?span[^>]*>", "", html).replace("&gt;", ">") == (
        f'<pre><code class="language-{language}">{code}</code></pre>'
    )


def test_a_note_may_refer_to_another():
    html = rendered("<p>One.[^a]</p><p>[^a]: See also[^b].</p><p>[^b]: Here.</p>")
    text, _, notes = html.partition("<section")
    assert "[^" not in html
    assert notes.count("<li") == 2
    assert 'href="#fn-2"' in notes.partition("Here.")[0]
    assert 'href="#fn-2"' not in text
