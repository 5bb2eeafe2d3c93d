"""Newsletter mails: text and HTML parts, content notes, discreet mode, headers."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from blog.html_to_text import html_to_text
from blog.models import ContentNote
from blog.newsletter import emails
from tests.accounts.smtp_server import html_of, text_of
from tests.blog.mail import WEEKLY, reads
from tests.comments.factories import say
from tests.comments.http import send
from tests.comments.mail import everything_in, follows, links_in, run_due, verified

BODY = (
    "<h2>At the lake</h2><p>The <em>water</em> &amp; I.</p>"
    '<p><img src="/media/lake.jpg" alt="A lake" width="60" height="40"></p>'
    '<p><a href="/posts/other/">Before</a></p>'
)


@pytest.fixture
def mail(db, post_office, published_post, settings):
    """A function that mails a post to the subscribers, or to Ada; returns the newest mail."""
    settings.SITE_URL = "http://localhost"

    def send_out(*, note=None, **fields):
        post = published_post(**{"title": "Tom & Ada", "body": BODY, "slug": "tom", **fields})
        if note:
            post.content_notes.add(ContentNote.objects.get_or_create(name=note)[0])
        type(post).objects.filter(pk=post.pk).update(by_mail=True)
        run_due()
        return post_office.mails[-1]

    return send_out


def test_a_post_is_mailed_whole_as_text_and_html(mail):
    reads()
    sent = mail()
    assert sent["Subject"] == "Tom & Ada"
    text = text_of(sent).replace("\r\n", "\n")
    assert (
        "At the lake\n\nThe water & I.\n\n[A lake]\n\nBefore <http://localhost/posts/other/>"
        in text
    )
    assert "http://localhost/posts/tom/" in text
    page = BeautifulSoup(html_of(sent), "html.parser")
    assert page.select_one("img")["src"] == "http://localhost/media/lake.jpg"
    assert page.select_one("h1 a")["href"] == "http://localhost/posts/tom/"
    assert not page.select("script, link, iframe, form")
    loaded = {tag["src"] for tag in page.select("[src]")}
    assert loaded == {"http://localhost/media/lake.jpg"}, "nothing tells that a mail was opened"


def test_a_content_note_comes_first_and_the_text_stays_on_the_blog(mail):
    reads()
    sent = mail(note="grief", excerpt="She was gone.")
    for words in (text_of(sent), html_of(sent)):
        assert "Content note: grief" in words
        assert "water" not in words
        assert "She was gone" not in words
        assert "/media/" not in words
        assert "http://localhost/posts/tom/" in words


def test_a_weekly_mail_keeps_content_notes_too(mail, published_post, time_machine, post_office):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    reads("ada@example.org", WEEKLY)
    published_post(title="Open words", by_mail=True, excerpt="It was spring.")
    reads("bea@example.org")  # one subscriber gets it at once, so that there is a mail
    mail(note="grief", excerpt="She was gone.")
    time_machine.move_to("2030-05-05 18:00:01Z", tick=False)
    run_due()
    [sent] = [each for each in post_office.mails if each["To"] == "ada@example.org"]
    for words in (text_of(sent), html_of(sent)):
        assert "It was spring." in words
        assert "Content note: grief" in words
        assert "She was gone" not in words
    assert "The water" not in text_of(sent)


def test_a_discreet_mail_names_nobody_and_nothing(mail, settings):
    settings.DEFAULT_FROM_EMAIL = "Alice's blog <blog@example.org>"
    reads("ada@example.org", discreet=True)
    sent = mail(note="grief")
    assert sent["Subject"] == "There’s something new for you"
    assert sent["From"] == "blog@example.org"
    shown = everything_in(sent).lower()
    for word in ("tom", "grief", "alice", "hearth", "/posts/", "lake", "subscription"):
        assert word not in shown, word
    read, _way_out = dict.fromkeys(links_in(sent))
    assert Client().get(read).status_code == 200
    assert Client().post(read)["Location"] == "/posts/tom/"


def test_a_discreet_weekly_mail_holds_only_links(mail, post_office, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    reads("ada@example.org", WEEKLY, discreet=True)
    reads("bea@example.org")
    mail()
    time_machine.move_to("2030-05-05 18:00:01Z", tick=False)
    run_due()
    [sent] = [each for each in post_office.mails if each["To"] == "ada@example.org"]
    assert sent["Subject"] == "There’s something new for you"
    for word in ("tom", "ada's", "/posts/", "week"):
        assert word not in everything_in(sent).lower(), word


def test_a_discreet_link_to_a_withdrawn_post_leads_to_the_first_page(mail):
    reads("ada@example.org", discreet=True)
    read = links_in(mail())[0]
    from blog.models import Post

    Post.objects.update(status="draft")
    assert Client().post(read)["Location"] == "/"


def test_the_message_id_is_stable_and_replies_thread_below_it(mail, post_office):
    from blog.models import Mailing, Post

    reader = verified()
    mailbox = reads(reader)
    sent = mail(comment_mode="open")
    mailing = Mailing.objects.get(post__isnull=False)
    ahead = emails.Ahead([{"sent": mailing.pk, "subscriber": mailbox.key}])
    assert emails.new_post(mailing.pk, mailbox.key, ahead).message_id == sent["Message-ID"]
    follows(reader, post=Post.objects.get(slug="tom"))
    send(Client(), say(Post.objects.get(slug="tom")))
    run_due()
    assert sent["Message-ID"] in post_office.mails[-1]["References"]


def test_a_text_too_long_for_a_mail_links_to_the_blog(mail, monkeypatch):
    monkeypatch.setattr(emails, "LONGEST", 50)
    reads()
    sent = mail(excerpt="How it began.")
    for words in (text_of(sent), html_of(sent)):
        assert "How it began." in words
        assert "too long for an email" in words
        assert "At the lake" not in words


def test_a_title_of_several_lines_or_of_markup_breaks_nothing(mail):
    reads()
    sent = mail(title="One\r\nBcc: eve@example.org <b>")
    assert sent["Subject"] == "One Bcc: eve@example.org <b>"
    assert sent["Bcc"] is None
    assert "<b>" not in html_of(sent)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
        ("<p>a  b\n c&nbsp;d &lt;i&gt;</p>", "a b c\xa0d <i>"),
        ("<ul><li>One</li><li><p>Two</p><p>more</p></li></ul>", "- One\n\n- Two\n\n  more"),
        (
            '<ol start="3"><li>One<ul><li>In</li></ul></li><li>Two</li></ol>',
            "3. One\n\n  - In\n\n4. Two",
        ),
        ("<blockquote><p>Said<br>so</p></blockquote><p>I</p>", "> Said\n> so\n\nI"),
        ("<pre><code>a\n  b</code></pre>", "a\n  b"),
        ("<p>x</p><hr><p>y</p>", "x\n\n* * *\n\ny"),
        ('<p><a href="https://example.org/">https://example.org/</a></p>', "https://example.org/"),
        ('<p>See <a href="https://example.org/">this</a>.</p>', "See this <https://example.org/>."),
        (
            '<figure><img alt="A lake" src="/x"><figcaption>Still</figcaption></figure>',
            "[A lake]\n\nStill",
        ),
        ("<p>left <a href='x'>open <ol><li>a</p></blockquote></a>", "left open\n\n1. a"),
    ],
)
def test_html_becomes_text_that_reads_well(html, text):
    assert html_to_text(html) == text
