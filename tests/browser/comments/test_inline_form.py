"""In Chromium: the reply form opens in place, and no failure loses the words."""

import re

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from comments.tree.status import Status
from tests.browser.axe import violations
from tests.browser.looks import too_wide

WORDS = "I read this by the window – twice 🌱"
LOST = "Your comment couldn’t be sent just now"
# Of a form below the post, or below a comment.
YOUR_TEXT = re.compile("^Your (comment|reply)")
# What Chromium and htmx write to the console when the server is unreachable.
NOBODY = ("Failed to load resource: net::", "htmx:afterRequest", "htmx:sendError")


@pytest.fixture
def conversation(published_post):
    """A post with a comment of Wren's, a reply of Robin's to it, and a comment of Lark's."""
    post = published_post()
    first = Comment(post=post, name="Wren", body="The first word.", status=Status.APPROVED)
    first.save()
    Comment(post=post, parent=first, name="Robin", body="A reply.", status=Status.APPROVED).save()
    Comment(post=post, name="Lark", body="Another word.", status=Status.APPROVED).save()
    return post


def opened(tab, name):
    """Press "Reply to NAME"; return the form that opens under the comment."""
    tab.get_by_role("link", name=f"Reply to {name}").click()
    form = tab.get_by_role("form", name=f"Reply to {name}")
    expect(form.get_by_label(YOUR_TEXT)).to_be_focused()
    return form


def write(form, name="Ada", words=WORDS):
    form.get_by_label("Name").fill(name)
    form.get_by_label(YOUR_TEXT).fill(words)


def send(form):
    form.get_by_role("button", name="Send").click()


def test_the_form_opens_under_the_comment_previews_and_sends(page, conversation):
    tab = page(conversation.get_absolute_url())
    assert not tab.context.cookies()
    assert not tab.locator("form:has(textarea)").count()
    form = opened(tab, "Robin")
    assert {cookie["name"] for cookie in tab.context.cookies()} == {"csrftoken"}
    robin = tab.locator("article.comment", has_text="A reply.")
    expect(robin.locator("form.form")).to_have_count(1)
    write(form, words="*Softly.*")
    form.get_by_role("button", name="Preview").click()
    expect(form.locator(".preview em")).to_have_text("Softly.")
    expect(tab.locator("#announcements")).to_have_text("The preview is below the form.")
    expect(form.get_by_label(YOUR_TEXT)).to_have_value("*Softly.*")
    assert not Comment.objects.filter(name="Ada").exists()
    write(form)
    send(form)
    expect(tab.locator(".waiting-note")).to_contain_text("Only you can see this for now.")
    assert "#comment-" in tab.url
    assert Comment.objects.get(name="Ada").parent.name == "Robin"
    tab.get_by_role("link", name="View, edit or delete").click()
    expect(tab.get_by_label("Link to save")).to_be_visible()


def test_without_javascript_the_same_link_leads_to_a_page_of_its_own(page, conversation):
    tab = page(conversation.get_absolute_url(), javascript=False)
    tab.get_by_role("link", name="Reply to Robin").click()
    expect(tab).to_have_url(re.compile("/reply/$"))
    form = tab.locator("form#answer")
    assert form.get_by_role("button").all_inner_texts() == ["Send", "Preview"]
    assert form.locator(".switch, .draft-back, .counter").filter(visible=True).count() == 0


def test_closing_gives_the_focus_back_and_keeps_the_words(page, conversation):
    tab = page(conversation.get_absolute_url())
    form = opened(tab, "Wren")
    write(form)
    link = tab.get_by_role("link", name="Reply to Wren")
    for close in (
        lambda: form.get_by_label(YOUR_TEXT).press("Escape"),
        lambda: form.get_by_role("button", name="Cancel").click(),
    ):
        close()
        expect(form).to_be_hidden()
        expect(link).to_be_focused()
        link.press("Enter")
        expect(form.get_by_label(YOUR_TEXT)).to_have_value(WORDS)
        expect(form.get_by_label(YOUR_TEXT)).to_be_focused()


def test_the_placeholder_opens_the_form_on_enter_and_never_by_focus_or_scrolling(
    page, conversation
):
    tab = page(conversation.get_absolute_url(), height=300)
    asked = []
    tab.on("request", lambda request: "/reply/" in request.url and asked.append(request.url))
    tab.mouse.wheel(0, 20000)
    last = tab.get_by_role("link", name="Write a comment").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert not asked
    # Who comes by with the Tab key has not asked for it yet (WCAG 3.2.1).
    last.focus()
    expect(last).to_be_focused()
    last.press("Enter")
    form = tab.get_by_role("form", name="Write a comment")
    expect(form.get_by_label(YOUR_TEXT)).to_be_focused()
    assert len(asked) == 1
    assert tab.get_by_role("link", name="Write a comment").count() == 1  # the one at the head
    form.get_by_label(YOUR_TEXT).press("Escape")
    expect(last).to_be_focused()
    expect(form).to_be_hidden()
    # There is one form for the post: it moves to the link that is pressed.
    tab.get_by_role("link", name="Write a comment").first.click()
    write(form)
    tab.locator("a.write:visible").click()
    expect(form).to_have_count(1)
    expect(form.get_by_label(YOUR_TEXT)).to_have_value(WORDS)


def test_two_open_forms_do_not_mix(page, conversation):
    tab = page(conversation.get_absolute_url())
    write(opened(tab, "Wren"), words="To Wren.")
    lark = opened(tab, "Lark")
    write(lark, words="To Lark.")
    assert not tab.evaluate(
        "[...document.querySelectorAll('[id]')].map(e => e.id)"
        ".filter((id, at, all) => all.indexOf(id) !== at).length"
    )
    send(lark)
    expect(tab.locator(".waiting-note")).to_be_visible()
    assert Comment.objects.get(name="Ada").body == "To Lark."


def test_errors_and_questions_appear_in_the_form_with_every_word_kept(page, conversation):
    tab = page(conversation.get_absolute_url(), width=360)
    form = opened(tab, "Wren")
    form.get_by_label(YOUR_TEXT).fill(WORDS)
    send(form)
    expect(form.locator(".form-errors[role=alert]").first).to_be_focused()
    expect(form.get_by_label(YOUR_TEXT)).to_have_value(WORDS)
    expect(form.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    assert too_wide(tab, 360) == []
    assert not violations(tab)
    # A telephone number is queried once.
    write(form, words="Call me: +49 30 901820, evenings.")
    send(form)
    expect(form.get_by_role("alert").first).to_contain_text("choose Send again")
    assert not Comment.objects.filter(name="Ada").exists()
    send(form)
    expect(tab.locator(".waiting-note")).to_be_visible()


@pytest.mark.usefixtures("one_minute")
def test_the_form_says_when_there_are_too_many_comments(page, conversation, settings):
    settings.COMMENTS_A_MINUTE = 2
    tab = page(conversation.get_absolute_url())
    write(opened(tab, "Wren"), words="One.")
    send(tab.locator("form.form"))
    expect(tab.locator(".waiting-note")).to_have_count(1)
    form = opened(tab, "Lark")
    write(form, words="Two.")
    with tab.expect_response(lambda response: response.request.method == "POST") as answered:
        send(form)
    assert answered.value.status == 429
    expect(form.get_by_role("alert").first).to_contain_text("Please wait ")
    expect(form.get_by_label(YOUR_TEXT)).to_have_value("Two.")


def test_a_closed_or_removed_target_is_reported_and_the_words_come_back(page, conversation):
    tab = page(conversation.get_absolute_url())
    form = opened(tab, "Lark")
    write(form)
    mode, conversation.comment_mode = conversation.comment_mode, "closed"
    conversation.save()
    tab.get_by_role("link", name="Reply to Robin").click()
    expect(tab.locator(".answering", has_text="Comments are closed here.")).to_be_visible()
    conversation.comment_mode = mode
    conversation.save()
    Comment.objects.filter(name="Lark").update(status=Status.REMOVED)
    send(form)
    expect(tab.get_by_role("alert").filter(has_text="is no longer there")).to_be_visible()
    expect(tab.get_by_label("Your comment")).to_have_value(WORDS)


def test_a_server_error_is_reported_and_the_words_stay(page, conversation):
    tab = page(conversation.get_absolute_url(), noise=NOBODY)
    tab.route("**/reply/", lambda route: route.abort())
    tab.get_by_role("link", name="Reply to Wren").click()
    expect(tab.get_by_role("alert")).to_contain_text("Try again in a moment.")
    tab.unroute("**/reply/")
    form = opened(tab, "Wren")
    write(form)
    faults = {
        "nobody answers": lambda route: route.abort(),
        "502": lambda route: route.fulfill(status=502, body="<p>bad gateway</p>"),
        "a whole page": lambda route: route.fulfill(status=403, body="<!doctype html><p>No</p>"),
    }
    for fault, answer in faults.items():
        tab.route("**/reply/", answer)
        with tab.expect_request("**/reply/"):  # the previous error message is hidden by then
            send(form)
        expect(form.get_by_text(LOST), fault).to_be_visible()
        expect(form.get_by_label(YOUR_TEXT), fault).to_have_value(WORDS)
        tab.unroute("**/reply/")
    send(form)
    expect(tab.locator(".waiting-note")).to_be_visible()
    assert Comment.objects.filter(name="Ada").count() == 1
