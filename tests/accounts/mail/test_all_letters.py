"""Letters of every script before the "@": taken where the mail server takes them, or refused."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from accounts.mail import outbox
from accounts.models import Address, Mail
from accounts.text.email_normalization import normalize_email
from tests.blog.mail import reads
from tests.comments.http import only_comment, send
from tests.comments.mail import links_in, run_due

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "jürgen.müller@example.org",
    "почта@example.org",
    "संपर्क@example.org",
    "用户+a@example.org",
    "jürgen@xn--mller-kva.example",
)
CANNOT = "can’t send to addresses with letters"


@pytest.fixture(params=[True, False], ids=["takes all", "takes ASCII"])
def takes_all(request, post_office):
    """A mail server with or without SMTPUTF8, to which the worker has connected once."""
    post_office.close()
    post_office.takes_all_letters = request.param
    post_office.open()
    outbox.enqueue_rendered("a mail", "bea@example.org", subject="a", text="b")
    outbox.do_due()
    post_office.mails.clear()
    return request.param


@pytest.mark.parametrize("email", ADDRESSES)
def test_an_address_in_all_letters_is_one(email):
    assert normalize_email(email) == email


@pytest.mark.parametrize(
    "email",
    ["ü", "ü@", "@ü.example", "a\u202eb@example.org", "a\xa0b@example.org", "ü@x@y.example"],
)
def test_what_is_no_address_stays_none(email):
    with pytest.raises(ValidationError):
        normalize_email(email)


@pytest.mark.parametrize("email", ADDRESSES)
def test_a_reader_is_written_to_or_told_why_not(client, post_office, takes_all, email):
    page = client.post("/subscribe/", {"email": email, "rhythm": "at-once"})
    run_due()
    assert (CANNOT in page.content.decode()) == (not takes_all)
    assert Address.objects.filter(email=email).exists() == takes_all
    assert post_office.to() == ([email] if takes_all else [])
    if takes_all:
        assert client.post(links_in(post_office.mails[0])[0]).status_code in {200, 302}
        assert Address.objects.get(email=email).verified_at


def test_a_comment_takes_the_address_or_keeps_the_words(client, published_post, takes_all):
    page = send(client, published_post(), "One word.", name="Jürgen", email="jürgen@example.org")
    if takes_all:
        assert only_comment().email == "jürgen@example.org"
    else:
        assert CANNOT in page.content.decode()
        assert "One word." in page.content.decode()


def test_an_account_takes_the_address_or_says_why_not(sign_up, post_office, takes_all):
    page = sign_up("jana", "jürgen@example.org")
    outbox.do_due()
    assert EmailAddress.objects.filter(email="jürgen@example.org").exists() == takes_all
    assert post_office.to() == (["jürgen@example.org"] if takes_all else [])
    assert takes_all or CANNOT in page.content.decode()


def test_a_server_that_has_changed_ends_such_a_mail_at_once(published_post, post_office):
    reads("jürgen@example.org")
    reads("bea@example.org")
    published_post(by_mail=True)
    run_due()
    assert post_office.to() == ["bea@example.org"]
    mail = Mail.objects.get(to_address="jürgen@example.org")
    assert (bool(mail.given_up_at), mail.last_error) == (True, "LettersNotTakenError")
