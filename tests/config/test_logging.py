"""No log line holds a name, an address, a key or a text: not of a request, an error or a mail."""

import io
import logging
import re
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver

from accounts.mail import outbox
from accounts.models import Mail
from blog.models import PreviewLink
from comments.moderation import decisions
from config import due_work
from config.logging import LineFormatter, RedactingFilter
from tests.comments.http import only_comment, send
from tests.conftest import PASSWORD

# What people type in all that follows; a log that holds any of it fails the test.
NAME, WORDS, EMAIL = "Wilhelmina", "lanternfish", "wilhelmina@example.org"
TYPED = re.compile(f"{NAME}|{WORDS}|example\\.org|bob|alice|127\\.0\\.0\\.1", re.IGNORECASE)
LOCALS = {"HTTP_REFERER": f"https://elsewhere.test/{WORDS}/?who={EMAIL}"}


@pytest.fixture
def log():
    """What is written to the console, through its own handler."""
    (handler,) = logging.getLogger("django").handlers[:1]
    assert handler.get_name() == "console"
    smtp = logging.getLogger("mail.log")  # the mail server of the tests
    smtp.propagate, told = False, io.StringIO()
    before = handler.setStream(told)
    yield told
    handler.setStream(before)
    smtp.propagate = True


@pytest.fixture
def stranger():
    """A client whose failing requests get an error page, as readers do."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_everything_that_can_go_wrong_leaves_no_personal_word_in_the_log(
    log, stranger, published_post, alice, mia, bob, post_office, monkeypatch, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    post = published_post(slug="lake", comment_mode="open")
    post_office.refused = Everybody()
    write_a_comment(stranger, post)
    mistake_addresses(stranger, published_post, alice)
    forge_forms(post)
    go_through_an_account(stranger)
    decide(mia)
    upload_nonsense(alice)
    break_things(stranger, monkeypatch)
    lines = log.getvalue()
    assert not TYPED.search(lines), TYPED.search(lines)[0]
    for told in (
        "Not Found: /posts/.../",
        "Not Found: /previews/.../",
        "Not Found: /m/.../",
        "Not Found: /...",
        "Internal Server Error: /search/",
        "Forbidden (Referer checking failed - https://elsewhere.test/...",
        "builtins.ValueError",
        "django.db.utils.IntegrityError",
        "django.db.utils.OperationalError: database is locked",
        "in break_here",
        "SMTPRecipientsRefused",
        "Method Not Allowed (PUT): /posts/.../reply/",
    ):
        assert told in lines, told


def write_a_comment(client, post):
    for fields in (
        {"name": NAME, "body": ""},
        {"name": "", "body": WORDS},
        {"name": NAME, "body": WORDS * 2000},
        {"name": NAME, "body": f"{WORDS} \x00 {EMAIL}"},
        {"name": NAME, "body": WORDS, "email": EMAIL, "follow": "on"},
    ):
        send(client, post, **fields)
    comment = only_comment()
    client.post("/comments/preview/", {"body": WORDS, "name": NAME})
    client.post(f"/comments/{comment.pk}/report/", {"reason": "other", "words": WORDS})
    client.put("/posts/lake/reply/", WORDS)
    for wrong in (WORDS * 4, "x"):
        client.get(f"/comments/{comment.pk}/receipt/{wrong}/")
    client.get(f"/comments/{comment.pk}/receipt/edit/")


def mistake_addresses(client, published_post, alice):
    draft = published_post(status="draft", title=WORDS, slug=WORDS)
    link = PreviewLink.objects.make(draft, alice, 7).get_absolute_url()
    assert client.get(link).status_code == 200
    for path in (
        f"/posts/{WORDS}/",
        f"{link[:-4]}{WORDS}/",
        f"/m/{WORDS * 4}/",
        f"/{WORDS}/{EMAIL}/",
        f"/{EMAIL}/",
        f"/people/{NAME}/",
        f"/tags/{WORDS}/?q={WORDS}",
        f"/account/confirm-email/{WORDS}/",
        f"/account/password/reset/key/3-{WORDS}/",
        f"/search/?q={WORDS}&page=999999999",
        f"/media/{WORDS}.jpg",
        "/content-notes/?back=/m/" + WORDS,
    ):
        assert client.get(path).status_code in {200, 302, 404}, path
    client.get(f"/posts/lake/?page={WORDS}")
    client.get("/", headers={"host": "mirror.test"})


def forge_forms(post):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    path = f"{post.get_absolute_url()}reply/"
    form = {"name": NAME, "body": WORDS}
    assert strict.post(path, form).status_code == 403
    assert strict.post(path, form, secure=True, **LOCALS).status_code == 403
    assert strict.post(path, form, HTTP_ORIGIN="https://mirror.test").status_code == 403
    long = strict.post(path, {"body": WORDS * 300_000})
    assert long.status_code == 413


def go_through_an_account(client):
    client.post("/account/login/", {"login": EMAIL, "password": WORDS})
    form = {"username": NAME, "email": EMAIL, "password1": WORDS, "password2": WORDS}
    client.post("/account/signup/", form)
    client.post("/account/signup/", form | {"password1": PASSWORD, "password2": PASSWORD})
    for address in (EMAIL, "bob@example.org", "no address"):
        client.post("/account/password/reset/", {"email": address})


def decide(mia):
    decisions.decide([only_comment().pk], "remove", mia)
    tab = Client(raise_request_exception=False)
    tab.force_login(mia, backend="django.contrib.auth.backends.ModelBackend")
    tab.get(f"/admin/queue/all/?q={WORDS}&who={EMAIL}")
    tab.get(f"/admin/comments/reputation/?q={WORDS}&{WORDS}={EMAIL}")
    tab.get(f"/admin/blog/post/{WORDS}/change/")


def upload_nonsense(alice):
    desk = Client(raise_request_exception=False)
    desk.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    for name in (f"{WORDS}.jpg", f"../{EMAIL}.png"):
        file = SimpleUploadedFile(name, b"\xff\xd8\xff" + WORDS.encode())
        desk.post("/admin/blog/image/upload/", {"file": file})


def break_things(client, monkeypatch):
    def break_here(*args):
        try:
            raise KeyError(EMAIL)
        except KeyError as error:
            raise ValueError(f"{NAME} wrote {WORDS}") from error

    def refuse(going):
        raise IntegrityError(f"DETAIL: Key (email)=({EMAIL}) already exists.")

    def busy(going):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr("blog.search.find", break_here)
        assert client.get(f"/search/?q={WORDS}").status_code == 500
    with monkeypatch.context() as patch:
        patch.setattr("comments.care.alerts.do_due", refuse)
        patch.setattr("comments.digests.due.do_due", busy)
        assert due_work.do_due() == ["comments.care.alerts", "comments.digests.due"]


class Everybody(dict):
    """Stands for the server's refusals of all addresses."""

    def __contains__(self, address):
        return True

    def __getitem__(self, address):
        return f"550 no {address} here, {NAME}"


def secret_routes():
    """Return each route outside the admin with its parameters that hold a secret."""

    def below(patterns, before=""):
        for each in patterns:
            whole = before + str(each.pattern)
            if isinstance(each, URLPattern):
                yield whole
            else:
                yield from below(each.url_patterns, whole)

    for route in below(get_resolver().url_patterns):
        if route.startswith("admin"):
            continue
        # A parameter that is no slug of a post, a tag or a series is a key, or somebody's name.
        filled = re.sub(
            r"<(?:str|receipt):(?!slug)\w+>|\(\?P<key>(?!\[0-9)[^)]*\)", "s3cret", route
        )
        if filled != route:
            yield "/" + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "7", filled).replace("^", "").strip(
                "$"
            )


def test_the_development_log_hides_the_key_of_every_route():
    found = [*secret_routes()]
    assert len(found) > 8
    for path in found:
        line = (f"GET {path} HTTP/1.1", 200)
        record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" %s', line, None)
        RedactingFilter().filter(record)
        assert "s3cret" not in record.getMessage(), path


def test_a_request_is_logged_by_its_route_and_an_unknown_address_not_at_all():
    request = RequestFactory().get("/posts/a-title/")
    for match, told in (
        (None, "Gone: /..."),
        (get_resolver().resolve(request.path), "/posts/.../"),
    ):
        request.resolver_match = match
        record = logging.LogRecord("x", logging.INFO, "", 0, "Gone: %s", (request.path,), None)
        record.request = request
        RedactingFilter().filter(record)
        assert record.getMessage().endswith(told)
        assert "a-title" not in record.getMessage()


def test_in_development_an_error_is_logged_with_its_message(settings):
    for debug, told in ((True, "ValueError: words"), (False, "builtins.ValueError")):
        settings.DEBUG = debug
        try:
            raise ValueError("words")
        except ValueError:
            assert LineFormatter().formatException(sys.exc_info()).endswith(told)


def test_without_a_mail_server_production_prints_no_mail(settings, capsys, db):
    settings.EMAIL_BACKEND = "accounts.mail.null_backend.EmailBackend"
    outbox.enqueue_rendered("x", EMAIL, subject=WORDS, text=WORDS, html="")
    outbox.do_due()
    mail = Mail.objects.get()
    assert (mail.last_error, mail.sent_at) == ("NoMailServerError", None)
    out = capsys.readouterr()
    assert WORDS not in out.out + out.err
