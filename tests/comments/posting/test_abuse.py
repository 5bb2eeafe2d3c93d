"""Bad input and abuse, case by case: a kind answer, nothing stored, every typed word given back.

More about single cases: test_refusals (parents), test_typed_text_survives (texts and encodings),
test_form_checks and test_rate_checks (names, floods), test_receipts and test_own_comments (other
people's comments), tests/accounts/mail/test_email_links (expired, forged and used links; mail
scanners)."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from accounts import rate_limit
from comments.guests import receipt_tokens
from comments.models import Comment, ConversationSettings
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import say, stored
from tests.comments.http import reply_url, send, text_of, visit
from tests.comments.receipts.test_receipts import TAILS, link_of, own

pytestmark = pytest.mark.django_db
WORDS = "\n It took me – two days 🌱 <b>&amp;\n"


class Case:
    """A way to send WORDS (or ``fields``) where or how they are not accepted."""

    def __init__(self, status, where=None, words=WORDS, before=None, **fields):
        self.status, self.where, self.words = status, where, words
        self.before, self.fields = before, fields


def removed_meanwhile(parent, client, mia):
    client.get(reply_url(parent))  # the form was open
    decisions.decide([parent.pk], "remove", mia)


def purged(parent, client, mia):
    Comment.objects.purge(Comment.objects.get(pk=parent.pk))


def closed(parent, client, mia):
    parent.post.comment_mode = "closed"
    parent.post.save()


def hidden(parent, client, mia):
    parent.post.comment_mode = "hidden"
    parent.post.save()


CASES = {
    "a parent that never was": Case(404, "/comments/999999/reply/"),
    "a parent that is gone": Case(404, before=purged),
    "a parent that was just removed": Case(409, before=removed_meanwhile),
    "a conversation that just closed": Case(409, before=closed),
    "a conversation that was just hidden": Case(404, before=hidden),
    "a post that never was": Case(404, "/posts/never-was/reply/"),
    "an empty body": Case(422, words=""),
    "a body of white space": Case(422, words=" \n\t \u00a0\u2003"),
    "a body of zero-width characters": Case(422, words="\u200b\u200d\ufeff\u2060"),
    "a body that is too long": Case(422, words="é" * 10_001),
    "an author's name": Case(422, name="Alice"),
    "an author's name in other letters": Case(422, name="\u0410l\u0456ce"),
    "a moderator's name": Case(422, name="M\u0131a"),
    "a name of zero-width characters": Case(422, name="\u200b"),
    "an e-mail with line breaks": Case(422, email="ada@example.org\r\nBcc: bob@example.org"),
    "an e-mail that is none": Case(422, email="ada at home"),
    "an e-mail in the words": Case(
        422, words=f"{WORDS} write me: ada@example.org", email="ada@example.org"
    ),
}


def texts(response):
    """Return the text in all text areas of a response."""
    return [
        text_of(area) for area in BeautifulSoup(response.content, "html.parser").select("textarea")
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_refused_comment_is_given_back_whole(client, alice, mia, published_post, name):
    case = CASES[name]
    parent = say(published_post())
    if case.before:
        case.before(parent, client, mia)
    count = Comment.objects.count()
    fields = {"name": "Ada", "body": case.words, **case.fields}
    response = client.post(case.where or reply_url(parent), fields)
    assert response.status_code == case.status
    assert texts(response) == [case.words]
    assert Comment.objects.count() == count
    for field, value in case.fields.items():
        tag = BeautifulSoup(response.content, "html.parser").select_one(f"input[name={field}]")
        assert tag["value"] == value


@pytest.mark.parametrize("parent", ["", "0", "7", "x", "-1", "9" * 40])
def test_a_parent_of_another_post_cannot_be_smuggled_in(client, published_post, parent):
    """The URL says what is answered; no field of the form can change that."""
    post, foreign = published_post(), say(published_post())
    sent = send(client, post, WORDS, parent=parent or foreign.pk, parent_id=foreign.pk, post=1)
    assert sent.status_code == 302
    made = Comment.objects.get(name="Ada")
    assert (made.post_id, made.parent_id, made.body) == (post.pk, None, WORDS)


@pytest.mark.parametrize("field", ["name", "email", "body", "submission"])
def test_a_nul_is_refused_or_dropped_and_the_rest_is_kept(client, published_post, field):
    typed = {"name": "Ada", "email": "", "body": WORDS, "submission": "one"}
    response = client.post(reply_url(published_post()), typed | {field: f"{typed[field]}\x00z"})
    if field == "submission":  # nobody typed that
        assert response.status_code == 302
        return
    assert response.status_code == 422
    assert "z" in texts(response)[0] if field == "body" else texts(response) == [WORDS]


def test_bytes_that_are_no_utf_8_become_replacement_characters(client, published_post):
    kind = "application/x-www-form-urlencoded"
    body = b"name=%FFAda&body=It+took+me%FF+two+days"
    assert client.post(reply_url(published_post()), body, content_type=kind).status_code == 302
    assert Comment.objects.get().body == "It took me\ufffd two days"


# -- floods --------------------------------------------------------------------------------


def test_a_thousand_posts_a_minute_from_one_network_are_sixty(client, published_post):
    post, here = published_post(), rate_limit.network_key("127.0.0.1")
    with time_machine.travel(timezone.now().replace(second=1), tick=False):
        for number in range(70):
            response = send(client, post, f"{WORDS}{number}", name=f"Ada {number % 7}")
        for number in range(929):  # counted like a sent form
            assert rate_limit.seconds_to_wait(here, f"{here} Ada {number % 7}")
        response = send(client, post, WORDS, name="Ada 1")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert texts(response) == [WORDS]
    assert "lot of activity from here. Please wait " in response.text
    assert Comment.objects.count() == 60


def test_changes_of_a_comment_are_slowed_like_new_ones(client, settings, published_post):
    settings.COMMENTS_A_MINUTE = 4
    comment = say(published_post(comment_mode="open"), status=Status.PENDING)
    address = link_of(comment, "edit/")
    with time_machine.travel(timezone.now().replace(second=20), tick=False):
        codes = [client.post(address, {"body": f"No. {n}"}).status_code for n in range(2)]
        response = client.post(address, {"body": WORDS})
        assert (codes, response.status_code) == ([302, 302], 429)
        assert response["Retry-After"] == "40"
    assert texts(response) == [WORDS]
    assert stored(comment).body == "No. 1"


def test_edits_are_queried_once_and_only_about_new_findings(client, published_post):
    post = published_post(comment_mode="open")
    comment = say(post, body="Call 0171 555 01 23 45.", status=Status.PENDING)
    Comment.objects.filter(pk=comment.pk).update(email="wren@example.org")
    address = link_of(comment, "edit/")
    assert client.post(address, {"body": "Do call 0171 555 01 23 45."}).status_code == 302
    telling = "Write to wren@example.org – always 🌱"
    response = client.post(address, {"body": telling})
    assert response.status_code == 422
    assert "Your email address seems to be in the text" in response.text
    assert texts(response) == [telling]
    form = BeautifulSoup(response.content, "html.parser").select_one("form#answer")
    again = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert client.post(address, again | {"body": telling}).status_code == 302
    assert stored(comment).body == telling


# -- other people's comments ---------------------------------------------------------------


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("token", ["", "a" * 43, "%2E%2E" + "a" * 40, "expired", "of another"])
def test_a_stranger_gets_no_receipt_and_changes_nothing(client, published_post, tail, token):
    comment, other = say(published_post()), say(published_post())
    if token == "expired":
        token = receipt_tokens.renew(comment)
        long_ago = timezone.now() - receipt_tokens.LIFE - timedelta(days=1)
        Comment.objects.filter(pk=comment.pk).update(receipt_made_at=long_ago)
    elif token == "of another":
        token = receipt_tokens.renew(other)
    before = Comment.objects.filter(pk=comment.pk).values().get()
    address = own(comment, f"{token}/{tail}" if token else tail)
    assert client.get(address).status_code == 404
    assert client.post(address, {"body": "Other."}).status_code in {404, 405}
    assert Comment.objects.filter(pk=comment.pk).values().get() == before


def test_a_used_renewal_opens_nothing_twice(client, published_post):
    address = link_of(say(published_post()), "renewal/")
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404


# -- a form without its CSRF token ---------------------------------------------------------


@pytest.fixture
def strict():
    """A client with CSRF checks, as in production."""
    return Client(enforce_csrf_checks=True)


def filled(response):
    """``(action, fields)`` of the form in an answer, as a browser would send it."""
    form = BeautifulSoup(response.content, "html.parser").select_one("form.form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return form["action"], fields | {
        area["name"]: text_of(area) for area in form.select("textarea")
    }


def test_without_a_token_the_words_come_back_in_a_form_that_one_press_sends(strict, published_post):
    post = published_post()
    response = send(strict, post, WORDS, email="ada@example.org", submission="one-form")
    assert response.status_code == 403
    assert "no-store" in response["Cache-Control"]
    assert not Comment.objects.exists()
    action, fields = filled(response)
    typed = {"name": "Ada", "email": "ada@example.org", "body": WORDS, "submission": "one-form"}
    assert fields.items() >= typed.items()
    assert strict.post(action, fields).status_code == 302
    assert Comment.objects.get().body == WORDS


def test_a_csrf_token_from_before_signing_in_loses_no_words_either(strict, bob, published_post):
    post = published_post()
    old = visit(strict, reply_url(post)).select_one("[name=csrfmiddlewaretoken]")["value"]
    strict.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    strict.cookies.pop("csrftoken")
    response = strict.post(reply_url(post), {"body": WORDS, "csrfmiddlewaretoken": old})
    assert response.status_code == 403
    action, fields = filled(response)
    assert fields["csrfmiddlewaretoken"] != old
    strict.post(action, fields)
    assert (Comment.objects.get().user, Comment.objects.get().body) == (bob, WORDS)


def test_edited_words_come_back_too_and_can_be_sent(strict, published_post):
    comment = say(published_post(comment_mode="open"))
    response = strict.post(link_of(comment, "edit/"), {"body": WORDS})
    assert response.status_code == 403
    assert strict.post(*filled(response)).status_code == 302
    assert stored(comment).body == WORDS


def test_a_form_from_another_site_is_not_made_ready_to_send(strict, published_post):
    headers = {"origin": "https://evil.example"}
    address = reply_url(published_post())
    response = strict.post(address, {"name": "Ada", "body": WORDS}, headers=headers)
    assert response.status_code == 403
    page = BeautifulSoup(response.content, "html.parser")
    assert not page.select("main form, main button")
    assert texts(response) == [WORDS]


def test_a_password_is_never_shown_back(strict, db):
    secret = {"login": "alice", "password": "a long walk", "body": "x", "name": "y"}
    response = strict.post("/account/login/", secret)
    assert response.status_code == 403
    assert "a long walk" not in response.text
    assert not BeautifulSoup(response.content, "html.parser").select("main form")


def test_a_refused_post_text_comes_back_to_be_copied(strict, alice):
    strict.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    response = strict.post("/admin/blog/post/add/", {"title": "Her coat", "body": WORDS})
    assert response.status_code == 403
    assert texts(response) == [WORDS]
    assert "Her coat" in response.text


def test_the_owners_length_limit_applies_to_edits_too(client, published_post):
    comment = say(published_post())
    ConversationSettings.objects.update(max_length=100)
    response = client.post(link_of(comment, "edit/"), {"body": "é" * 101})
    assert response.status_code == 422
    assert texts(response) == ["é" * 101]
