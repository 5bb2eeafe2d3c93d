"""The admin works under the strict CSP; the `page` fixture fails on any violation report."""

from playwright.sync_api import expect

from blog.permalinks import slug_of


def test_a_person_signs_in_to_the_admin_with_the_keyboard(page, owner):
    tab = page("/admin/")
    tab.fill("[name=login]", "owner")
    tab.fill("[name=password]", "a long walk by the lake")
    tab.press("[name=password]", "Enter")
    tab.wait_for_url("**/admin/")
    expect(tab.get_by_label("Title of a new post")).to_be_visible()


def test_the_lists_and_forms_of_the_admin_violate_no_policy(page, owner, published_post):
    post = published_post(title="A title of some length for an evening")
    tab = page("/admin/", user=owner)
    for path in (
        "/admin/blog/post/",
        f"/admin/blog/post/{post.pk}/change/",
        "/admin/blog/post/add/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{owner.pk}/change/",
        "/admin/queue/waiting/",
        "/admin/queue/all/",
        "/admin/comments/savedreply/",
    ):
        answer = tab.goto(path)
        assert answer.ok, path
    tab.goto("/admin/blog/post/")
    # The list has room for all its columns.
    wide, room = tab.evaluate(
        "(list => [list.scrollWidth, list.clientWidth])(document.querySelector('.results'))"
    )
    assert wide <= room
    tab.locator("#result_list tbody a").first.click()
    tab.wait_for_selector("form#post_form")


def test_a_new_post_starts_at_the_title_which_makes_the_address(page, owner):
    tab = page("/admin/blog/post/add/", user=owner)
    expect(tab.locator("#id_title")).to_be_focused()
    for title in ("हिन्दी में 🌙❤️", "Don’t wait – it's 3.5", "مَسَاءُ الخَيْرِ", "a--b_c"):
        tab.fill("#id_title", title)
        tab.press("#id_title", "End")
        expect(tab.locator(".desk-address")).to_contain_text(f"/posts/{slug_of(title)}/")
        assert tab.input_value("#id_slug") == ""
