"""Comment markup: a small part of Markdown, and never any active content."""

import re
import sys
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import markup

SUBSET = {
    "*soft* and **strong**": "<p><em>soft</em> and <strong>strong</strong></p>",
    "one\ntwo\n\nthree": "<p>one<br>\ntwo</p>\n<p>three</p>",
    "- a\n- b": "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
    "> said": "<blockquote>\n<p>said</p>\n</blockquote>",
    "`x < y`": "<p>`x &lt; y`</p>",
    "```\na\n```": "<pre><code>a\n</code></pre>",
    "“Curly” – don’t… 🌱": "<p>“Curly” – don’t… 🌱</p>",
    "# no heading": "<p># no heading</p>",
    "no\n---\nrule": "<p>no<br>\n---<br>\nrule</p>",
    "| a |\n|---|\n| b |": "<p>| a |<br>\n|---|<br>\n| b |</p>",
    "<b>bold</b> <!-- x -->": "<p>&lt;b&gt;bold&lt;/b&gt; &lt;!-- x --&gt;</p>",
    '5 < 6 && "7"': '<p>5 &lt; 6 &amp;&amp; "7"</p>',
    "&lt;script&gt; &copy;": "<p>&amp;lt;script&amp;gt; &amp;copy;</p>",
    "a\x0bb\x1bc": "<p>a bc</p>",
}


@pytest.mark.parametrize(("source", "html"), SUBSET.items())
def test_the_supported_part_of_markdown(source, html):
    assert markup.render(source) == html


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("[here](https://example.org/a?b=1&c=2)", "https://example.org/a?b=1&c=2"),
        ("https://example.org/ä", "https://example.org/%C3%A4"),
        ("<http://example.org>", "http://example.org"),
        ("[write](mailto:ada@example.org)", "mailto:ada@example.org"),
        ("[write](ada@example.org)", "mailto:ada@example.org"),
        ("[here](example.org/a)", "https://example.org/a"),
    ],
)
def test_links_lead_where_they_say_and_are_nofollow(source, address):
    (link,) = tags(markup.render(source), "a")
    assert link["href"] == address
    assert link["rel"] == "nofollow ugc noopener"
    assert link.keys() == {"href", "rel"}


@pytest.mark.parametrize("source", ["www.example.org", "ada@example.org", "note.md", "e.g.this"])
def test_text_that_only_looks_like_a_url_stays_text(source):
    assert not tags(markup.render(source), "a")


@pytest.mark.parametrize("source", ["![x](https://example.org/x.png)", "![x][y]\n\n[y]: /x.png"])
def test_pictures_are_never_loaded(source):
    assert not tags(markup.render(source), "img")


SCRIPTS = ["javascript", "JaVaScRiPt", "vbscript", "data", "file", "blob", "view-source"]
INVISIBLE = ["", "\x01", "\t", "\n", "\u00ad", "\u200b", "\ufeff", "&#x09;", "&NewLine;", "\\"]
ATTACKS = [
    *(
        text.format(f"{scheme[:4]}{odd}{scheme[4:]}{colon}")
        for scheme in SCRIPTS
        for odd in INVISIBLE
        for colon in (":", "&colon;", "&#58;", "%3A", "：")
        for text in ("[x]({}alert(1))", "<{}alert(1)>", "[x](<{}text/html,1>)")
    ),
    "<script>alert(1)</script>",
    "<SCRIPT/x>alert(1)</SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>@import 'x';</style><link rel=stylesheet href=x><base href=//x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form action=x><button formaction=javascript:alert(1)>x</button></form>",
    "<p style='position:fixed' class=x id=main onclick=alert(1)>x</p>",
    '[x](https://example.org"onmouseover="alert(1))',
    "[x](https://example.org 'a\"onmouseover=\"alert(1)')",
    "[<img src=x onerror=alert(1)>](https://example.org)",
    "[a](https://example.org)[b](javascript:alert(1) 'x')",
    "[[a](https://example.org/1)](javascript:alert(1))",
    "[a](https://example.org/[b](javascript:alert(1)))",
    "![a](javascript:alert(1))",
    '<https://example.org/"onclick="alert(1)>',
    'https://example.org/"onclick="alert(1)',
    "`<script>`alert(1)`</script>`",
    "```<script>\nalert(1)\n```",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "\x00<script>alert(1)</script>",
]


class Everything(HTMLParser):
    """Collects every tag with its attributes, and everything else that is no text."""

    def __init__(self):
        super().__init__()
        self.tags, self.others = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def note(self, data):
        self.others.append(data)

    handle_comment = handle_decl = handle_pi = unknown_decl = note


def tags(html, name=None):
    parser = Everything()
    parser.feed(html)
    parser.close()
    assert not parser.others
    found = [attributes for tag, attributes in parser.tags if name in {None, tag}]
    return found if name else parser.tags


def assert_harmless(html):
    for tag, attributes in tags(html):
        assert tag in markup.TAGS, html
        assert attributes.keys() <= ({"href", "rel"} if tag == "a" else set()), html
        assert scheme_of(attributes.get("href", "")) in {None, "http", "https", "mailto"}, html


def scheme_of(address):
    """Return the scheme that a browser sees in a URL (https://url.spec.whatwg.org, 4.4)."""
    address = re.sub(r"[\t\n\r]", "", address.lstrip("".join(map(chr, range(33)))))
    found = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE | re.ASCII)
    return found and found[1].lower()


def test_attacks_become_text():
    for attack in ATTACKS:
        assert_harmless(markup.render(attack))


RAW = [attack for attack in ATTACKS if attack.startswith("<")] + [
    f'<a href="{scheme}{odd}:alert(1)" onclick=x>x</a>'
    for scheme in SCRIPTS
    for odd in ("", "\x01", "&#9;", "&NewLine;", "\u200b")
]


def test_the_first_sanitiser_suffices_alone():
    for attack in RAW:
        assert_harmless(markup.cleaner(markup.PROTOCOLS).clean(attack))


def test_the_second_sanitiser_suffices_alone(monkeypatch):
    class Open:
        clean = staticmethod(lambda html: html)

        @staticmethod
        def render(source):
            return source

    monkeypatch.setattr(markup, "parser", lambda finds_links, protocols: Open)
    monkeypatch.setattr(markup, "cleaner", lambda protocols: Open)
    for attack in RAW:
        assert_harmless(markup.render(attack))


def test_the_parser_suffices_alone(monkeypatch):
    for attack in ATTACKS:
        html = markup.parser().render(attack)
        assert not {tag for tag, _ in tags(html)} - markup.TAGS


def steps(text):
    """How many calls of Python functions rendering takes: the same on every machine."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        markup.render(text)
    finally:
        sys.setprofile(None)
    return count


BRACKETS = ["[", "[[]", "![", "[a](", "https://a.", "[](", "](", "[a](b) "]


@pytest.mark.parametrize("piece", BRACKETS)
def test_brackets_and_addresses_without_end_cost_what_other_letters_do(piece):
    markup.render("warm [up](https://a.example)")
    markup.parser(finds_links=False)
    assert steps((piece * 10_000)[:10_000]) < 10_000 * 10


def test_a_text_of_too_many_brackets_stays_as_typed():
    link = "[one](https://a.example)"
    few, many = "[" * (markup.MOST_BRACKETS - 1), "[" * markup.MOST_BRACKETS
    assert '<a href="https://a.example"' in markup.render(f"{few} {link}")
    assert markup.render(f"{many} {link}") == f"<p>{many} {link}</p>"
    address = "https://a.example "
    assert "<a " in markup.render(address * markup.MOST_ADDRESSES)
    assert "<a " not in markup.render(address * (markup.MOST_ADDRESSES + 1))


NASTY = [">", "*", "[", "![", "<", "_*", "`", "- ", "[a](", "[](", "&amp", "http://", "\\", "](x)"]


@pytest.mark.parametrize("piece", NASTY)
def test_ten_thousand_characters_are_rendered_in_bounded_time(piece):
    start = time.process_time()
    html = markup.render((piece * 10_000)[:10_000])
    # It usually takes a tenth of a second; quadratic work would take minutes.
    assert time.process_time() - start < 20
    assert len(html) < 200_000
    assert_harmless(html)


def test_text_inside_many_quotes_is_not_lost():
    assert "kept" in markup.render("> " * 60 + "kept")
    assert "kept" in markup.render("\n".join("  " * depth + "- x" for depth in range(30)) + " kept")


SIGNS = st.sampled_from(
    [
        *"< > [ ]( ) * ` & # ; \" ' \\ ! <!-- --> javascript: data: https:// &#x6a;".split(),
        *["script", "img ", "onerror=", "a", "\n", " ", "\t"],
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.lists(SIGNS, max_size=30).map("".join), st.text(max_size=80)))
def test_only_listed_tags_are_ever_produced(source):
    assert_harmless(markup.render(source))


MARKS = [
    "-\n",
    "=\n",
    "*a",
    "~~~\n",
    "> ",
    "- ",
    "1. ",
    "a\n",
    "a\n\n",
    "a\r",
    "`a`",
    "\\*",
    "&amp;",
]
LISTS = [
    "- a\n  - b\n",
    "_*",
    "a_a",
    "<",
    "> a\n",
    "+\n",
    "1)\n",
    "\t\n",
    "``` \n",
    "*a* ",
    "**a_b_**",
    "[[a]",
    "[a](",
    "](",
    "[a](b.org) ",
    "https://a.b/(",
    "://",
    "\u2060",
    '"*a',
    "—*",
    "```a\n",
    "> a\n>\n",
    "- - a\n",
    "> - ",
]


@pytest.mark.parametrize("length", [10_000, 50_000])
@pytest.mark.parametrize("piece", MARKS + LISTS)
def test_a_text_of_nothing_but_marks_costs_what_a_long_comment_does(piece, length):
    markup.render("warm *up*")
    text = (piece * length)[:length]
    assert steps(text) < steps("- *one* `line` of a list\n" * 160) * 1.5
    assert_harmless(markup.render(text))


def test_a_text_of_too_many_marks_stays_as_typed():
    few = "*a* " * (markup.MOST_MARKS // 2)
    assert markup.render(few).count("<em>") == markup.MOST_MARKS // 2
    line = "*a* <b> [c](https://c.example)  \n\n\nd\n"
    html = markup.render(line * markup.MOST_MARKS)
    assert html.startswith("<p>*a* &lt;b&gt; [c](https://c.example)</p>\n<p>d<br>\n*a* &lt;b&gt; ")
    assert_harmless(markup.render("<script>alert(1)</script>\n" * markup.MOST_MARKS))
