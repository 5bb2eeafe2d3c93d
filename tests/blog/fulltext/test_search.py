"""Full-text search: one table of texts and queries that every database has to answer alike."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from blog.fulltext.query import parse
from blog.models import ContentNote, SearchEntry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.fulltext.backends", "blog.models.search_index"),
]

# The newest last: what search shows first of equals.
POSTS = {
    "letters": ("Letters I never sent", "<p>Dear you, the lake is frozen. Write soon.</p>"),
    "lake": ("The lake in winter", "<p>Quiet water, and nobody on the shore.</p>"),
    "naive": ("Naïve questions", "<p>Is a café by the water too much to ask? ÉCOLE, Straße.</p>"),
    "mother": ("My mother’s garden", "<p>She grew well-known roses; L’été est fini.</p>"),
    "lakeside": ("Lakeside talk", "<p>We talked about winter, and then about the lake.</p>"),
    "polish": ("Łódź", "<p>Smørrebrød &amp; ærø. Crème brûlée &lt;twice&gt;.</p>"),
    "asia": ("湖の冬", "<p>静かな水。กาแฟ</p>"),
    "hindi": ("झील", "<p>सर्दी की किताब</p>"),
    "russian": ("Озеро зимой", "<p>Тихая вода, Ёлка.</p>"),
    "greek": ("Σίσυφος", "<p>Οδός, ὁ ἄνθρωπος.</p>"),
    "numbers": ("Day 100", "<p>It took 3.5 hours and m² of paper 🌙️ on 2024-05-06.</p>"),
    "code": ("A small note", "<pre>SELECT * FROM x; NEAR(a, b) AND OR NOT title:lake</pre>"),
    "markup": ("Half <em>bold", "<p>a <strong>very</strong> <em>deep</em> breath</p>"),
}
QUERIES = {
    # words: all of them, anywhere; titles first, then the newest
    "lake": "lakeside lake code letters",
    "winter": "lake lakeside",
    "lake winter": "lake lakeside",
    "winter lake ": "lake lakeside",
    "LAKE": "lakeside lake code letters",
    "lake nobody": "lake",
    "lake unheard": "",
    # the last word is the beginning of one, and any word with a star
    "lak": "lakeside lake code letters",
    "lak winter": "",
    "lak* winter": "lake lakeside",
    "wint lake": "",
    "talk": "lakeside",
    "quiet wat": "lake",
    # phrases
    '"the lake"': "lake lakeside letters",
    '"lake the"': "",
    '"the lake" frozen': "letters",
    '"lake in winter"': "lake",
    '"lake in win"': "",
    '"lake in win': "lake",
    '"lake in win*"': "lake",
    "“the lake”": "lake lakeside letters",
    "«the lake»": "lake lakeside letters",
    '"sent dear"': "",  # the end of a title and the beginning of a text are no phrase
    '""': "",
    # not
    "lake -winter": "code letters",
    "lake -frozen -title": "lake lakeside",
    'lake -"the lake"': "code",
    "lake −winter": "code letters",
    "lake -wint*": "code letters",
    "lake -wint": "lake code lakeside letters",
    "winter -lake*": "",
    "-winter": "",
    "-": "",
    "lake -": "lakeside lake code letters",
    # case, accents, signs that are typed otherwise
    "naive": "naive",
    "naïve": "naive",
    "nai\u0308ve": "naive",
    "cafe water": "naive",
    "ecole": "naive",
    "strasse": "naive",
    "STRASSE": "naive",
    "straße": "naive",
    "lodz": "polish",
    "smorrebrod": "polish",
    "smørrebrød aero": "polish",
    "ærø": "polish",
    "brulee twice": "polish",
    "mother": "mother",
    "mother's garden": "mother",
    "mother’s": "mother",
    "ete": "mother",
    "well-known": "mother",
    "well known": "mother",
    "well-kno": "mother",
    "known-well": "",
    "озеро": "russian",
    "елка": "russian",
    "ΣΊΣΥΦΟΣ": "greek",
    "σισυφοσ": "greek",
    "ανθρωπος": "greek",
    # scripts without spaces, and such with vowel signs
    "湖": "asia",
    "冬": "asia",
    "静かな": "asia",
    "水静": "",
    "かな水": "asia",
    "กาแฟ": "asia",
    "झील": "hindi",
    "झाल": "",
    "किताब सर्दी": "hindi",
    # numbers
    "100": "numbers",
    "3.5": "numbers",
    "2024-05": "numbers",
    "m2": "numbers",
    "10": "numbers",
    '"10"': "",
    # words that mean something to a database
    "select": "code",
    "NEAR(a, b)": "code",
    "near and or not": "code",
    "title:lake": "code",
    "lake AND winter": "lake lakeside",
    "lake OR frozen": "",
    # no text is wrong
    "very deep breath": "markup",
    "em bold": "markup",
    "strong": "",
    "🌙": "numbers",
    "!!!": "",
    "***": "",
    '"""': "",
    "lake*": "lakeside lake code letters",
    "*lake": "lakeside lake code letters",
    "la*ke": "",
    "lake'; DROP TABLE blog_post; --": "",
    "lake\\": "lakeside lake code letters",
    "lake%": "lakeside lake code letters",
    "l_ke": "",
    "\x00lake\x00": "lakeside lake code letters",
    "lake:*": "lakeside lake code letters",
    "(lake | winter)": "lake lakeside",
    "!lake": "lakeside lake code letters",
    "": "",
    "  ": "",
}


@pytest.fixture
def posts(published_post):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    for number, (slug, (title, body)) in enumerate(POSTS.items()):
        published_post(slug=slug, title=title, body=body, published_at=now + timedelta(days=number))


def found(client, typed, **more):
    answer = client.get("/search/", {"q": typed, **more})
    assert answer.status_code == 200
    return " ".join(
        result.address.strip("/").rpartition("/")[2] for result in answer.context["results"]
    )


def test_every_query_of_the_table_finds_what_the_table_says(client, posts):
    assert {typed: found(client, typed) for typed in QUERIES} == QUERIES


@given(st.text(max_size=40), st.text(alphabet="\"-*'\\:()&|!<>%_ \x00aé湖", max_size=30))
def test_nothing_that_can_be_typed_is_an_error(text, signs):
    for typed in (text, signs, text + signs):
        SearchEntry.matching(query) if (query := parse(typed)) else None


@pytest.mark.parametrize("typed", ["a" * 5000, '"' + "word " * 500, "-" * 300, "\ud800", "%FF"])
def test_no_length_and_no_broken_character_is_an_error(client, posts, typed):
    assert client.get("/search/?q=" + typed.encode("utf-8", "replace").decode()).status_code == 200


def test_titles_come_before_texts_however_old(client, published_post):
    old = datetime(2001, 1, 1, tzinfo=UTC)
    published_post(slug="text", title="An evening", body="<p>quiet water</p>")
    published_post(slug="half", title="Quiet", body="<p>water</p>", published_at=old)
    published_post(
        slug="both", title="Quiet water", body="<p>-</p>", published_at=old - timedelta(days=9)
    )
    assert found(client, "quiet water ") == "both half text"


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "archived"},
        {"status": "scheduled", "published_at": datetime(2100, 1, 1, tzinfo=UTC)},
        {"published_at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
)
def test_posts_that_no_list_shows_are_not_found(client, signed_in, alice, published_post, fields):
    published_post(title="Hidden words", **fields)
    assert found(client, "hidden") == ""
    assert found(signed_in(alice), "hidden") == ""


def test_a_scheduled_post_is_found_by_the_clock_alone(client, published_post):
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as clock:
        published_post(
            slug="tomorrow", title="Tomorrow", status="scheduled", published_at=noon + timedelta(1)
        )
        assert found(client, "tomorrow") == ""
        clock.shift(timedelta(days=1, seconds=1))
        assert found(client, "tomorrow") == "tomorrow"


def test_pages_are_found_too(client, published_post):
    published_post(kind="page", slug="about", title="About this blog")
    assert found(client, "about") == "about"


def shown(client, typed):
    page = BeautifulSoup(client.get("/search/", {"q": typed}).content, "html.parser")
    return page.select_one("ol.results")


def test_matches_are_marked_in_their_original_spelling(client, posts):
    marks = [mark.text for mark in shown(client, "cafe strasse naive").select("mark")]
    assert marks == ["Naïve", "café", "Straße"]
    assert [mark.text for mark in shown(client, '"well known" rose').select("mark")] == [
        "well-known",
        "roses",
    ]


def test_marked_excerpts_stay_escaped_text(client, published_post):
    published_post(
        title="<script>alert(1)</script> & co", body="<p>&lt;b&gt;alert&lt;/b&gt; “quoted”</p>"
    )
    found = shown(client, "alert")
    assert not found.select("script, b")
    assert "<script>alert(1)</script> & co" in found.text
    assert "<b>alert</b>" in found.text
    assert [mark.text for mark in found.select("mark")] == ["alert", "alert"]


def test_the_words_around_the_first_match_are_shown(client, published_post):
    published_post(body=f"<p>{'before ' * 300} the hidden place {'after ' * 300}</p>")
    text = shown(client, "hidden").select_one(".summary-text").text
    assert "the hidden place after" in text
    assert text.startswith("… before")
    assert text.endswith("after …")
    assert len(text) < 300


def test_a_very_long_text_is_found_by_its_beginning(client, published_post):
    body = " ".join(f"w{number}" for number in range(190_000))
    published_post(slug="long", body=f"<p>first {body} last</p>")
    assert found(client, "w30000 first") == "long"
    assert found(client, '"first w0 w1"') == "long"
    assert found(client, '"w40000 w40001"') == "long"
    assert found(client, "last") == ""


def test_results_are_paged_and_the_pages_keep_the_query(client, published_post):
    for _ in range(45):
        published_post(title="One evening & more")
    pages = [
        client.get("/search/", {"q": '"evening & more"', "page": number}) for number in (1, 2, 3)
    ]
    assert [len(page.context["results"]) for page in pages] == [20, 20, 5]
    assert "45 results" in pages[0].text
    following = BeautifulSoup(pages[0].content, "html.parser").select_one("[rel=next]")["href"]
    assert len(client.get(following).context["results"]) == 20
    assert client.get("/search/", {"q": "evening", "page": 4}).status_code == 404
    assert client.get("/search/", {"q": "evening", "page": "x"}).status_code == 404


def queries(client, typed):
    with CaptureQueriesContext(connection) as seen:
        answer = client.get("/search/", {"q": typed})
    return answer, len(seen)


def test_more_results_cost_no_more_queries(client, published_post):
    published_post(title="One evening")
    few = queries(client, "evening")[1]
    for _ in range(30):
        published_post(title="One evening")
    answer, many = queries(client, "evening")
    assert len(answer.context["results"]) == 20
    assert many == few <= 8


def test_the_page_is_not_indexed_and_shows_the_query(client, posts):
    answer = client.get("/search/", {"q": '"><b>lake', "without": "nothing"})
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert page.select_one("input[name=q]")["value"] == '"><b>lake'
    assert not page.select("form.search b")
    assert not answer.cookies


def test_without_results_the_page_says_what_may_help(client, posts):
    assert "No results for all of these words" in client.get("/search/?q=unheard").text
    assert "at least one word to search for" in client.get("/search/?q=-lake").text
    empty = client.get("/search/")
    assert "at least one word" not in empty.text
    assert "for a phrase" in empty.text
    assert re.search(r"<title>\s*Search · Hearth", empty.text)


def test_search_refuses_post_requests(client):
    assert client.post("/search/", {"q": "lake"}).status_code == 405


def test_a_post_behind_a_content_note_is_found_and_stays_closed(client, published_post):
    post = published_post(slug="noted", body="<p>quiet words</p>")
    post.content_notes.add(ContentNote.objects.create(name="loss"))
    [result] = shown(client, "quiet").select("li")
    closed = result.select_one("details.note")
    assert not closed.has_attr("open")
    assert closed.summary.text == "Content note: loss"
    assert closed.mark.text == "quiet"
    assert not [mark for mark in result.select("mark") if mark not in closed.select("mark")]
