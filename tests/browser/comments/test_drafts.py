"""In Chromium: drafts stay on the device until they are sent, and only if the writer agrees."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from comments.tree.status import Status

WORDS = "Half a sentence about 雨"
SWITCH = "Don’t save what I type on this device"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('hearth.'))"


@pytest.fixture
def address(published_post):
    """A post with a comment by Wren."""
    post = published_post()
    Comment(post=post, name="Wren", body="The first word.", status=Status.APPROVED).save()
    return post.get_absolute_url()


def opened(tab, name="Wren"):
    tab.get_by_role("link", name=f"Reply to {name}").click()
    form = tab.get_by_role("form", name=f"Reply to {name}")
    expect(form.get_by_label("Your reply")).to_be_visible()
    # Once the form has the focus, nothing takes it from the field that is filled in.
    expect(form.locator(":focus")).to_have_count(1)
    return form


def drafts(tab):
    return tab.evaluate(f"{KEPT}.filter(key => key.includes('draft:'))")


def test_a_draft_outlives_the_tab_and_is_deleted_once_it_is_sent(page, address):
    tab = page(address)
    form = opened(tab)
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Your reply").fill(WORDS)
    again = tab.context.new_page()
    tab.close()
    again.goto(address)
    form = opened(again)
    expect(form.get_by_text("We restored your draft from")).to_be_visible()
    expect(again.locator("#announcements")).to_contain_text("We restored your draft from")
    expect(form.get_by_label("Your reply")).to_have_value(WORDS)
    expect(form.get_by_label("Name")).to_have_value("Ada")
    form.get_by_role("button", name="Send").click()
    expect(again.locator(".waiting-note")).to_be_visible()
    assert drafts(again) == []
    form = opened(again)
    expect(form.get_by_label("Your reply")).to_have_value("")
    expect(form.get_by_label("Name")).to_have_value("Ada")


def test_a_draft_outlives_a_failed_request_and_returns_on_the_forms_own_page(page, address):
    tab = page(address)
    form = opened(tab)
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Your reply").fill(WORDS)
    tab.route("**/reply/", lambda route: route.fulfill(status=503, body=""))
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert")).to_be_visible()
    tab.unroute("**/reply/")
    tab.reload()
    expect(opened(tab).get_by_label("Your reply")).to_have_value(WORDS)
    tab.reload()
    tab.goto(tab.get_by_role("link", name="Reply to Wren").get_attribute("href"))
    expect(tab.get_by_label("Your reply")).to_have_value(WORDS)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_role("button", name="Send").click()
    expect(tab.locator(".waiting-note")).to_be_visible()
    assert drafts(tab) == []


def test_each_comment_has_a_draft_of_its_own_that_can_be_discarded(page, address):
    Comment(
        post=Comment.objects.get().post, name="Lark", body="More.", status=Status.APPROVED
    ).save()
    tab = page(address)
    opened(tab, "Wren").get_by_label("Your reply").fill("For Wren.")
    opened(tab, "Lark").get_by_label("Your reply").fill("For Lark.")
    tab.reload()
    form = opened(tab, "Wren")
    expect(form.get_by_label("Your reply")).to_have_value("For Wren.")
    form.get_by_role("button", name="Discard").click()
    expect(form.get_by_label("Your reply")).to_have_value("")
    expect(form.get_by_text("We restored your draft from")).to_be_hidden()
    assert len(drafts(tab)) == 1
    expect(opened(tab, "Lark").get_by_label("Your reply")).to_have_value("For Lark.")


def test_no_draft_is_kept_after_opting_out(page, address):
    tab = page(address)
    form = opened(tab)
    form.get_by_label("Your reply").fill(WORDS)
    assert len(drafts(tab)) == 1
    form.get_by_text("More options").click()
    form.get_by_label(SWITCH).check()
    assert drafts(tab) == []
    form.get_by_label("Your reply").press_sequentially(" and on")
    assert drafts(tab) == []
    tab.reload()
    form = opened(tab)
    expect(form.get_by_label(SWITCH)).to_be_checked()
    expect(form.get_by_label("Your reply")).to_have_value("")


def test_writing_works_without_local_storage(page, address):
    tab = page("/")
    tab.add_init_script("Object.defineProperty(window, 'localStorage', {get() {throw Error()}})")
    tab.goto(address)
    form = opened(tab)
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Your reply").fill(WORDS)
    form.get_by_role("button", name="Send").click()
    expect(tab.locator(".waiting-note")).to_be_visible()


def test_a_device_can_forget_its_writer(page, address):
    tab = page(address)
    tab.get_by_role("link", name="Reply to Wren").click()
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your reply").fill(WORDS)
    tab.get_by_role("button", name="Send").click()
    expect(tab.locator(".waiting-note")).to_be_visible()
    opened(tab).get_by_label("Your reply").fill("Another.")
    assert tab.evaluate(KEPT)
    tab.get_by_role("link", name="View, edit or delete").click()
    tab.get_by_role("link", name="Forget me on this device").click()
    tab.get_by_role("button", name="Forget me here").click()
    expect(tab.locator("h1")).to_have_text("You’ve been forgotten on this device")
    assert not tab.context.cookies()
    assert tab.evaluate(KEPT) == []
    tab.goto(address)
    expect(tab.locator("article.comment")).to_have_count(1)


def test_a_counter_appears_only_near_the_limit_and_counts_code_points(page, address):
    tab = page(address)
    form = opened(tab)
    counter = form.locator(".counter")
    text = form.get_by_label("Your reply")
    text.fill("🌱" * 8_000)
    expect(counter).to_be_hidden()
    text.fill("🌱" * 9_990)
    expect(counter).to_have_text("Characters left: 10")
    expect(tab.locator("#announcements")).to_have_text("Characters left: 10")
    text.fill("🌱" * 10_002)
    expect(counter).to_have_text("Characters over the limit: 2")
    text.fill("short")
    expect(counter).to_be_hidden()
