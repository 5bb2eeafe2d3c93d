"""In Chromium: from a comment to its receipt, and there to edit and withdraw it."""

from playwright.sync_api import expect

from comments.models import Comment
from comments.tree.status import Status
from tests.browser.looks import look, too_wide

WORDS = "I read this by the window – twice 🌱"


def test_a_guest_finds_their_comment_again_edits_it_and_withdraws_it(page, published_post):
    post = published_post(comment_mode="moderated")
    tab = page(post.get_absolute_url(), width=360, dark=True)
    tab.get_by_role("link", name="Write a comment").click()
    tab.get_by_label("Name").fill("Ada")
    tab.get_by_label("Your comment").fill(WORDS + "\n\n*Softly.*")
    tab.get_by_role("button", name="Preview").click()
    expect(tab.locator(".preview em")).to_have_text("Softly.")
    look(tab, "preview")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("link", name="View, edit or delete")).to_be_visible()
    look(tab, "thread")
    tab.get_by_role("link", name="View, edit or delete").click()
    expect(tab.get_by_label("Link to save")).to_be_visible()
    look(tab, "receipt")
    private = tab.get_by_label("Link to save").input_value()

    elsewhere = page(private, width=360)
    elsewhere.get_by_role("link", name="Edit it").click()
    look(elsewhere, "edit")
    elsewhere.get_by_label("Your comment").fill("Other words.")
    elsewhere.get_by_role("button", name="Send").click()
    expect(elsewhere).to_have_url(private)
    look(elsewhere, "changed")
    elsewhere.get_by_role("link", name="Remove your name").click()
    look(elsewhere, "disown")
    elsewhere.get_by_role("link", name="Cancel").click()
    elsewhere.get_by_role("link", name="Delete it").click()
    look(elsewhere, "withdraw")
    elsewhere.get_by_role("button", name="Delete comment").click()
    expect(elsewhere.locator("h1")).to_contain_text("You deleted this comment.")
    assert too_wide(elsewhere) == []
    assert Comment.objects.get().status == Status.WITHDRAWN


def test_no_other_site_learns_the_address_of_a_receipt(browser, page, published_post):
    from comments.guests import receipt_tokens

    link = "[elsewhere](https://blog.example.org/)"
    comment = Comment(post=published_post(), name="Wren", body=link, status=Status.APPROVED)
    comment.save()
    tab = page("/")
    asked = []

    def answer(route):
        asked.append(route.request.all_headers())
        route.fulfill(body="there")

    # A context of its own, since here a page is meant to lead elsewhere.
    context = browser.new_context(base_url=tab.url)
    try:
        context.route("https://blog.example.org/**", answer)
        reading = context.new_page()
        reading.goto(f"/comments/{comment.pk}/receipt/{receipt_tokens.renew(comment)}/")
        reading.get_by_role("link", name="elsewhere").click()
        reading.wait_for_url("https://blog.example.org/")
    finally:
        context.close()
    assert [headers.get("referer") for headers in asked] == [None]


def test_a_signed_in_person_finds_all_their_comments(page, bob, published_post):
    for body in ("One of mine.", "Another."):
        comment = Comment(post=published_post(), user=bob, body=body, status=Status.APPROVED)
        comment.save()
    tab = page("/account/comments/", user=bob)
    expect(tab.locator(".written > li")).to_have_count(2)
    assert too_wide(tab) == []
    look(tab, "written")
    tab.get_by_role("link", name="Status page").first.click()
    expect(tab.locator("h1")).to_have_text("Your comment is public.")
