"""The small Markdown of comments: what is a mark, what stays as typed, and where links end."""

import re
from html import unescape

import pytest

from blog.markdown.parser import make_parser


def rendered(source):
    html = make_parser().render(source).strip()
    return re.sub(r">\n<", "><", html.replace("<br>\n", "<br>")).replace("&quot;", '"')


def shown(source):
    """Return what a reader sees, with white space folded."""
    inside_words = re.sub(r"</?(?:a|em|strong)\b[^>]*>", "", rendered(source))
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", inside_words)).split())


AS_TYPED = """
Kolleg*innen und Freund*innen, 3*4*5 m
a*b*c and *a*b
a* b*c* d
2 * 3 * 4 = 24
5* hotel, 4* hotel
well-*being*, don’*t*, 2”*3*
f***, s**t, ****, *** aside ***
*_* and *.* and (*) and ^*^ and :* you :*
f(*args, **more) and f(*some, *others)
*one star only
two stars at the end**
* a star before a line
*
**
_no_ __mark__ snake_case_name
C:\\_new\\*.md, \\*x\\*, \\
¯\\_(ツ)_/¯
&copy; &amp; &nbsp; &#42; AT&T
<b>bold</b> <i>x <https <3
<!-- x --> <?x?>
`code` ``more`` it`s
# no heading #tag
1. first
3) third
17. May
+ plus
+
-
1.
>
> >
- -
- - -
--- *** ___ ===
| a | b |
|---|---|
~~~ ~~gone~~ ^up^ ==mark==
>:( >_< >.> ->
>quote without a space
>> twice
-5 degrees, --flag, -> there
[x] [ ] [words] [words](no address) [a][b] a[0](1)
[x](page) [x](javascript:alert) [x](data:text/html,1) [x](#top) [x](/path)
![a](photo.jpg) [a](page.html#b) [a](//example.org) [a](example.org 'title')
[](https) ![]() [^1]: note
[a]: b
www.example.org ada@example.org mailto:ada@example.org ftp://example.org
sechttps://example.org http:// https://. https:///x
"quoted" 'single' “curly” – dash — … 🌱
```
``` open
*see below
breakfast* and dinner*
¿*qué?
मैं*हूँ*यहाँ 这是*强调*的 これは**強い**です
אב*גד*הו كلمة*كلمة*كلمة
""".strip().splitlines()


@pytest.mark.parametrize("line", AS_TYPED)
def test_every_sign_that_makes_no_mark_is_seen_and_nothing_is_made_of_it(line):
    assert shown(line) == " ".join(line.split())
    assert not re.search(r"<(?!/?p>|br>|a |/a>)", rendered(line))


@pytest.mark.parametrize(
    "text",
    [
        "2. second\n4. fourth\n7. seventh",
        "    four spaces\n\n\ta tab",
        "Title\n---\nwords\n===\n***",
        "a\n# b\n## c",
        "| a | b |\n|---|---|\n| c | d |",
        "~~~\nwave\n~~~",
        "```\nno end",
        "``` two words\nx\n```",
        "+ one\n+ two\n* three\n* four",
        ">\n>",
        "[a]: https://example.org\n\n[b][a]",
        "one\\\ntwo",
    ],
)
def test_lines_that_make_no_mark_are_seen_as_typed(text):
    assert shown(text) == " ".join(text.split())
    assert not re.search(r"<(?!/?p>|br>|a |/a>)", rendered(text))


MARKS = {
    "*one* and **two**": "<p><em>one</em> and <strong>two</strong></p>",
    "***both***": "<p><em><strong>both</strong></em></p>",
    "(*in* brackets), “*quoted*”, ¡*sí*!": (
        "<p>(<em>in</em> brackets), “<em>quoted</em>”, ¡<em>sí</em>!</p>"
    ),
    "*two words*, *over\nlines*.": "<p><em>two words</em>, <em>over<br>lines</em>.</p>",
    "**a *b* c**": "<p><strong>a <em>b</em> c</strong></p>",
    "*a* *b*": "<p><em>a</em> <em>b</em></p>",
    "**a (*b*)** **(*c*) d**": (
        "<p><strong>a (<em>b</em>)</strong> <strong>(<em>c</em>) d</strong></p>"
    ),
    "--*Ada*\n— *Bo*\n—*Cy*\n”*d*”": (
        "<p>--<em>Ada</em><br>— <em>Bo</em><br>—<em>Cy</em><br>”<em>d</em>”</p>"
    ),
    "> one\n> two\nthree": "<blockquote><p>one<br>two</p></blockquote><p>three</p>",
    "> one\n>\n> two": "<blockquote><p>one</p><p>two</p></blockquote>",
    "> one\n>": "<blockquote><p>one</p></blockquote><p>&gt;</p>",
    "> > two": "<blockquote><blockquote><p>two</p></blockquote></blockquote>",
    "Said:\n> one\n\nYes.": "<p>Said:</p><blockquote><p>one</p></blockquote><p>Yes.</p>",
    "- one\n- two\nthree": "<ul><li>one</li><li>two</li></ul><p>three</p>",
    "- one\n  more\n  - in": "<ul><li>one<br>more\n<ul><li>in</li></ul></li></ul>",
    "- one\n-\n- two": "<ul><li>one</li></ul><p>-</p><ul><li>two</li></ul>",
    "> - one\n> - two": "<blockquote><ul><li>one</li><li>two</li></ul></blockquote>",
    "- > one": "<ul><li><blockquote><p>one</p></blockquote></li></ul>",
    "```\n *a*\n\n  b\n```\nc": "<pre><code> *a*\n\n  b\n</code></pre><p>c</p>",
    "> ```\n> a\n> ```": "<blockquote><pre><code>a\n</code></pre></blockquote>",
    "````\n```\n````": "<pre><code>```\n</code></pre>",
    "[my *own* words](example.org/a)": (
        '<p><a href="https://example.org/a">my <em>own</em> words</a></p>'
    ),
}


@pytest.mark.parametrize(("source", "html"), MARKS.items())
def test_marks_that_the_form_explains(source, html):
    assert rendered(source) == html


@pytest.mark.parametrize("sign", ["*a*", "**a**", "[a](example.org)"])
def test_a_word_joiner_before_a_sign_makes_it_text(sign):
    assert rendered("\u2060" + sign) == f"<p>{sign}</p>"
    assert rendered(f"\u2060> {sign[0]}") == f"<p>&gt; {sign[0]}</p>"
    assert rendered("\u2060- a\n\u2060```") == "<p>- a<br>```</p>"


# Each address is marked by ‹ and ›; they are not a part of the text.
ADDRESSES = """
See ‹https://example.org›.
(‹https://example.org/a›)
“‹https://example.org/a›”, ‘‹https://example.org/b›’, «‹https://example.org/c›», »‹http://example.org›«
„‹https://example.org/artikel›“ und ‚‹https://example.org›‘
"‹https://example.org/a›" '‹https://example.org/b›' <‹https://example.org/c›> `‹https://example.org›`
请看‹https://example.org/a›，很好。‹https://example.org/b›。（‹https://example.org/c›）「‹http://example.org›」
‹https://example.org/a›、‹https://example.org/b›；‹https://example.org/c›：‹https://example.org/d›！
انظر ‹https://example.org/a›، و‹https://example.org/b›؛ ‹https://example.org/c›؟
यहाँ ‹https://example.org/a›। ‹https://example.org/b›…
‹https://example.org/a›—and then – ‹https://example.org/b›!!! ‹https://example.org/c›?
‹https://en.example.org/wiki/Tea_(drink)› (‹https://en.example.org/wiki/Tea_(drink)›)
‹https://example.org/a[1]?b={c}› [‹https://example.org/a[1]›] ‹https://example.org/a›(b ‹https://example.org/a›]
‹https://müller.example/straße?größe=ä#ö› ‹https://пример.example/путь› ‹https://例え.example/道›
‹https://उदाहरण.example/हिन्दी› ‹https://مثال.example/صفحة›
‹https://example.org/Michelson–Morley› ‹https://example.org/ジョン・レノン› ‹https://example.org/l·l›
‹https://example.org/a*b*c› *‹https://example.org/a›* **‹https://example.org/b›**
‹https://example.org:8000/a,b;c?d=1&e=2#f:~:text=g,-h› ‹http://localhost:8000/› ‹HTTPS://Example.org/A›
‹https://web.example.org/2020/https://example.org/a› ‹https://example.org/a%20b_c-d~e›
‹https://example.org/a›,‹https://example.com› ‹https://example.org›:abc ‹https://example.org/@ada›
https://ada:secret@example.org/ https://bank.example@example.org/
\u2067‹https://example.org/a›\u2069 ‹https://example.org/می\u200cخواهم›
""".strip().splitlines()


@pytest.mark.parametrize("line", ADDRESSES)
def test_a_bare_address_is_whole_and_ends_before_what_stands_around_it(line):
    typed = re.sub("[‹›]", "", line)
    found = re.findall(r'<a href="[^"]*">([^<]*)</a>', rendered(typed))
    assert [unescape(text) for text in found] == re.findall("‹(.*?)›", line)
    assert shown(typed) == " ".join(typed.split()) or "*" in line


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://example.org/a?b=1&copy;=2", "https://example.org/a?b=1&amp;copy;=2"),
        ("example.org", "https://example.org"),
        ("www.example.org/a_(b)", "https://www.example.org/a_(b)"),
        ("example.org:8000/a", "https://example.org:8000/a"),
        ("bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("ada@example.org", "mailto:ada@example.org"),
        ("mailto:ada@example.org?subject=x", "mailto:ada@example.org?subject=x"),
        ("HTTP://example.org", "HTTP://example.org"),
    ],
)
def test_an_address_in_round_brackets_is_made_whole(address, href):
    assert rendered(f"[a]({address})") == f'<p><a href="{href}">a</a></p>'


def test_only_the_given_schemes_are_linked():
    assert "<a " not in make_parser().render("[call](tel:123)")
    assert '<a href="tel:123">' in make_parser({"https", "tel"}).render("[call](tel:123)")


@pytest.mark.parametrize("mark", ["> ", "- ", "> - "])
def test_what_is_nested_deeper_than_anybody_does_is_text(mark):
    assert shown(mark * 200 + "kept").endswith("kept")
