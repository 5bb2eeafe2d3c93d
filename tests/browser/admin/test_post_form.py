"""In Chromium: the form loses no words, two tabs do not overwrite each other, previews show."""

import contextlib
import re

import pytest
from playwright.sync_api import Error, expect

from blog.models import Post, PostRevision
from tests.browser.axe import violations
from tests.browser.editor import TEXT, unfold
from tests.browser.looks import too_wide

ADD = "/admin/blog/post/add/"
KEPT = re.compile(r"Autosaved \d\d:\d\d(, not public yet)?$")
HTML = "text/html; charset=utf-8"
# On leaving, a page keeps its words in this browser until a later page has read them.
LEFT_HERE = """() => {
  const form = document.getElementById('autosave').closest('form');
  const { address } = document.getElementById('autosave').dataset;
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
  const left = JSON.stringify({ at: Date.now(), address, fields });
  localStorage.setItem('hearth-desk:' + form.elements.form_token.value, left);
}"""
LOST_LINE = ("Failed to load resource: net::ERR", "Fetch API cannot load")


@pytest.fixture
def post(published_post):
    return published_post(title="As it was", body="<p>Before.</p>")


def change(post):
    return f"/admin/blog/post/{post.pk}/change/"


def says(tab):
    return tab.locator("#autosave-says")


def explains(tab):
    return tab.locator("#autosave-trouble")


def write(tab, title):
    """Type a title and wait until the blog has it."""
    tab.clock.install()
    tab.reload()
    tab.fill("#id_title", title)
    tab.clock.run_for(21_000)
    expect(says(tab)).to_have_text(KEPT)


def crash(tab):
    """Kill the process behind the tab, so that its page cannot send or store anything."""
    with tab.expect_event("crash"), contextlib.suppress(Error):
        tab.goto("chrome://crash")
    tab.close()


def test_a_crashed_tab_loses_nothing(page, alice):
    tab = page(ADD, user=alice)
    write(tab, "Half a thought")
    assert not Post.objects.exists()
    context = tab.context
    crash(tab)
    again = context.new_page()
    again.goto(ADD)
    offered = again.locator(".desk-draft")
    expect(offered).to_contain_text("Unsaved draft from")
    offered.get_by_role("link", name="Open").click()
    expect(again.locator("#id_title")).to_have_value("Half a thought")
    again.get_by_role("button", name="Save", exact=True).click()
    expect(again.locator(".messagelist")).to_contain_text("Saved.")
    assert Post.objects.get().title == "Half a thought"
    again.goto(ADD)
    expect(again.locator(".desk-draft")).to_have_count(0)


def test_words_that_were_not_sent_before_a_crash_are_in_the_browser(page, alice, post):
    tab = page(change(post), user=alice, noise=LOST_LINE)
    context = tab.context
    tab.clock.install()
    tab.reload()
    context.set_offline(True)
    tab.fill("#id_title", "Written on a train")
    tab.clock.run_for(21_000)
    expect(says(tab)).to_have_text("Not saved yet")
    expect(explains(tab)).to_contain_text("Can’t reach the blog.")
    crash(tab)
    context.set_offline(False)
    again = context.new_page()
    again.goto(change(post))
    expect(again.locator(".desk-draft")).to_contain_text("are saved in this browser only")
    again.get_by_role("button", name="Open").click()
    expect(again.locator("#id_title")).to_have_value("Written on a train")
    kept = again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('hearth-desk:'))")
    assert kept == []


def test_a_failed_autosave_is_reported_until_the_next_one_works(page, alice, post):
    tab = page(change(post), user=alice)
    tab.clock.install()
    tab.reload()
    signed_out = {"status": 302, "headers": {"Location": "/account/login/"}}
    for number, (what, answer, sentence) in enumerate(
        (
            ("the server fails", {"status": 503, "body": ""}, "The draft couldn’t be saved on the"),
            ("signed out", signed_out, "You’ve been signed out."),
            ("too long", {"status": 413, "body": ""}, "The draft couldn’t be saved on the blog."),
        )
    ):
        title = f"Still here {number}"
        tab.route("**/autosave/", lambda route, _request, answer=answer: route.fulfill(**answer))
        tab.fill("#id_title", title)
        tab.clock.run_for(21_000)
        expect(explains(tab), what).to_contain_text(sentence)
        assert title in tab.evaluate("JSON.stringify(localStorage)")
        tab.unroute("**/autosave/")
        tab.clock.run_for(21_000)
        expect(says(tab), what).to_have_text(KEPT)
        expect(explains(tab), what).to_be_empty()
        assert title not in tab.evaluate("JSON.stringify(localStorage)")
    assert Post.objects.get().title == "As it was"


def sign_in(tab):
    tab.fill("[name=login]", "alice")
    tab.fill("[name=password]", "a long walk by the lake")
    tab.press("[name=password]", "Enter")


def test_saving_while_signed_out_keeps_the_words_for_after_signing_in(page, alice, post):
    tab = page(change(post), user=alice)
    tab.fill("#id_title", "Signed out meanwhile")
    tab.context.clear_cookies(name="sessionid")
    tab.get_by_role("button", name="Update", exact=True).click()
    sign_in(tab)
    expect(tab.locator(".desk-draft")).to_contain_text("are saved in this browser only")
    tab.get_by_role("button", name="Open").click()
    expect(tab.locator("#id_title")).to_have_value("Signed out meanwhile")
    assert Post.objects.get().title == "As it was"


def test_a_form_works_again_after_signing_in_in_another_tab(page, alice, post):
    tab = page(change(post), user=alice)
    tab.clock.install()
    tab.reload()
    tab.context.clear_cookies()
    tab.fill("#id_title", "Signed out")
    tab.clock.run_for(21_000)
    expect(explains(tab)).to_contain_text("You’ve been signed out.")
    other = tab.context.new_page()
    other.goto("/admin/")
    sign_in(other)
    expect(other.locator("#content-main")).to_be_visible()
    tab.clock.run_for(21_000)
    expect(says(tab)).to_have_text(KEPT)
    tab.get_by_role("button", name="Update", exact=True).click()
    expect(tab.locator(".messagelist")).to_contain_text("Saved.")
    assert Post.objects.get().title == "Signed out"


def test_leaving_or_reloading_the_page_keeps_the_last_words(page, alice, post):
    tab = page(change(post), user=alice)
    tab.fill("#id_title", "Typed and reloaded")
    tab.reload()
    expect(tab.locator(".desk-draft")).to_have_count(1)
    tab.locator(".desk-draft .button").first.click()
    expect(tab.locator("#id_title")).to_have_value("Typed and reloaded")
    expect(tab.locator(".desk-draft")).to_have_count(0)
    tab.fill("#id_title", "Left in a hurry")
    tab.get_by_role("link", name="Posts", exact=True).first.click()
    expect(tab.locator("#result_list")).to_be_visible()
    tab.goto(change(post))
    expect(tab.locator(".desk-draft").first).to_be_visible()
    tab.locator(".desk-draft .button").first.click()
    expect(tab.locator("#id_title")).to_have_value("Left in a hurry")


def test_an_autosave_that_arrives_after_the_next_page_was_rendered_is_offered(page, alice, post):
    tab = page(change(post), user=alice)
    made_before = tab.request.get(change(post)).text()
    write(tab, "Sent on leaving")
    tab.evaluate(LEFT_HERE)
    context = tab.context
    crash(tab)
    again = context.new_page()
    again.route(change(post), lambda route: route.fulfill(body=made_before, content_type=HTML))
    again.goto(change(post))
    expect(again.locator(".desk-draft")).to_contain_text("have just reached the blog")
    again.unroute(change(post))
    again.get_by_role("button", name="Open").click()
    expect(again.locator("#id_title")).to_have_value("Sent on leaving")
    expect(again.locator(".desk-draft")).to_have_count(0)


def test_the_second_of_two_tabs_is_warned_and_overwrites_nothing(page, alice, owner, post):
    first = page(change(post), user=alice)
    write(first, "Alice's words")
    second = page(change(post), user=owner)
    expect(second.locator(".desk-told")).to_contain_text("Alice is also editing this post")
    write(second, "The owner's words")
    unfold(first, "Image and excerpt")
    first.fill("#id_excerpt", "more")
    first.clock.run_for(21_000)
    expect(first.locator("#autosave-told")).to_contain_text("owner is also editing this post")
    second.get_by_role("button", name="Update", exact=True).click()
    expect(second.locator("ul.messagelist")).to_contain_text("Saved.")
    first.fill("#id_excerpt", "even more")
    first.clock.run_for(21_000)
    expect(first.locator("#autosave-told")).to_contain_text("owner saved a newer version (")
    first.get_by_role("button", name="Update", exact=True).click()
    both = first.locator(".desk-meanwhile")
    expect(both).to_contain_text("owner saved a newer version (")
    assert Post.objects.get().title == "The owner's words"
    assert not violations(first, ".desk-meanwhile", preload=False)
    both.get_by_label("When I save, replace it with mine.").check()
    first.get_by_role("button", name="Update", exact=True).click()
    expect(first.locator("ul.messagelist")).to_contain_text("Saved.")
    assert Post.objects.get().title == "Alice's words"
    assert post.revisions.saved().count() == 3


def test_nothing_is_autosaved_when_nothing_was_typed(page, alice, post):
    tab = page(change(post), user=alice)
    tab.clock.install()
    tab.reload()
    tab.clock.run_for(60_000)
    tab.goto("/admin/")
    assert not PostRevision.objects.exists()


def test_the_unsaved_form_is_previewed_narrow_and_wide(page, alice, post):
    tab = page(change(post), user=alice)
    tab.fill("#id_title", "How it may look")
    with tab.context.expect_page() as opened:
        tab.get_by_role("button", name="Preview (new tab)").click()
    seen = opened.value
    for number in (0, 1):
        frame = seen.frame_locator("iframe").nth(number)
        expect(frame.locator("h1")).to_have_text("How it may look")
    wide = [each.bounding_box()["width"] for each in seen.locator("iframe").all()]
    assert wide[0] <= 362 < wide[1]
    assert Post.objects.get().title == "As it was"
    expect(tab.locator("#id_title")).to_have_value("How it may look")


def test_a_tag_after_a_comma_is_completed_too(page, alice):
    from blog.models import Tag

    for name in ("Lake", "Life, work"):
        Tag.objects.create(name=name, slug=name[:2].lower() + "x")
    tab = page(ADD, user=alice)
    unfold(tab, "Tags and series")
    tab.fill("#id_tags", "Lake, ")
    offered = tab.locator("#id_tags_known option")
    expect(offered).to_have_count(1)
    assert offered.first.get_attribute("value") == 'Lake, "Life, work"'
    tab.fill("#id_tags", '"Life, work", Some')
    expect(offered.first).to_have_attribute("value", '"Life, work", Lake')
    expect(offered).to_have_count(1)


def test_the_authors_pages_are_accessible_and_fit_the_screen(page, alice, post):
    tab = page(change(post), user=alice)
    tab.fill("#id_title", "Another title")
    tab.get_by_role("button", name="Update", exact=True).click()
    expect(tab.locator(".messagelist")).to_contain_text("Saved.")
    for path in (
        change(post),
        f"/admin/blog/post/{post.pk}/links/",
        f"/admin/blog/post/{post.pk}/versions/",
        f"/admin/blog/post/{post.pk}/versions/{post.revisions.first().pk}/",
    ):
        tab.goto(path)
        assert too_wide(tab) == [], path
        for width in (360, 1280):
            tab.set_viewport_size({"width": width, "height": 800})
            assert not violations(tab, "#content", preload=False), (path, width)
    removed = tab.locator(".difference del").first
    expect(removed).to_have_css("text-decoration-line", "line-through")
    assert "−" in removed.evaluate("each => getComputedStyle(each, '::before').content")
    # The styles of the editor's dialogs must not reach the form.
    tab.goto(ADD)
    main, buttons = tab.locator(".desk > .desk-main"), tab.locator(".post-bar > .desk-buttons")
    expect(main).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(buttons).to_have_css("display", "flex")


def test_the_preview_link_page_has_no_violation(page, alice, post):
    Post.objects.update(status="draft")
    tab = page(f"/admin/blog/post/{post.pk}/links/", user=alice)
    tab.get_by_role("button", name="Create link").click()
    path = "/" + tab.locator("input.desk-link").input_value().split("/", 3)[3]
    tab.context.clear_cookies()
    tab.goto(path)
    expect(tab.locator(".notice")).to_contain_text("This link works until")
    assert tab.context.cookies() == []
    assert not violations(tab)


def test_the_title_leads_into_the_text_and_ctrl_s_saves_where_one_is(page, alice):
    tab = page(ADD, user=alice)
    tab.locator(TEXT).wait_for()
    for key in ("Enter", "ArrowDown", "Tab"):
        tab.fill("#id_title", "A quiet day")
        tab.locator("#id_title").press("End")
        tab.keyboard.press(key)
        expect(tab.locator(TEXT), key).to_be_focused()
    assert not Post.objects.exists()
    tab.keyboard.type("Quite still.")
    tab.keyboard.press("ControlOrMeta+s")
    expect(tab.locator(".post-bar")).to_contain_text("Saved")
    expect(tab.locator(TEXT)).to_be_focused()
    tab.keyboard.type(" And on.")
    expect(tab.locator(TEXT)).to_have_text("Quite still. And on.")
    assert Post.objects.get().body == "<p>Quite still.</p>"


def test_the_text_has_its_width_and_the_buttons_stay_in_sight(page, alice, post):
    tab = page(change(post), user=alice)
    expect(tab.locator(TEXT)).to_be_visible()
    assert 640 <= tab.locator(TEXT).bounding_box()["width"] <= 720
    unfold(tab, "Tags and series")
    tab.reload()
    expect(tab.locator("#id_tags")).to_be_visible()
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 700})
        tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(tab.get_by_role("button", name="Update", exact=True)).to_be_in_viewport()
