"""A reader subscribes to new posts, an author sends one, and a click unsubscribes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import ContentNote, Post, Subscription
from tests.accounts.smtp_server import html_of
from tests.blog.mail import reads
from tests.browser.conftest import become
from tests.browser.editor import publish
from tests.browser.looks import look, too_wide
from tests.comments.mail import links_in, run_due

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def confirmed(tab, post_office):
    """Open the link of the first mail and confirm the subscription on the next page."""
    run_due()
    tab.goto(links_in(post_office.mails[-1])[0])
    tab.get_by_role("button", name="Confirm").click()
    expect(tab.get_by_label("Weekly, on Sunday evening")).to_be_checked()
    expect(tab.get_by_text("How often: Weekly, on Sunday evening.")).to_be_visible()
    look(tab, "subscription")
    tab.get_by_text("Change how often, or how discreet").click()
    tab.get_by_label("Right away").check()
    tab.get_by_label("Discreet emails").uncheck()
    tab.get_by_role("button", name="Yes, subscribe").click()
    expect(tab.get_by_role("heading", name="You’re subscribed")).to_be_visible()


def test_a_reader_subscribes_gets_a_mail_and_unsubscribes(page, published_post, alice, post_office):
    published_post(title="An evening by the lake", slug="lake")
    reader = page("/posts/lake/", width=360)
    reader.get_by_role("link", name="Subscribe").click()
    reader.get_by_role("textbox", name="Email").fill("ada@example.org")
    reader.get_by_label("Weekly, on Sunday evening").check()
    reader.get_by_role("button", name="Subscribe").click()
    expect(reader.get_by_role("heading", name="Check your inbox")).to_be_visible()
    confirmed(reader, post_office)

    desk = page("/admin/blog/post/add/", user=alice)
    desk.get_by_label("Title").fill("Her coat")
    desk.locator(".desk-publish > summary").click()
    expect(desk.get_by_text("Subscribers: 1 right away")).to_be_visible()
    desk.get_by_label("Email it to 1 subscriber").check()
    desk.keyboard.press("Escape")
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Send test email").click()
    expect(opened.value.get_by_text("on its way to alice@example.org")).to_be_visible()
    opened.value.close()
    publish(desk)
    expect(desk.get_by_text("Sending by email now.")).to_be_visible()
    run_due()
    assert post_office.to() == ["ada@example.org", "alice@example.org", "ada@example.org"]
    assert post_office.mails[-1]["Subject"] == "Her coat"

    [way_out] = [path for path in links_in(post_office.mails[-1]) if path.startswith("/m/")]
    reader.goto(way_out)
    look(reader, "way-out")
    reader.get_by_role("button", name="Change preferences").click()
    expect(
        reader.get_by_role("heading", name="How often would you like new posts?")
    ).to_be_visible()
    expect(reader.get_by_label("Right away")).to_be_checked()
    reader.goto(way_out)
    reader.get_by_role("button", name="Unsubscribe").click()
    expect(reader.get_by_role("heading", name="You’ve been unsubscribed")).to_be_visible()
    assert not Subscription.objects.exists()


def test_the_pages_and_mails_fit_every_width_and_theme(
    page, published_post, alice, bob, post_office, time_machine
):
    reads("ada@example.org")
    reads(bob, "weekly")
    body = "<p>The water was quite still, and so were we.</p>" * 4
    body += "<h2>Later</h2><blockquote><p>Stay.</p></blockquote><ul><li>One</li><li>Two</li></ul>"
    published_post(title="An evening by the lake", slug="lake", body=body, by_mail=True)
    noted = published_post(title="Her coat", slug="coat", body=body)
    noted.content_notes.add(ContentNote.objects.get(name="grief"))
    Post.objects.filter(pk=noted.pk).update(by_mail=True)
    run_due()
    mails = list(post_office.mails)
    time_machine.move_to(timezone.now() + timedelta(days=8), tick=False)
    run_due()
    mails.append(post_office.mails[-1])
    time_machine.move_to(timezone.now() - timedelta(days=8), tick=False)
    shown = page("/m/nothing/", bypass_csp=True)
    for number, mail in enumerate(mails):
        shown.set_content(html_of(mail))
        assert too_wide(shown) == [], number
        look(shown, f"mail-{number}")
    post = Post.objects.get(slug="lake")
    tab = page("/subscribe/", width=360)
    for user, pages in (
        (
            None,
            {"subscribe-home": "/", "subscribe-post": "/posts/lake/", "subscribe": "/subscribe/"},
        ),
        (bob, {"subscribe-bob": "/subscribe/"}),
        (alice, {"tick": "/admin/blog/post/add/", "ticked": f"/admin/blog/post/{post.pk}/change/"}),
    ):
        if user:
            become(tab, user)
        for name, path in pages.items():
            tab.goto(path)
            assert too_wide(tab) == [], name
            look(tab, name)
        if not user:
            tab.get_by_role("button", name="Subscribe").click()
            expect(tab.get_by_role("alert")).to_be_visible()
            look(tab, "subscribe-refused")
