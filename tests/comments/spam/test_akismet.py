"""The Akismet check: off by default, disclosed to writers, never blocking a comment.

The service is a local server here, which records what it is sent."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from comments.models import Comment, Reputation
from comments.tree.status import QueuePriority, Status
from tests.comments.factories import stored
from tests.comments.http import mark, reply_url, send, visit
from tests.comments.spam_checks import (
    TENDER,
    change_settings,
    found,
    give,
    is_held,
    is_public,
    listed,
    newest,
)

pytestmark = pytest.mark.django_db


class Service:
    """Answers with ``answer``: a text, an HTTP status, or nothing at all."""

    def __init__(self):
        self.answer, self.sent = "false", []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                service.sent.append({name: value[0] for name, value in parse_qs(body).items()})
                service.reply(self)

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/1.1/comment-check"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def reply(self, handler):
        if isinstance(self.answer, int):
            handler.send_response(self.answer)
            handler.send_header("Location", f"{self.url}/elsewhere")
            handler.end_headers()
        elif callable(self.answer):
            self.answer(handler.wfile)
        elif self.answer is not None:
            handler.send_response(200)
            handler.end_headers()
            handler.wfile.write(self.answer.encode())

    def stop(self):
        if self.thread.is_alive():
            self.server.shutdown()
            self.server.server_close()
            self.thread.join()


@pytest.fixture
def service():
    service = Service()
    yield service
    service.stop()


@pytest.fixture
def switched_on(service):
    change_settings(spam_service=service.url, spam_service_key="a-key")
    return service


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open", title="Her coat")


def told(service):
    """Return the token of a form that disclosed this service a minute ago."""
    return {"mark": mark(service.host, minutes=1)}


def test_the_check_is_off_by_default(client, service, post):
    change_settings(spam_service=service.url)  # an address alone is not enough
    send(client, post, TENDER, **told(service))
    assert is_public(newest())
    assert service.sent == []


def test_the_form_discloses_the_service_to_the_writer(client, signed_in, bob, service, post):
    def words():
        return visit(client, reply_url(post)).select_one("form.form").text

    assert service.host not in words()
    change_settings(spam_service=service.url, spam_service_key="a-key")
    sentence = f"the text and your name also go to {service.host}"
    assert sentence in words()
    send(client, post, TENDER, **told(service))
    edit = client.get(f"/comments/{newest().pk}/receipt/edit/")
    assert sentence in edit.text
    signed_in(bob)
    assert sentence in words()


def test_only_the_disclosed_fields_are_sent(client, switched_on, post):
    send(client, post, TENDER, email="ada.secret@example.org", **told(switched_on))
    assert is_public(newest())
    [sent] = switched_on.sent
    assert sent == {
        "api_key": "a-key",
        "blog": "http://localhost",
        "blog_charset": "UTF-8",
        "blog_lang": "en",
        "comment_type": "comment",
        "comment_author": "Ada",
        "comment_content": TENDER,
        "permalink": f"http://localhost{post.get_absolute_url()}",
        "user_ip": "0.0.0.0",
    }


def test_spam_by_its_verdict_waits_in_the_spam_lane(client, switched_on, post):
    switched_on.answer = "true"
    send(client, post, TENDER, **told(switched_on))
    assert is_held(newest(), "spam-service", queue_priority=QueuePriority.SUSPECT)
    assert found(newest()) == {"spam-service": f"flagged as spam by {switched_on.host}"}


@pytest.mark.parametrize("answer", ["invalid", "", "truely", 500, 403, 301, 302, 307, None])
def test_an_invalid_answer_holds_the_comment_and_says_so(client, switched_on, post, answer):
    switched_on.answer = answer
    assert send(client, post, TENDER, **told(switched_on)).status_code == 302
    assert is_held(newest(), "spam-service")
    assert "couldn’t be checked with" in found(newest())["spam-service"]
    assert len(switched_on.sent) == 1  # redirects are not followed


@pytest.mark.parametrize("begins", [b"", b"HTTP/1.0 200 OK\r\n\r\n"])
def test_an_endlessly_slow_answer_times_out(client, switched_on, post, monkeypatch, begins):
    """Each byte arrives in time, the whole answer does not."""
    hung_up = threading.Event()

    def drip(line):
        try:
            line.write(begins)
            for _letter in range(100):
                line.write(b"t")
                line.flush()
                time.sleep(0.1)
        except OSError:
            hung_up.set()

    monkeypatch.setattr("comments.spam.akismet.TIMEOUT", 0.5)
    switched_on.answer = drip
    start = time.monotonic()
    send(client, post, TENDER, **told(switched_on))
    assert time.monotonic() - start < 4  # and not the ten seconds that it takes
    assert is_held(newest(), "spam-service")
    assert "couldn’t be checked with" in found(newest())["spam-service"]
    assert hung_up.wait(8)


def test_an_unreachable_service_holds_the_comment_and_says_so(client, switched_on, post):
    switched_on.stop()
    send(client, post, TENDER, **told(switched_on))
    assert is_held(newest(), "spam-service")


def test_a_comment_from_an_undisclosed_form_is_not_sent(client, switched_on, post):
    """The form was opened before the owner switched it on, or named another service."""
    for host in ("", "another.example"):
        send(client, post, f"{TENDER} {host}", mark=mark(host, minutes=1))
        assert is_public(newest())
    send(client, post, "Without any mark.", mark="")
    assert is_held(newest(), "form-time")
    assert switched_on.sent == []


def test_comments_by_trusted_writers_and_staff_are_not_sent(
    client, signed_in, bob, alice, mia, switched_on, post
):
    give(Reputation.Kind.TRUSTED, bob)
    for who in (bob, alice, mia):
        send(signed_in(who), post, "Mine.", **told(switched_on))
        assert newest().status == Status.APPROVED
    assert switched_on.sent == []


def cares(submission):
    from comments.models.checks import CheckOutcome, Verdict

    return CheckOutcome("care", Verdict.CARE, "someone should look")


def test_comments_in_care_are_not_sent(client, settings, switched_on, post):
    settings.COMMENT_CHECKS = [f"{__name__}.cares", *settings.COMMENT_CHECKS]
    send(client, post, TENDER, **told(switched_on))
    assert is_held(newest(), "care", queue_priority=QueuePriority.CARE)
    assert switched_on.sent == []


def test_a_comment_already_found_to_be_spam_is_not_sent(client, switched_on, post):
    listed("spam", "two cups")
    send(client, post, TENDER, **told(switched_on))
    assert switched_on.sent == []


def test_an_edit_is_checked_too_if_its_form_disclosed_the_service(client, switched_on, post):
    send(client, post, "Short.", **told(switched_on))
    address = f"/comments/{newest().pk}/receipt/edit/"
    switched_on.answer = "true"
    client.post(address, {"body": "Not told.", "mark": mark(minutes=1)})
    assert is_public(stored(newest()))
    client.post(address, {"body": TENDER, **told(switched_on)})
    assert is_held(stored(newest()), "spam-service", queue_priority=QueuePriority.SUSPECT)
    assert [sent["comment_content"] for sent in switched_on.sent] == ["Short.", TENDER]


def test_a_comment_sent_without_a_form_is_not_sent_on(switched_on, post):
    from comments.posting import create

    create.post_comment(create.Answer(post.pk, {"body": TENDER, "name": "Ada"}))
    assert Comment.objects.get().status == Status.APPROVED
    assert switched_on.sent == []


def test_the_owner_sets_url_and_key_in_the_admin(signed_in, owner, mia):
    address = "/admin/comments/conversationsettings/1/change/"
    page = signed_in(owner).get(address).text
    assert "nothing leaves this blog" in page
    assert signed_in(mia).get(address).status_code == 403
