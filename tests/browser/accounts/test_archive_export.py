"""In Chromium: request an archive, download it, open it from disk and read it; claim a comment."""

import zipfile

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.accounts.smtp_server import text_of
from tests.browser.axe import violations
from tests.browser.looks import look, too_wide
from tests.comments.factories import say
from tests.comments.mail import links_in, run_due, verified
from tests.conftest import PASSWORD

ADA = "ada@example.org"
WORDS = "I read this by the window – twice 🌱"


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


@pytest.fixture
def unpacked(browser, tmp_path):
    """A function that unpacks a download and opens its page from disk, without a network."""
    contexts = []

    def open_page(download, **wishes):
        download.save_as(tmp_path / "archive.zip")
        with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
            archive.extractall(tmp_path / "archive")
        context = browser.new_context(**wishes)
        contexts.append(context)
        asked, said = [], []
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: said.append(message.text))
        tab = context.new_page()
        here = (tmp_path / "archive" / "index.html").as_uri()
        tab.goto(here)
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        assert asked == [here]
        assert not said
        return tab

    yield open_page
    for context in contexts:
        context.close()


def fetched(tab):
    """Wait for the archive that was asked for, download it and return the download."""
    expect(tab.get_by_role("status")).to_contain_text("is being created")
    run_due()
    tab.get_by_role("link", name="Check again").click()
    expect(tab.get_by_role("status")).to_contain_text("is ready")
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download archive").click()
    assert download.value.suggested_filename.endswith(".zip")
    return download.value


def test_a_guest_asks_by_mail_downloads_and_reads(page, post, unpacked, post_office):
    above = say(post, name="Wren", body="What do you do on rainy days?")
    say(post, above, name="Ada", body=WORDS, verified_address=verified(ADA), email=ADA)
    tab = page("/privacy/archive/", width=360)
    look(tab, "ask")
    tab.get_by_label("Email").fill("aDA@example.org")
    tab.get_by_role("button", name="Send email").click()
    expect(tab.get_by_role("heading", name="Check your inbox")).to_be_visible()
    run_due()
    (mail,) = post_office.mails
    assert "Wren" not in text_of(mail)
    tab.goto(links_in(mail)[0])
    tab.get_by_role("button", name="Show my choices").click()
    expect(tab.get_by_role("heading", name="What you can do")).to_be_visible()
    assert too_wide(tab) == []
    assert not violations(tab)
    look(tab, "choices")
    tab.get_by_role("button", name="Create my archive").click()
    download = fetched(tab)
    look(tab, "guest-ready")
    assert not violations(tab)
    read = unpacked(download, viewport={"width": 360, "height": 800}, color_scheme="dark")
    expect(read.get_by_text(WORDS)).to_be_visible()
    expect(read.get_by_text("What do you do on rainy days?")).to_be_visible()
    assert read.get_by_text("Wren").count() == 0
    assert too_wide(read) == []
    look(read, "archive-narrow")
    # The link is used up.
    tab.goto(links_in(mail)[0])
    expect(tab.get_by_role("heading", name="no longer works")).to_be_visible()


def test_an_account_claims_a_comment_asks_for_an_archive_and_reads_it(page, post, bob, unpacked):
    address = verified("bob@example.org")
    first = say(post, name="Wren", body=WORDS, verified_address=address)
    other = say(post, name="Wren", body="Somebody else at my desk.", verified_address=address)
    tab = page("/account/comments/", user=bob, width=360)
    tab.get_by_role("link", name="Find your guest comments").click()
    expect(tab.get_by_role("checkbox")).to_have_count(2)
    expect(tab.get_by_role("checkbox", checked=True)).to_have_count(0)
    assert too_wide(tab) == []
    assert not violations(tab)
    look(tab, "claiming")
    tab.get_by_label(WORDS).check()
    tab.get_by_role("button", name="Add to my account").click()
    expect(tab.get_by_role("status")).to_contain_text("now in your account")
    assert Comment.objects.get(user=bob) == first
    assert Comment.objects.get(user=None) == other
    tab.get_by_role("link", name="Your data").click()
    expect(tab.get_by_role("heading", name="Download your data")).to_be_visible()
    look(tab, "own")
    tab.get_by_role("button", name="Create my archive").click()
    expect(tab.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    tab.get_by_label("Your password").fill(PASSWORD)
    tab.get_by_role("button", name="Continue").click()
    download = fetched(tab)
    look(tab, "own-ready")
    assert not violations(tab)
    read = unpacked(download, viewport={"width": 1280, "height": 900}, color_scheme="light")
    expect(read.get_by_text(WORDS)).to_be_visible()
    expect(read.get_by_text("bob@example.org").first).to_be_visible()
    assert not violations(read)
    look(read, "archive-wide")
