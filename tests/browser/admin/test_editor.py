"""Writing a post in the editor; the `page` fixture fails on any console message."""

import pytest
from playwright.sync_api import expect

from blog import html_to_text, markup
from blog.models import Image, Post
from tests.blog.image_files import from_a_phone
from tests.browser.editor import (
    ADD,
    TEXT,
    editor,
    emptied,
    hand_over,
    numbers,
    publish,
    put,
    tool,
    written,
)
from tests.browser.looks import too_wide
from tests.waits import wait_until


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_a_post_is_written_with_every_tool_and_read(page, alice):
    tab = page(ADD, user=alice, width=360, dark=True)
    tab.fill("#id_title", "A day by the lake")
    editor(tab)
    tab.get_by_label("Paragraph style").select_option("heading2")
    tab.keyboard.type('The "first" hour\n')
    tab.keyboard.type("It's early -- and ")
    for name, word in (("Bold", "cold"), ("Italic", "quiet")):
        tool(tab, name).click()
        tab.keyboard.type(word)
        tool(tab, name).click()
        tab.keyboard.type(" ")
    tab.keyboard.press("Enter")
    tool(tab, "Bulleted list").click()
    tab.keyboard.type("bread\nwater\n\n")
    tool(tab, "Quote").click()
    tab.keyboard.type("She said nothing.\n\n")
    tool(tab, "Link").click()
    window = tab.get_by_role("dialog")
    window.get_by_label("Link text").fill("The map")
    window.get_by_label("URL").fill("example.org/map")
    window.get_by_role("button", name="Done").click()
    tab.keyboard.press("Enter")
    tool(tab, "Table").click()
    tab.get_by_role("dialog").get_by_role("button", name="Insert").click()
    expect(tab.locator(f"{TEXT} :is(th, td)").first).to_be_visible()
    expect(tab.locator(TEXT)).to_be_focused()
    for cell in ("Day", "Mood", "Note", "Monday", "calm"):
        tab.keyboard.type(cell)
        tab.keyboard.press("Tab")
    hand_over(tab, "drop", ("lake.jpg", "image/jpeg", from_a_phone(size=(300, 450))))
    window.get_by_label("Description (alt text)").fill("The lake before sunrise")
    window.get_by_role("button", name="Done").click()
    tab.locator("figcaption").click()
    tab.keyboard.type('Taken at "five"\nAfter it.')
    assert markup.clean(written(tab)) == written(tab)
    publish(tab)
    expect(tab.locator(".success")).to_be_visible()

    tab.goto(Post.objects.get().get_absolute_url())
    prose = tab.locator(".prose")
    expect(prose.locator("h2")).to_have_text("The “first” hour")
    expect(prose.locator("> p").first).to_have_text("It’s early – and cold quiet ")
    expect(prose.locator("strong")).to_have_text("cold")
    expect(prose.locator("em")).to_have_text("quiet")
    expect(prose.locator("li")).to_have_text(["bread", "water"])
    expect(prose.locator("blockquote")).to_have_text("She said nothing.")
    expect(prose.get_by_role("link", name="The map")).to_have_attribute(
        "href", "https://example.org/map"
    )
    expect(prose.locator("th")).to_have_text(["Day", "Mood", "Note"])
    expect(prose.get_by_role("cell", name="calm")).to_be_visible()
    expect(prose.locator("figcaption")).to_have_text("Taken at “five”")
    picture = prose.get_by_role("img", name="The lake before sunrise")
    assert picture.evaluate("each => each.decode().then(() => each.currentSrc)").endswith(
        "300w.avif"
    )
    assert picture.evaluate("each => [each.width / each.height]") == [300 / 450]
    expect(prose.locator("> p").last).to_have_text("After it.")
    assert too_wide(tab) == []
    assert Image.objects.get().uploaded_by == alice


def test_words_are_counted_and_quiet_mode_shows_only_the_text_until_escape(page, alice):
    tab = page(ADD, user=alice)
    put(
        tab,
        "<h2>Two words</h2><p>and <b>ma</b>ny</p><figure><img src='/static/icon.svg'>"
        "<figcaption>below it</figcaption></figure>" + "<p>more</p>" * 324,
    )
    assert numbers(tab) == "330 words · 2 min read"
    body = tab.input_value("#id_body")
    assert len(html_to_text.words(body).split()) == 330
    assert Post(body=body).reading_minutes == 2
    emptied(tab)
    tool(tab, "Focus mode").click()
    box = tab.locator(".desk-editor")
    assert box.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 800}
    tab.keyboard.type("Only words")
    tab.keyboard.press("Escape")
    expect(tool(tab, "Focus mode")).to_have_attribute("aria-pressed", "false")
    assert box.bounding_box()["x"] > 0
    assert written(tab) == "<p>Only words</p>"


def test_quotes_follow_the_language_and_code_stays_as_typed(page, alice):
    tab = page(ADD, user=alice)
    tab.locator("details:has(#id_language) > summary").click()
    for language, typed, becomes in (
        ("", "\"I'm 'fine'\" --- she...", "“I’m ‘fine’” — she…"),
        ("de", "\"Ich hab's 'gut'\"", "„Ich hab’s ‚gut‘“"),
        ("fr", '("l\'eau")', "(«l’eau»)"),
        ("xx", '"so"', "“so”"),
    ):
        tab.fill("#id_language", language)
        emptied(tab)
        tab.keyboard.type(typed)
        assert written(tab) == f"<p>{becomes}</p>"
    emptied(tab)
    tab.get_by_label("Paragraph style").select_option("codeBlock")
    tab.keyboard.type("a = \"b\" -- 'c'...")
    assert written(tab) == "<pre><code>a = \"b\" -- 'c'...</code></pre>"


def test_shortcuts_do_what_the_toolbar_says_and_undo_works(page, alice):
    tab = page(ADD, user=alice)
    editor(tab)
    tab.keyboard.type('5"')
    tab.keyboard.press("Backspace")
    assert written(tab) == '<p>5"</p>'
    editor(tab)
    tab.keyboard.press("ControlOrMeta+b")
    tab.keyboard.type("bold")
    tool(tab, "Undo").click()
    assert "bold" not in written(tab)
    tool(tab, "Redo").click()
    assert "<strong>bold</strong>" in written(tab)
    for key, made in (
        ("ControlOrMeta+Alt+2", "<h2>a</h2>"),
        ("ControlOrMeta+Alt+4", "<h4>a</h4>"),
        ("ControlOrMeta+Shift+8", "<ul><li>a</li></ul>"),
        ("ControlOrMeta+Shift+7", "<ol><li>a</li></ol>"),
        ("ControlOrMeta+Shift+b", "<blockquote><p>a</p></blockquote>"),
        ("ControlOrMeta+e", "<p><code>a</code></p>"),
    ):
        emptied(tab)
        tab.keyboard.press(key)
        tab.keyboard.type("a")
        assert written(tab) == made


def test_the_toolbar_is_one_tab_stop_and_arrows_move_inside(page, alice):
    tab = page(ADD, user=alice)
    tab.get_by_label("Paragraph style").focus()
    tab.keyboard.press("ArrowRight")
    expect(tool(tab, "Bold")).to_be_focused()
    tab.keyboard.press("End")
    expect(tool(tab, "HTML")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.locator(TEXT)).to_be_focused()


def test_a_text_that_is_too_long_says_so_while_it_is_written(page, alice, monkeypatch):
    monkeypatch.setattr(markup, "MAX_LENGTH", 30)
    tab = page(ADD, user=alice)
    editor(tab)
    tab.keyboard.type("These are more words than fit")
    expect(tab.locator(".desk-status")).to_have_text(
        "This text has 36 characters; the limit is 30."
    )
    assert written(tab) == "<p>These are more words than fit</p>"


# How far the row of tools can still be scrolled, in pixels.
LEFT = "bar.scrollWidth - bar.clientWidth - bar.scrollLeft"


def test_a_mark_shows_that_more_tools_follow(page, alice):
    tab = page(ADD, user=alice, width=360)
    editor(tab)
    mark, last = tab.locator(".desk-more"), tool(tab, "HTML")
    expect(mark).to_be_visible()
    expect(last).not_to_be_in_viewport()
    bar = tab.get_by_role("toolbar")
    while (left := bar.evaluate(f"bar => {LEFT}")) >= 4:
        at = mark.bounding_box()  # to click() it would scroll to where it stood without the row
        tab.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
        wait_until(lambda: bar.evaluate(f"bar => {LEFT}") < left)
    expect(last).to_be_in_viewport(ratio=1)
    expect(mark).to_be_hidden()
    last.click()
    tool(tab, "Editor").click()
    expect(mark).to_be_visible()
    tab.set_viewport_size({"width": 1280, "height": 800})
    expect(tool(tab, "Bold")).to_be_in_viewport()
    expect(mark).to_be_visible()
