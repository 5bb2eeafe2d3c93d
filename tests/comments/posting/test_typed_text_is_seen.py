"""Whatever is typed without one of the marks is what people see, wherever the comment appears."""

import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from blog import html_to_text
from comments import markup
from comments.tree.status import Status
from tests.accounts.smtp_server import html_of, text_of
from tests.comments.factories import say
from tests.comments.http import articles, only_comment, reply_url, send, visit
from tests.comments.mail import follows, run_due

ATOM = "{http://www.w3.org/2005/Atom}"
# What the form explains: at the start of a line, around words, and fences. Stars inside words, and
# those beside spaces, are none.
EXPLAINED = re.compile(r"^\s*[>-]\s|```|\]\(|(?<![^\W_])\*+(?=\S)|\u2060[\[\]*>`-]", re.MULTILINE)
PIECES = st.sampled_from(
    [
        *"a B ä 字 한 م हि שׁ 7 1. 2) + # _ ~~~ | \\ \\* \\_ ` `` = --- — ' \" “ ” .".split(),
        *"&amp; &copy; &#42; &nbsp; &; < > </ <b> <!-- --> >:( >_< ( ) [ ] [x] [x]: ! ![ :".split(),
        *"word a*b 2*3*4 5* http:// https://example.org www.example.org ada@example.org …".split(),
        *"https://example.org/a_(b)? //x javascript:x {{x}} {%x%} ¯\\_(ツ)_/¯ 🌱 ❤️".split(),
        *"👩🏽\u200d👧 \u200d ’".split(),
        *["    ", "\t", "\n", "\n\n", " ", " ", " ", "\n>", "\n+ ", "\n1. ", "\n    ", "\xa0"],
    ]
)
SIGNS = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
TYPED = st.lists(st.one_of(PIECES, PIECES, SIGNS), max_size=40).map("".join)


def folded(text):
    return " ".join(text.split())


def seen(source):
    """Return what a page shows of an HTML text, with white space folded."""
    page = BeautifulSoup(source, "html.parser")
    for line_end in page.find_all("br"):
        line_end.replace_with("\n")
    return folded(page.get_text())


@settings(max_examples=400, deadline=None)
@given(TYPED)
def test_every_sign_is_seen_in_the_html_and_in_its_words(text):
    assume(not EXPLAINED.search(text))
    made = markup.render(text)
    assert seen(made) == folded(text)
    assert html_to_text.words(made) == folded(text)
    if not markup.is_blank(text):
        assert not markup.shows_nothing(text)


@settings(max_examples=200, deadline=None)
@given(TYPED)
def test_no_mark_takes_away_a_letter_or_a_digit(text):
    assume("](" not in text and "```" not in text)
    assert letters(BeautifulSoup(markup.render(text), "html.parser").get_text()) == letters(text)


def letters(text):
    return "".join(filter(str.isalnum, text))


TEXTS = {
    "stars": "The kettle of Kolleg*innen: 3*4*5 m, f***, (*) and *_*.",
    "backslashes": "The kettle ¯\\_(ツ)_/¯ is in C:\\_new\\*.md, \\ and \\\\.",
    "numbers": "2. The kettle.\n4. The lamp.\n+ a pear\n17. May",
    "signs": ">:( the kettle\n\n>_< and &copy; &nbsp; <b>bold</b> `code` #tag _so_ ~~no~~ [x] | y",
    "indents": "    The kettle was on.\n\n\tAnd the lamp.",
    "addresses": "The kettle: “https://example.org/a_(b)”, 见www.example.org，//x",
    "scripts": "The kettle שלום *עולם مرحبا هنا، नमस्ते। 你好，世界。 ❤️ 🏳️‍🌈",
}


@pytest.mark.django_db
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_sign_is_seen_on_the_page_in_feeds_mails_the_queue_and_search(
    client, published_post, bob, mia, post_office, text
):
    post = published_post(comment_mode="open")
    follows(bob, post=post)
    send(client, post, text)
    typed = folded(text)
    assert only_comment().body == text
    (article,) = articles(visit(client, post.get_absolute_url())).values()
    assert folded(article.select_one(".e-content").get_text()) == typed
    feed = ElementTree.fromstring(client.get("/comments/feed/").content)
    assert seen(feed.findtext(f"{ATOM}entry/{ATOM}content")) == typed
    snippet = visit(client, "/search/?q=kettle&in=comment").find("mark").parent
    assert folded(snippet.get_text()) == typed
    run_due()
    (mail,) = post_office.mails
    assert typed in folded(text_of(mail))
    assert typed in seen(html_of(mail))
    preview = visit_preview(client, text)
    assert folded(preview.select_one(".e-content").get_text()) == typed
    held = say(post, status=Status.PENDING, held_because="first-comment", body=text)
    client.force_login(mia)
    card = visit(client, reverse("queue:comment", args=[held.pk])).select_one("article.card")
    assert typed in folded(card.get_text())


@pytest.mark.django_db
def test_control_signs_are_shown_nowhere(client, published_post, bob, post_office):
    post = published_post(comment_mode="open")
    follows(bob, post=post)
    send(client, post, "The \x1b[31mkettle\x07 is \x9b1mred\x7f.")
    run_due()
    (mail,) = post_office.mails
    page = (
        visit(client, post.get_absolute_url()).select_one("article.comment .e-content").get_text()
    )
    for shown in (text_of(mail), html_of(mail)):
        assert "The [31mkettle is 1mred." in shown
    assert "The [31mkettle is " in page
    assert "\x1b" not in page + client.get("/comments/feed/").text


def visit_preview(client, text):
    page = client.post(reverse("comments:preview"), {"body": text}, headers={"HX-Request": "true"})
    return BeautifulSoup(page.content, "html.parser")


NOTHING = [
    "```\n```",
    "```python\n```",
    "> ```\n> ```",
    "- ```\n  ```",
    "> \u200b",
    "- \u2800",
    "\u200b\u3164",
]
SOMETHING = [
    ">",
    "+",
    "-",
    "1.",
    "*",
    "**",
    "#",
    "&nbsp;",
    "&copy;",
    "`",
    "```",
    "[]()",
    "> >",
    "- -",
    "\\",
    "---",
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", NOTHING)
def test_a_text_that_shows_nothing_is_refused_as_blank(client, published_post, text):
    post = published_post()
    refused = send(client, post, text)
    assert refused.status_code == 422
    assert "Please write something." in refused.text
    assert not visit_preview(client, text).select(".e-content")


@pytest.mark.parametrize("text", SOMETHING)
def test_a_sign_alone_is_seen_and_is_a_text(text):
    assert seen(markup.render(text)) == text
    assert not markup.shows_nothing(text)


# What the form says of each mark, what somebody types by it, and what the mark does.
HINTED = {
    "*Asterisks* give italics": ("so *softly spoken*, she", "em", "softly spoken"),
    "**two** give bold": ("**Never again**, she", "strong", "Never again"),
    "start a line with > and a space for a quote": (
        "> The kettle.\nNo.",
        "blockquote",
        "The kettle.",
    ),
    "or - and a space for a list": ("- tea\n- milk", "ul > li", "tea"),
    "An address that begins with https:// becomes a link": (
        "see https://example.org/a, please",
        "a[href='https://example.org/a']",
        "https://example.org/a",
    ),
    "and so does [text](address)": (
        "read [my story](https://example.org/b).",
        "a[href='https://example.org/b']",
        "my story",
    ),
    "Lines between two lines of three backticks (```) are code": (
        "```\n*a* <b>\n```",
        "pre > code",
        "*a* <b>",
    ),
    "you can name its language after the first three": (
        "```python\nx = 1\n```",
        "pre > code",
        "x = 1",
    ),
}
NEARLY = [
    *[
        "* stars * apart",
        "2*3*4",
        "*open",
        "open*",
        "a*b* c",
        "* one",
        "_so_",
        "__so__",
        "***",
        "** a **",
    ],
    *[
        ">no space",
        ">",
        "a > b",
        ">>> x",
        "->",
        "-no space",
        "-",
        "--- a",
        "+ one",
        "1. one",
        "a - b",
    ],
    *["www.example.org", "example.org/a", "ada@example.org", "http:/x", "ftp://x", "//example.org"],
    *[
        "[words] (address)",
        "[words]()",
        "[](https:)",
        "[words][1]",
        "[1]: x",
        "![x](y)",
        "(words)[x]",
    ],
    *["`code`", "```\nopen", "``\na\n``", "~~~\na\n~~~", "```a b c\nx\n```", "    four spaces"],
    *["# head", "a\n===", "a\n---", "| a |\n|---|", "<b>bold</b>", "&amp;", "\\*a\\*", "~~a~~"],
]


@pytest.mark.django_db
def test_the_form_says_which_marks_there_are_and_each_does_it(client, published_post, settings):
    settings.COMMENTS_A_MINUTE = 1_000_000
    form = visit(client, reply_url(published_post())).select_one("form#answer")
    (line,) = [each for each in form.select("p.field-help") if "*Asterisks*" in each.text]
    said = folded(line.get_text())
    for hint, (typed, mark, words) in HINTED.items():
        assert hint in said
        shown = visit_preview(client, typed).select_one(".e-content")
        assert folded(shown.select_one(mark).get_text()) == words, hint
    signs = set(re.sub(r"[\w\s.,;():/]", "", said))
    assert signs == set("*>-[]`"), "the form names a mark that is not tried above"


@pytest.mark.django_db
def test_what_is_nearly_a_mark_stays_as_typed(client, settings):
    settings.COMMENTS_A_MINUTE = 1_000_000
    for text in NEARLY:
        shown = visit_preview(client, text).select_one(".e-content")
        assert folded(shown.get_text()) == folded(text)
        assert {tag.name for tag in shown.find_all()} <= {"p", "br"}, text
