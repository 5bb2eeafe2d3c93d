"""Typed text is stored exactly as typed, and a refused form keeps every word."""

import unicodedata

import pytest
from bs4 import BeautifulSoup

from comments import markup
from comments.models import Comment
from comments.moderation import decisions
from tests.comments.factories import say
from tests.comments.http import only_comment, reply_url, send, text_of, visit

pytestmark = pytest.mark.django_db
WORDS = {
    "emoji": "🌱 👩🏽‍👩🏽‍👧 🫨 ❤️ 🏳️‍🌈",
    "dashes and quotes": "“I know” – she said — ‘yes’… don’t",
    "right to left": "שלום עולם \u202eabc\u202c مرحبا",
    "combining marks": "e\u0301 vs é, Z\u0351\u036b\u0343a\u0328",
    "spaces and lines": "\n\n  led in by spaces\n\ttab \n\n ends \n ",
    "odd spaces": "a\u00a0b\u2009c\u3000d\ufeffe",
    "a lone return": "one\rtwo",
    "far planes": "𝕳𐍈\U000e0067",
    "escapes": "<b>&amp; \\n %s {{ x }} {% y %} '; --",
    "control characters": "a\x0bb\x1bc\x7f",
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_words_are_stored_as_they_were_typed(client, published_post, words):
    assert send(client, published_post(), words).status_code == 302
    assert only_comment().body == words


def test_line_ends_of_a_browser_become_plain_newlines(client, published_post):
    send(client, published_post(), "\r\none\r\n\r\ntwo\r\n")
    assert only_comment().body == "\none\n\ntwo\n"


def test_a_line_end_counts_as_one_character(client, published_post):
    lines = "a\r\n" * 5_000
    assert send(client, published_post(), lines).status_code == 302
    assert len(only_comment().body) == 10_000


def test_composed_and_decomposed_letters_are_stored_as_typed(client, published_post):
    words = unicodedata.normalize("NFD", "Ångström")
    send(client, published_post(), words, name=words)
    comment = only_comment()
    assert (comment.body, comment.name) == (words, words)


BLANK = {
    "empty": "",
    "white space": " \t\r\n\u00a0\u3000",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff\u00ad",
    "direction marks": "\u202e\u2066",
    "fillers": "\u3164\u115f\u2800\u034f\ufe0f",
}


@pytest.mark.parametrize("words", BLANK.values(), ids=BLANK)
def test_an_invisible_text_or_name_is_asked_for_again(client, published_post, words):
    post = published_post()
    said = faults(send(client, post, words))
    assert said == {"body": "Please write something. A single word is enough."}
    assert faults(send(client, post, name=words)) == {
        "name": "Please choose a name; any name will do."
    }
    assert not Comment.objects.exists()


@pytest.mark.parametrize("sign", ["🫨", "\U0001fadf", "·", "ᚠ", "❤️"])
def test_one_visible_character_is_enough_even_one_unknown_to_python(sign):
    assert not markup.is_blank(sign)


WRONG = {
    "too long": ({"body": "x" * 10_001}, "body", "10001 characters long"),
    "NUL": ({"body": "a\x00b"}, "body", "Null characters are not allowed."),
    "NUL in the name": ({"name": "a\x00b"}, "name", "Null characters are not allowed."),
    "no name": ({"name": ""}, "name", "Please choose a name"),
    "a long name": ({"name": "x" * 81}, "name", "81 characters long; the limit is 80"),
    "no address": ({"email": "ada at home"}, "email", "doesn’t look like an email address"),
    "lines in an address": (
        {"email": "ada@example.org\r\nBcc: bob@example.org"},
        "email",
        "doesn’t look like an email address",
    ),
    "an address no column holds": (
        {"email": f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 60}.example.org"},
        "email",
        "at most 254 characters",
    ),
}


@pytest.mark.parametrize(("fields", "field", "sentence"), WRONG.values(), ids=WRONG)
def test_a_refused_form_keeps_every_word_and_shows_errors_at_their_fields(
    client, published_post, fields, field, sentence
):
    sent = {"name": "Ada", "email": "ada@example.org", "body": "\n Kept – “all” 🌱 <b>\n", **fields}
    response = send(client, published_post(), **sent)
    said = faults(response)
    assert list(said) == [field]
    assert sentence in said[field]
    assert not Comment.objects.exists()
    assert typed(response).items() >= sent.items()


def faults(response):
    """Return ``{field: its error}``, found as a screen reader finds them."""
    assert response.status_code == 422
    form = BeautifulSoup(response.content, "html.parser").select_one("form#answer")
    found = {}
    for widget in form.select("[aria-invalid=true]"):
        described = [form.find(id=key) for key in widget["aria-describedby"].split()]
        assert None not in described
        found[widget["name"]] = described[-1].get_text(strip=True)
    return found


def typed(response):
    """Return the values of the form's fields, as a browser reads them."""
    form = BeautifulSoup(response.content, "html.parser").select_one("form#answer")
    inputs = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return inputs | {field["name"]: text_of(field) for field in form.select("textarea")}


def test_bytes_that_are_no_utf_8_do_not_break_the_page(client, published_post):
    post = published_post()
    body = b"name=Ada&body=caf%E9%ED%A0%80%FF"
    kind = "application/x-www-form-urlencoded"
    assert client.post(reply_url(post), body, content_type=kind).status_code == 302
    assert only_comment().body == "caf\ufffd\ufffd\ufffd\ufffd\ufffd"


def test_a_lone_surrogate_sent_in_another_charset_is_refused(client, published_post):
    part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--x'
    body = "\r\n".join(
        ["--x", part.format("name", "Ada"), part.format("body", r"\ud800") + "--\r\n"]
    )
    kind = "multipart/form-data; boundary=x; charset=unicode_escape"
    response = client.generic("POST", reply_url(published_post()), body, content_type=kind)
    assert response.status_code == 400
    assert not Comment.objects.exists()


def test_a_broken_form_token_does_not_lose_the_text(client, published_post):
    for mark in ("x" * 500, "a\x00b", "\u202e"):
        assert send(client, published_post(), submission=mark).status_code == 302
    assert Comment.objects.count() == 3


def test_a_writer_signed_out_meanwhile_is_asked_for_a_name_and_keeps_the_text(
    client, published_post
):
    response = client.post(reply_url(published_post()), {"body": "Typed while signed in."})
    assert list(faults(response)) == ["name"]
    assert typed(response)["body"] == "Typed while signed in."


def test_the_answered_comment_is_quoted_above_the_form(client, published_post):
    parent = say(published_post(), name="Wren", body="The *first* word.")
    quoted = visit(client, reply_url(parent)).select_one("blockquote.quoted")
    assert "Wren" in quoted.text
    assert "The first word." in quoted.text
    assert quoted["cite"] == parent.get_absolute_url()


def test_a_refused_form_does_not_quote_a_comment_removed_meanwhile(client, mia, published_post):
    parent = say(published_post(), body="Nobody sees this.")
    decisions.decide([parent.pk], "remove", mia)
    response = send(client, parent, "")
    assert response.status_code == 422
    assert "Nobody sees this." not in response.text
