"""Conversion of imported comments to Markdown: they read the same as before."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.importers.html.convert import comment_markdown
from blog.markdown.parser import make_parser


def rendered(markdown):
    return make_parser().render(markdown).strip()


def seen(markdown):
    """Return the words that a reader sees, without white space."""
    text = rendered(markdown)
    parts = [part.partition(">")[2] for part in ("x>" + text).split("<")]
    return "".join(html.unescape("".join(parts)).split())


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("Hello\nyou\n\nBye", "Hello\nyou\n\nBye"),
        ("<strong>a</strong> <em>b</em> <b><i>c</i></b>", "**a** *b* ***c***"),
        ("x<b> y </b>z", "x **y** z"),
        ("<b>Tag (<i>old one</i>)</b>", "**Tag (*old one*)**"),
        ("(<b>“<i>a</i>”</b>)", "(**“*a*”**)"),
        ('<a href="http://e.com/a_(b)">one</a>', "[one](http://e.com/a_(b))"),
        ('<a href="http://e.com/a_b">http://e.com/a_b</a>', "http://e.com/a_b"),
        (
            '<a href="http://e.com/a_b">http://e.com/a_b</a>c',
            "[http://e.com/a_b](http://e.com/a_b)c",
        ),
        ('<a href="http://e.com/a)b c">one [x</a>', "[one \u2060[x](http://e.com/a%29bc)"),
        ('<a href="/page">one</a>', "one"),
        ('<a href="javascript:x()">one</a>', "one"),
        ("<blockquote>a\n\nb</blockquote>c", "> a\n>\n> b\n\nc"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ('<ol start="3"><li>a</li><li><p>b</p></li></ol>', "3. a\n\n4. b"),
        ("<ol><li>a</li> <li>b<ul><li>c</li></ul></li></ol>", "1. a\n\n2. b\n\n- c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<code>a`b</code>", "a`b"),
        ("<pre>a\n\n  b</pre>", "```\na\n\n  b\n```"),
        ("<h2>Title</h2>text", "**Title**\n\ntext"),
        ('<img src="http://e.com/c.png" alt="cat">', "[Image: cat](http://e.com/c.png)"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a | b"),
        ("Fish &amp; chips &#8211; &lt;3 &hellip;", "Fish & chips – <3 …"),
        ("<script>x</script>ok", "ok"),
        ("*stars*, _lines_, `ticks`", "\u2060*stars\u2060*, _lines_, `ticks`"),
        ("1. one\n- two\n# three", "1. one\n\u2060- two\n# three"),
        ("", ""),
    ],
)
def test_comment_html_becomes_markdown(source, markdown):
    assert comment_markdown(source).text == markdown


@pytest.mark.parametrize(
    "text",
    [
        "1. no list",
        "2) no list",
        "* star",
        "- dash\n+ plus",
        "# heading, #tag and C#",
        "> someone said",
        "Title\n---",
        "Title\n===",
        "***",
        "_ _ _",
        "*stars* and _lines_ and **more**",
        "`ticks` and ``` fences",
        "~~~\nwave",
        "[a](b) and ![c](d)",
        "[a]: http://e.com\n\n[a]",
        "&amp; and &copy; as typed",
        "<b> and <http://e.com> as typed",
        "C:\\dir\\ and \\* and \\",
        "    four spaces",
        "2*3*4 and snake_case_name",
        "(see http://e.com/a_b_c), [http://e.com/x] and <http://e.com/y>",
        "Wow! [x](y)",
        "مرحبا 👩‍👩‍👧 e\u0301 — “quoted” 日本 😀",
    ],
)
def test_plain_words_look_the_same_afterwards(text):
    done = comment_markdown(html.escape(text, quote=False))
    assert seen(done.text) == "".join(text.split())
    for tag in ("<ul", "<ol", "<h1", "<h2", "<hr", "<em", "<strong", "<code", "<pre", "<img"):
        assert tag not in rendered(done.text)
    assert "<blockquote" not in rendered(done.text)


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 = 6",
        "snake_case",
        "5*6",
        "It's 10% - or so",
        "C#",
        "a_b",
        "Yes! No? (maybe) [sic]",
        "http://e.com/a_b_c?x=1&y=2",
        "end.\nnext",
        "a ~ b",
        "AT&T",
        "x < y > z",
        "I <3 you",
        "1. no list",
        "C:\\dir\\ and \\_",
        "&amp; and &copy; `ticks` _lines_ # no heading",
        "Kolleg*innen",
    ],
)
def test_nothing_is_escaped_that_needs_no_escape(text):
    assert comment_markdown(html.escape(text, quote=False)).text == text


def test_a_newline_is_a_line_break():
    assert rendered(comment_markdown("a\nb").text) == "<p>a<br>\nb</p>"


def test_emphasis_that_markdown_cannot_say_is_left_out():
    assert comment_markdown('foo<em>"bar"</em>baz').text == 'foo"bar"baz'


SIGNS = st.sampled_from([*list("ab1 .)*_#>-+=~`[]()!<&\\\n|:\"'é。😀"), "http://e.org/a_b", "\n\n"])


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_typed_text_reads_the_same_after_rendering(text):
    done = comment_markdown(html.escape(text))
    assert seen(done.text) == "".join(text.split())


@given(st.text(max_size=60))
def test_every_visible_character_survives(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if (c >= " " and c != "\x7f") or c in "\t\n")
    assert seen(comment_markdown(html.escape(text)).text) == "".join(kept.split())


TAGS = st.sampled_from(["em", "strong", "blockquote", "code", "pre", "p", "h2", "div"])
INNER = st.recursive(
    st.lists(SIGNS, min_size=1, max_size=8).map(lambda signs: html.escape("".join(signs))),
    lambda inner: st.one_of(
        st.tuples(TAGS, inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        inner.map(lambda text: f'<a href="http://e.org/x">{text}</a>'),
        inner.map(lambda text: f"<ul><li>{text}</li><li>{text}</li></ul>"),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=8,
)


@given(INNER)
def test_marked_up_text_shows_the_same_words_as_before(source):
    parts = [part.partition(">")[2] for part in ("x>" + source).split("<")]
    said = "".join(html.unescape("".join(parts)).split())
    assert seen(comment_markdown(source).text) == said


@pytest.mark.parametrize(
    "source",
    [
        "<blockquote>" * 50000 + "x",
        "<b>" * 50000 + "x",
        "word " * 1000000,
        "*a_" * 300000,
        "> " * 300000,
        "[" * 300000,
        "<a href='x'>" * 60000,
        "\\" * 500000,
    ],
    ids=range(8),
)
def test_hostile_comments_are_converted_without_an_error(source):
    assert isinstance(comment_markdown(source).text, str)
