"""Two moderators in one queue, a failing connection, an expired session, and no JavaScript."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment, ReviewLock
from comments.moderation import decisions
from comments.tree.status import Status
from tests.browser.conftest import become
from tests.browser.moderation_queue import HERE, card, heading, statuses, waiting


@pytest.fixture
def nora(person):
    """Another moderator."""
    return person("nora", group="Moderators", is_staff=True, display_name="Nora")


def test_two_moderators_work_through_the_same_queue(page, mia, nora, published_post):
    rows = waiting(published_post(), "Ada Ben Cleo Dora")
    hers, other = page(HERE, user=mia), page(HERE, user=nora)

    hers.keyboard.press("j")
    expect(heading(hers, "Ada")).to_be_focused()
    with hers.expect_response("**/claim/"):
        hers.keyboard.press("j")
    with other.expect_response("**/claim/"):
        other.keyboard.press("j")
    expect(card(other, "Ben").get_by_text("Mia is viewing this.")).to_be_visible()
    other.keyboard.press("j")
    other.keyboard.press("j")
    expect(heading(other, "Cleo")).to_be_focused()
    other.keyboard.press("a")
    expect(other.get_by_role("status")).to_contain_text("Approved Cleo’s comment.")

    # Mia's page still shows the card; she is told, and nothing changes.
    hers.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(card(hers, "Cleo").get_by_text("Nora approved it just now.")).to_be_visible()
    card(hers, "Cleo").get_by_role("button", name="Spam").click()
    expect(hers.get_by_role("status")).to_contain_text("Nora approved it just now. Nothing was")
    hers.reload()
    expect(card(hers, "Cleo")).to_have_count(0)
    expect(card(hers, "Dora").get_by_text("Nora is viewing this.")).to_be_visible()
    wanted = [Status.PENDING, Status.PENDING, Status.APPROVED, Status.PENDING]
    assert statuses(*rows) == wanted
    assert ReviewLock.objects.count() >= 2


def test_an_expired_session_a_failed_request_and_a_stale_page_lose_nothing(
    page, mia, published_post
):
    rows = waiting(published_post(), "Ada Ben")
    tab = page(HERE, user=mia, noise=("Failed to load resource",))
    said = tab.get_by_role("status")

    tab.context.set_offline(True)
    card(tab, "Ada").get_by_role("button", name="Approve").click()
    expect(said).to_contain_text("There’s no connection, so nothing was changed.")
    tab.context.set_offline(False)

    tab.context.clear_cookies(name="csrftoken")
    card(tab, "Ada").get_by_role("button", name="Approve").click()
    expect(said).to_contain_text("Approved Ada’s comment.")

    card(tab, "Ben").get_by_role("button", name="Reply").click()
    card(tab, "Ben").get_by_label("Your reply").fill("Every word of it.")
    tab.context.clear_cookies()
    card(tab, "Ben").get_by_role("button", name="Approve and reply").click()
    expect(said).to_contain_text("You’ve been signed out, so nothing was changed.")
    with tab.context.expect_page() as other:
        said.get_by_role("link", name="Sign in").click()
    expect(other.value.locator("[name=login]")).to_be_visible()
    assert statuses(*rows) == [Status.APPROVED, Status.PENDING]
    become(tab, mia)
    card(tab, "Ben").get_by_role("button", name="Approve and reply").click()
    expect(said).to_contain_text("Approved Ben’s comment and replied to it.")
    assert Comment.objects.get(user=mia).body == "Every word of it."


def test_a_press_on_a_page_of_somebody_else_shows_the_words_and_the_name(
    page, mia, nora, published_post
):
    (ada,) = waiting(published_post(), "Ada")
    tab = page(HERE, user=mia, noise=("Failed to load resource",))
    card(tab, "Ada").get_by_role("button", name="Reply").click()
    card(tab, "Ada").get_by_label("Your reply").fill("Every word of it.")
    tab.context.clear_cookies()
    become(tab, nora)
    card(tab, "Ada").get_by_role("button", name="Approve and reply").click()
    expect(tab.get_by_text("You’re now signed in as Nora")).to_be_visible()
    expect(tab.get_by_label("Your text")).to_have_value("Every word of it.")
    tab.get_by_role("button", name="Send again").click()
    expect(tab.get_by_role("status")).to_contain_text("Approved Ada’s comment and replied to it.")
    assert Comment.objects.get(parent=ada).user == nora


def test_a_change_made_meanwhile_is_reported_and_a_typed_answer_stays(page, mia, published_post):
    first, second = waiting(published_post(), "Ada Ben")
    tab = page(HERE, user=mia)
    Comment.objects.purge(Comment.objects.get(pk=first.pk))
    card(tab, "Ada").get_by_role("button", name="Approve").click()
    expect(tab.get_by_role("status")).to_contain_text("This comment no longer exists")
    expect(heading(tab, "Ben")).to_be_focused()
    expect(card(tab, "Ada")).to_have_count(0)
    card(tab, "Ben").get_by_role("button", name="Reply").click()
    field = card(tab, "Ben").get_by_label("Your reply")
    field.fill("Every word of it.")
    decisions.decide([second.pk], "spam", mia)
    card(tab, "Ben").get_by_role("button", name="Approve and reply").click()
    expect(tab.get_by_role("status")).to_contain_text("Nothing was changed.")
    expect(field).to_have_value("Every word of it.")


def test_without_scripts_a_press_leads_to_the_field_that_it_opens(page, mia, published_post):
    """The rest without scripts: tests/comments/queue/test_without_scripts.py."""
    waiting(published_post(), "Ada Ben Cleo Dora")
    tab = page(HERE, user=mia, width=360, javascript=False)
    card(tab, "Cleo").get_by_role("button", name="Reply").click()
    expect(tab.get_by_label("Your reply")).to_be_in_viewport()
