"""A reply to a mail leads somewhere, or the mail says in one line that nobody reads it."""

import pytest

from accounts.mail import outbox
from tests.accounts.smtp_server import html_of, text_of
from tests.blog.mail import reads
from tests.comments.mail import run_due

LINE = "Replies to this email aren’t read."


@pytest.fixture(params=["of an account", "with a new post", "discreet"])
def mail(request, client, bob, published_post, post_office):
    """A function that sends a mail of each kind and returns it."""

    def send():
        if request.param == "of an account":
            client.post("/account/password/reset/", {"email": "bob@example.org"})
            outbox.do_due()
        else:
            reads(bob, discreet=request.param == "discreet")
            published_post(by_mail=True)
            run_due()
        return post_office.mails[-1]

    return send


def test_without_an_address_for_replies_each_form_says_so_once(mail, settings):
    settings.EMAIL_REPLY_TO = ""
    sent = mail()
    assert sent["Reply-To"] is None
    assert text_of(sent).count(LINE) == html_of(sent).count(LINE) == 1


def test_replies_go_where_the_owner_says(mail, settings):
    settings.EMAIL_REPLY_TO = "Ada <ada@example.org>"
    sent = mail()
    assert "ada@example.org" in sent["Reply-To"]
    assert LINE not in text_of(sent) + html_of(sent)


def test_a_discreet_mail_names_nobody_in_its_address_for_replies(
    settings, bob, published_post, post_office
):
    settings.EMAIL_REPLY_TO = "Ada <ada@example.org>"
    reads(bob, discreet=True)
    published_post(by_mail=True)
    run_due()
    assert post_office.mails[-1]["Reply-To"] == "ada@example.org"
