"""In Chromium: threads fold, permalinks find their comment, new comments load without a jump."""

import re

import pytest
from playwright.sync_api import expect

from comments.models import Comment, ConversationSettings
from comments.tree.status import Status

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
SEEN = re.compile(r"/news/\?after=")


def say(post, parent=None, **fields):
    fields = {"name": "Wren", "body": "A quiet word.", "status": Status.APPROVED, **fields}
    comment = Comment(post=post, parent=parent, **fields)
    comment.save()
    return comment


@pytest.fixture
def post(published_post):
    return published_post(slug="lake", comment_mode="open")


def at(tab, comment):
    return tab.locator(f"#comment-{comment.pk}")


def looks_again(tab):
    """Return to the tab, and wait until the page has asked for news."""
    with tab.expect_response(SEEN):
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@BOTH
def test_a_thread_folds_and_unfolds(page, post, javascript):
    root = say(post, name="Ana")
    reply = say(post, root)
    tab = page("/posts/lake/", javascript=javascript)
    summary = tab.locator("summary")
    expect(summary).to_have_accessible_name("1 reply to Ana")
    expect(at(tab, reply)).to_be_visible()
    summary.press("Enter")
    expect(at(tab, reply)).to_be_hidden()
    expect(at(tab, root)).to_be_visible()
    summary.click()
    expect(at(tab, reply)).to_be_visible()


def test_a_folded_thread_stays_folded_and_opens_for_a_permalink(page, post):
    roots = [say(post), say(post)]
    replies = [say(post, root) for root in roots]
    tab = page("/posts/lake/")
    tab.locator("summary").first.click()
    expect(at(tab, replies[0])).to_be_hidden()
    tab.reload()
    expect(at(tab, replies[0])).to_be_hidden()
    expect(at(tab, replies[1])).to_be_visible()

    tab.goto(f"/comments/{replies[0].pk}/")
    expect(at(tab, replies[0])).to_be_in_viewport()
    assert tab.evaluate("document.querySelector(':target').id") == f"comment-{replies[0].pk}"
    visitor = page("/posts/lake/")
    expect(at(visitor, replies[0])).to_be_visible()


@BOTH
def test_a_permalink_opens_the_page_and_scrolls_to_its_comment(page, post, javascript):
    ConversationSettings.objects.update(threads_per_page=2, replies_shown=2)
    roots = [say(post, body="Long. " * 300) for _ in range(4)]
    replies = [say(post, roots[3], body="Word. " * 100) for _ in range(20)]
    tab = page(f"/comments/{replies[17].pk}/", javascript=javascript)
    expect(at(tab, replies[17])).to_be_in_viewport()
    assert "page=2" in tab.url
    colour = "element => getComputedStyle(element).outlineStyle"
    assert tab.locator(".comment:target").evaluate(colour) == "solid"


def test_the_link_to_the_answered_comment_jumps_on_the_page(page, post):
    chain = [say(post, name="n0", body="Long. " * 200)]
    for number in range(1, 5):
        chain.append(say(post, chain[-1], name=f"n{number}", body="Long. " * 200))
    tab = page("/posts/lake/")
    tab.evaluate("window.stayed = true")
    tab.get_by_role("link", name="replying to n3").click()
    expect(at(tab, chain[3])).to_be_in_viewport()
    assert tab.url.endswith(f"#comment-{chain[3].pk}")
    assert tab.evaluate("window.stayed")
    tab.go_back()
    assert tab.url.endswith("/posts/lake/")


def test_an_old_anchor_finds_its_comment_on_another_page(page, published_post):
    ConversationSettings.objects.update(threads_per_page=2)
    source = "wordpress:a.example"
    post = published_post(slug="moved", source=source, source_id="7")
    comments = [say(post, source=source, source_id=str(90_000 + each)) for each in range(5)]
    tab = page("/posts/moved/#comment-90004")
    expect(at(tab, comments[4])).to_be_in_viewport()
    assert tab.url.endswith(f"?page=3#comment-{comments[4].pk}")
    tab.goto("/posts/moved/#comment-12345")
    expect(at(tab, comments[0])).to_be_visible()


def test_new_comments_are_offered_and_inserted_in_their_places(page, post):
    first, second = say(post, name="Ana"), say(post, name="Ben", body="Long. " * 400)
    tab = page("/posts/lake/", height=500)
    expect(tab.locator(".news button").first).to_be_hidden()
    at(tab, second).evaluate("element => element.scrollIntoView()")
    top = at(tab, second).bounding_box()["y"]
    reply = say(post, first, name="Cleo", body="Long. " * 400)
    deeper = say(post, reply, name="Dan")
    thread = say(post, name="Eva")
    looks_again(tab)
    button = tab.get_by_role("button", name="3 new comments")
    expect(button).to_be_visible()
    expect(tab.locator("#announcements")).to_contain_text("3 new comments")
    button.click()
    expect(at(tab, thread)).to_be_visible()
    expect(button).to_be_hidden()
    assert abs(at(tab, second).bounding_box()["y"] - top) < 2

    assert at(tab, reply).locator("xpath=ancestor::li").count() == 2
    assert at(tab, deeper).locator("xpath=ancestor::li").count() == 3
    assert tab.locator("ol.threads > li").last.locator(f"#comment-{thread.pk}").count() == 1
    expect(at(tab, thread).locator(".new")).to_have_text("new")
    go = tab.get_by_role("button", name="Next new comment (3)")
    expect(go).to_be_focused()
    go.press("Enter")
    expect(at(tab, reply)).to_be_focused()
    expect(at(tab, reply)).to_be_in_viewport()
    looks_again(tab)
    expect(button).to_be_hidden()


def test_news_requests_carry_no_cookie_and_stop_when_the_conversation_closes(page, post, bob):
    say(post)
    tab = page("/posts/lake/", user=bob)
    seen = []
    tab.on("request", lambda request: seen.append(request) if "/news/" in request.url else None)
    looks_again(tab)
    with tab.expect_response(SEEN) as answer:
        tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status in {200, 304}
    assert [request.all_headers().get("cookie") for request in seen] == [None, None]
    assert "if-none-match" in seen[1].all_headers()
    post.comment_mode = "closed"
    post.save()
    tab.reload()
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.evaluate("new Promise(requestAnimationFrame)")
    assert len(seen) == 2


def test_comments_since_the_last_visit_are_marked(page, post):
    ConversationSettings.objects.update(threads_per_page=2)
    root = say(post, name="Ana")
    tab = page("/posts/lake/")
    assert tab.locator(".new").count() == 0
    tab.goto("/")
    reply = say(post, root, name="Ben")
    elsewhere = [say(post) for _ in range(3)][-1]
    tab.goto("/posts/lake/")
    expect(at(tab, reply).locator(".new")).to_be_visible()
    expect(at(tab, root).locator(".new")).to_have_count(0)
    next_one = tab.get_by_role("button", name=re.compile("Next new comment"))
    expect(next_one).to_have_text("Next new comment (4)")
    for _ in range(2):
        next_one.click()
    expect(next_one).to_have_text("Next new comment (2)")
    next_one.click()
    tab.wait_for_url("**page=2#comment-*")
    expect(next_one).to_have_text("Next new comment (1)")
    next_one.click()
    expect(at(tab, elsewhere)).to_be_focused()
    expect(next_one).to_be_hidden()


def test_a_new_comment_on_another_page_is_linked_by_its_permalink(page, post):
    ConversationSettings.objects.update(threads_per_page=1)
    roots = [say(post, name="Ana"), say(post, name="Ben")]
    tab = page("/posts/lake/")
    reply = say(post, roots[1], name="Cleo")
    looks_again(tab)
    tab.get_by_role("button", name="1 new comment").click()
    tab.get_by_role("button", name="Next new comment (1)").click()
    tab.wait_for_url(f"**#comment-{reply.pk}")
    expect(at(tab, reply)).to_be_in_viewport()


def test_inserted_comments_are_not_repeated_when_the_rest_of_the_thread_loads(page, post):
    ConversationSettings.objects.update(replies_shown=2)
    root = say(post)
    for _ in range(4):
        say(post, root)
    tab = page("/posts/lake/")
    reply = say(post, root, name="Cleo")
    looks_again(tab)
    tab.get_by_role("button", name="1 new comment").click()
    expect(at(tab, reply).locator("time")).to_have_attribute("title", re.compile(r"\d{4}"))
    expect(tab.locator("article.comment")).to_have_count(4)
    tab.get_by_role("link", name="Show 2 more replies").click()
    expect(tab.locator("article.comment")).to_have_count(6)
    expect(at(tab, reply)).to_have_count(1)
    expect(at(tab, reply).locator(".new")).to_be_visible()


def test_reading_works_without_local_storage(page, post):
    root = say(post)
    reply = say(post, root)
    tab = page("/")
    tab.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new Error('forbidden'); } });"
    )
    tab.goto("/posts/lake/")
    tab.locator("summary").click()
    expect(at(tab, reply)).to_be_hidden()
    say(post)
    looks_again(tab)
    tab.get_by_role("button", name="1 new comment").click()
    expect(tab.locator("ol.threads > li")).to_have_count(2)
