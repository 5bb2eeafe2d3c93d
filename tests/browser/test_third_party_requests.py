"""Privacy of reading: no request to third parties on any page, and no cookie from reading.

The `page` fixture watches the network under every browser test; test_accessibility.py opens every
kind of page. These tests show that the watch works, that the list of pages is complete, and what
reading leaves behind."""

import pytest
from django.urls import URLPattern, get_resolver, resolve
from playwright.sync_api import expect

from blog.models import Blog, ContentNote, Post
from tests.browser import test_accessibility as visited
from tests.browser.conftest import watch

pytestmark = pytest.mark.django_db(transaction=True)
demo = visited.demo
READ = [
    "/",
    visited.STORY,
    f"{visited.STORY}?order=newest",
    "/posts/her-coat/",
    "/about/",
    "/tags/grief/",
    "/series/walks/",
    "/archive/",
    "/search/?q=the",
    "/comments/{reply}/thread/",
    "/nowhere-to-be-found/",
]
# Not pages of their own in a browser: for programs, redirects, or parts of a page.
NO_PAGES = set(
    """
    security_txt favicon account_inactive
    blog:card blog:feed blog:json_feed blog:tag_feed blog:robots blog:indexnow
    blog:sitemap blog:sitemap_part blog:quick_subscribe staff_settings
    comments:feed comments:post_feed comments:permalink comments:anchor comments:news comments:after
    comments:preview mfa_download_recovery_codes mfa_login_webauthn
    accounts:archive_file
    """.split()
)
# The same page as another that is opened, or one behind a secret key; each is extended from
# one that is opened, and its own tests open it in a browser.
LIKE_OTHERS = set(
    """
    blog:preview blog:archive_year
    comments:proof comments:moderator_mail comments:mailing comments:receipt_proof
    comments:renewal account_confirm_email account_email_verification_sent
    account_confirm_login_code account_reauthenticate account_set_password
    account_reset_password_done account_reset_password_from_key
    account_reset_password_from_key_done accounts:invited accounts:stop_address_change
    accounts:guest_archive accounts:stay accounts:erase_all comments:disown_all
    comments:receipt_claiming
    blog:subscription mfa_activate_totp mfa_add_webauthn mfa_authenticate mfa_deactivate_totp
    mfa_edit_webauthn mfa_generate_recovery_codes mfa_list_webauthn mfa_reauthenticate
    mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes
    """.split()
)


def names(patterns, before=""):
    """Every name of an address outside the admin."""
    for each in patterns:
        if isinstance(each, URLPattern):
            if each.name:  # the first namespace is the admin's own, which has no name
                yield f"{before}{each.name}"
        elif each.namespace != "admin" and not str(each.pattern).startswith("admin/"):
            space = f"{each.namespace}:" if each.namespace else ""
            yield from names(each.url_patterns, before + space)


def test_every_kind_of_page_is_opened_by_a_browser_test():
    words = {"reply": 1, "own": 1, "standing": 1, "story": 1}
    opened = [*visited.OF_STRANGERS, *visited.OF_A_READER]
    paths = [address.format(**words).partition("?")[0] for address in opened]
    known = {resolve(path).view_name for path in paths if path != "/nowhere-to-be-found/"}
    # A writer's pages have an address for known writers and one with the private link.
    plain = {name.replace(":own_", ":") for name in known}
    there = {name.replace(":own_", ":") for name in names(get_resolver().url_patterns)}
    missing = sorted(there - plain - NO_PAGES - LIKE_OTHERS)
    advice = "Put their addresses into test_accessibility.py, or say here what they are like:"
    assert missing == [], "\n".join([advice, *missing])


def test_the_watch_notices_a_request_elsewhere(browser, live_server):
    reports, context = [], browser.new_context()
    watch(context, live_server.url, reports, (), [])
    tab = context.new_page()
    tab.goto(f"{live_server.url}/healthz/")
    tab.goto("about:blank")
    assert reports == []
    tab.set_content("<img src='http://elsewhere.invalid/pixel.gif'>")
    context.close()
    assert reports[0] == "asked elsewhere: http://elsewhere.invalid/pixel.gif"


def test_reading_and_opening_pages_sets_no_cookie(demo, page):
    Blog.objects.update(hub="https://hub.example.org/")
    story = Post.objects.get(slug="tuesdays-at-four")
    story.body += "<p><a href='https://elsewhere.example.org/'>Elsewhere</a></p>"
    story.content_notes.add(ContentNote.objects.first())
    story.save()
    tab = page("/", width=360)
    for path in (each.format(**visited._places()) for each in READ):
        tab.goto(path)
        tab.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert tab.context.cookies() == [], path
        hints = "link[rel~=preconnect], link[rel~=dns-prefetch], link[rel~=prefetch], [ping]"
        expect(tab.locator(hints)).to_have_count(0)


def test_comments_are_excluded_from_search_snippets(demo, client):
    """https://developers.google.com/search/docs/appearance/snippet: div, section and span alone."""
    from bs4 import BeautifulSoup

    reply = visited._places()["reply"]
    for path in (visited.STORY, f"{visited.STORY}?order=author", f"/comments/{reply}/thread/"):
        page = BeautifulSoup(client.get(path).content, "html.parser")
        comments = page.select("article.comment")
        assert comments, path
        for comment in comments:
            assert comment.find_parent(["div", "section", "span"], attrs={"data-nosnippet": True})
        for post in page.select(".post > .e-content"):
            assert not post.find_parent(attrs={"data-nosnippet": True})
