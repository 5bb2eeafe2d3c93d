"""Texts behind a content note, and the reader's choice, in a browser."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from blog.models import ContentNote
from comments.models import Comment
from comments.tree.status import Status
from tests.browser.conftest import become

WORDS = "Hard words, said once."


@pytest.fixture
def grief(transactional_db):
    return ContentNote.objects.get(name="grief")


@pytest.fixture
def comment(published_post, grief):
    post = published_post(slug="lake", comment_mode="open")
    post.content_notes.add(grief)
    return Comment.objects.create(
        post=post, name="Wren", body=WORDS, status=Status.APPROVED, content_note=grief
    )


def cookies(tab):
    return {each["name"] for each in tab.context.cookies()}


def choose(tab, topic="grief"):
    tab.goto("/content-notes/")
    tab.get_by_label(topic).check()
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("button", name="Reset").wait_for()


def test_a_reader_opens_a_note_and_then_chooses_to_always_open_it(page, comment):
    tab = page("/posts/lake/", width=360)
    words, text = tab.get_by_text(WORDS), tab.get_by_text("The water was quite still.")
    expect(words).to_be_hidden()
    expect(text).to_be_hidden()
    tab.locator("article.comment summary").click()
    expect(words).to_be_visible()
    expect(text).to_be_hidden()
    assert not cookies(tab)
    tab.get_by_role("link", name="Content notes", exact=True).click()
    tab.get_by_label("grief").check()
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("link", name="Back to where you were").click()
    expect(words).to_be_visible()
    expect(text).to_be_visible()
    tab.get_by_role("link", name="Choose which content notes to always show").click()
    tab.get_by_role("button", name="Reset").click()
    expect(tab.get_by_label("grief")).not_to_be_checked()
    tab.goto("/posts/lake/")
    expect(words).to_be_hidden()
    assert "hearth_notes" not in cookies(tab)


def test_the_choice_applies_to_a_page_from_a_shared_cache(page, comment):
    everybodys = Client().get("/posts/lake/").content
    tab = page("/posts/lake/")
    choose(tab)
    tab.route(
        "**/posts/lake/", lambda route: route.fulfill(body=everybodys, content_type="text/html")
    )
    tab.goto("/posts/lake/")
    expect(tab.get_by_text(WORDS)).to_be_visible()
    expect(tab.get_by_text("The water was quite still.")).to_be_visible()


def test_later_content_opens_too_and_notes_closed_by_hand_stay_closed(page, comment, grief):
    tab = page("/posts/lake/")
    choose(tab)
    tab.goto("/posts/lake/")
    tab.locator("article.comment summary").click()
    expect(tab.get_by_text(WORDS)).to_be_hidden()
    words = "<summary>s</summary><p>Came later.</p>"
    note = f'<details class="note" data-note="{grief.pk}">{words}</details>'
    tab.evaluate(
        """html => {
          const place = document.createElement("div");
          document.querySelector(".conversation").append(place);
          htmx.swap(place, html, {swapStyle: "innerHTML"});
        }""",
        f"<div>{note}</div>{note.replace('Came', 'Alone came')}",
    )
    expect(tab.get_by_text("Came later.", exact=True)).to_be_visible()
    expect(tab.get_by_text("Alone came later.")).to_be_visible()
    expect(tab.get_by_text(WORDS)).to_be_hidden()


def test_a_restored_page_follows_a_choice_made_meanwhile(page, comment, grief):
    tab = page("/posts/lake/")
    address = tab.url
    tab.context.add_cookies([{"name": "hearth_notes", "value": str(grief.pk), "url": address}])
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(tab.get_by_text(WORDS)).to_be_visible()
    tab.context.clear_cookies()
    tab.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(tab.get_by_text(WORDS)).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_permalink_opens_no_note_and_paper_shows_what_was_open(page, comment, javascript):
    tab = page(comment.get_absolute_url(), javascript=javascript)
    assert tab.url.endswith(f"#comment-{comment.pk}")
    head = tab.locator(f"#comment-{comment.pk} h3")
    expect(head).to_be_visible()
    expect(head).to_be_in_viewport()
    expect(tab.get_by_text(WORDS)).to_be_hidden()
    tab.emulate_media(media="print")
    expect(tab.get_by_text(WORDS)).to_be_hidden()
    tab.emulate_media(media="screen")
    tab.locator("article.comment summary").click()
    tab.emulate_media(media="print")
    expect(tab.get_by_text(WORDS)).to_be_visible()


def test_a_writer_sets_a_note_and_a_moderator_changes_it(page, comment, mia):
    tab = page("/posts/lake/reply/", width=360)
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your comment").fill("Mine are hard as well.")
    tab.get_by_text("More options").click()
    tab.get_by_label("Content note").select_option(label="illness")
    tab.get_by_role("button", name="Preview").click()
    preview = tab.locator(".preview")
    expect(preview.get_by_text("Content note: illness")).to_be_visible()
    expect(preview.get_by_text("Mine are hard as well.")).to_be_visible()
    tab.get_by_role("button", name="Send").click()
    own = tab.locator("article", has=tab.get_by_role("heading", name="Ada")).last
    expect(own.get_by_text("Content note: illness")).to_be_visible()
    expect(own.get_by_text("Mine are hard as well.")).to_be_hidden()

    become(tab, mia)
    tab.goto("/admin/queue/all/")
    expect(tab.get_by_text(WORDS)).to_be_hidden()
    tab.get_by_role("button", name="Content note: Wren").click()
    wren = tab.locator("article.card", has=tab.get_by_role("heading", name="Wren"))
    wren.get_by_label("Hide the text behind this topic").select_option(label="illness")
    wren.get_by_role("button", name="Save content note").click()
    tab.get_by_text("Changed the content note of Wren’s comment.").wait_for()
    expect(wren.get_by_text("Content note: illness")).to_be_visible()
