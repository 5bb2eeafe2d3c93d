"""Round trips of foreign HTML: what the editor supports returns unchanged, the rest stays HTML."""

from playwright.sync_api import expect

from blog import markup
from blog.images import responsive
from blog.models import Image, Post
from tests.browser.editor import (
    ADD,
    TEXT,
    emptied,
    hand_over,
    through_the_editor,
    tool,
    touch,
    written,
)
from tests.browser.editor_texts import DOCS, ELSEWHERE, FROM_DOCS, FROM_WORD, HELD, WORD


def test_a_supported_text_comes_back_unchanged(page, alice):
    tab = page(ADD, user=alice)
    for html in HELD:
        assert markup.clean(html) == html
        assert through_the_editor(tab, html) == html
        expect(tab.locator(".desk-notice")).to_be_hidden()


def test_saving_a_stored_post_again_leaves_it_unchanged(page, alice, published_post):
    Image.objects.create(file=f"pictures/ab/{'c' * 32}.jpg", width=900, height=600)
    picture = f'<img src="/media/pictures/ab/{"c" * 32}.jpg" alt="a">'
    post = published_post(body="".join(HELD) + f"<figure>{picture}</figure><p>{picture} b</p>")
    before = post.body
    tab = page(f"/admin/blog/post/{post.pk}/change/", user=alice, noise=["Failed to load"])
    touch(tab)
    tab.locator("[name=_save]").first.click()
    expect(tab.locator(".success")).to_be_visible()
    assert Post.objects.get().body == before == responsive.responsive_images(markup.clean(before))


def test_unsupported_html_stays_html_and_is_stored_as_it_is(page, alice, published_post):
    tab = page("/healthz/", user=alice)
    for html, named in (
        ("<details><summary>More</summary><p>a</p></details>", "details, summary"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "dl, dt, dd"),
        ("<table><caption>a</caption><tbody><tr><td>b</td></tr></tbody></table>", "caption"),
        (
            '<figure><img src="/static/icon.svg" alt="a"><img src="/static/icon.svg"></figure>',
            "figure",
        ),
    ):
        post = published_post(body=html)
        tab.goto(f"/admin/blog/post/{post.pk}/change/")
        expect(tab.locator(".desk-notice")).to_contain_text(
            f"can’t keep some of this HTML ({named})"
        )
        expect(tab.locator("#id_body")).to_be_visible()
        tab.locator("[name=_save]").first.click()
        expect(tab.locator(".success")).to_be_visible()
        post.refresh_from_db()
        assert post.body == markup.clean(html)
    tab.goto(f"/admin/blog/post/{post.pk}/change/")
    tab.get_by_role("button", name="Open in editor anyway").click()
    expect(tab.locator(TEXT)).to_be_visible()


def test_pasted_text_loses_its_styling(page, alice):
    tab = page(ADD, user=alice)
    for pasted, becomes in (
        (WORD, FROM_WORD),
        (DOCS, FROM_DOCS),
        (ELSEWHERE, "<p>a</p><p>b</p>"),
    ):
        emptied(tab)
        hand_over(tab, "paste", html=pasted)
        found = written(tab)
        assert found == becomes
        assert markup.clean(found) == found
    emptied(tab)
    hand_over(tab, "paste", html='<p>a</p><img src="https://example.com/a.gif">')
    expect(tab.locator(".desk-status")).to_contain_text("were left out")
    # It can be written by hand, too, and then appears in the editor.
    tool(tab, "HTML").click()
    tab.fill("#id_body", "<h3>By hand</h3>")
    tool(tab, "Editor").click()
    expect(tab.locator(f"{TEXT} h3")).to_have_text("By hand")
