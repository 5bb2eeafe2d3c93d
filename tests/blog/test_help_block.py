"""The help block below a post: on or off, with the owner's text or a page they chose."""

import pytest
from bs4 import BeautifulSoup

from blog.models import Blog, Post
from comments.models import ConversationSettings
from tests.blog.admin_http import ADD, change, form
from tests.house.budgets import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(published_post):
    return published_post(slug="lake", show_help=True)


@pytest.fixture
def help_page(published_post):
    """A page that the owner has chosen as the help block."""
    made = published_post(kind="page", slug="find-help", body="<h2>Here</h2><p>Call 000 111.</p>")
    blog = Blog.get()
    blog.help_page = made
    blog.save()
    return made


def block(client, address="/posts/lake/"):
    return BeautifulSoup(client.get(address).content, "html.parser").select_one("section.help")


def own_text(words):
    row = ConversationSettings.get()
    row.care_help = words
    row.save()


def test_the_help_block_stands_below_posts_that_ask_for_it_only(client, post, published_post):
    own_text("**Call** [us](tel:000222)")
    shown = block(client)
    assert shown.find_previous_sibling("div", class_="e-content")
    assert shown.select_one("a")["href"] == "tel:000222"
    assert block(client, published_post().get_absolute_url()) is None
    assert block(client, "/") is None


def test_the_shipped_text_is_shown_until_the_owner_writes_one(client, post):
    assert "You don’t have to go through this alone." in block(client).text


def test_a_page_can_be_the_help_block_and_its_changes_show(client, post, help_page):
    assert "Call 000 111." in block(client).text
    help_page.body = "<p>Call 000 333.</p>"
    help_page.save()
    assert "Call 000 333." in block(client).text


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_a_page_that_is_not_public_is_not_shown(client, post, help_page, status):
    own_text("Our own words.")
    help_page.status = status
    if status == "scheduled":
        help_page.published_at = help_page.published_at.replace(year=2100)
    help_page.save()
    assert block(client).text.strip().endswith("Our own words.")


def test_the_text_is_shown_again_when_the_page_is_deleted(client, post, help_page):
    assert "Call 000 111." in block(client).text
    help_page.delete()
    assert "You don’t have to go through this alone." in block(client).text
    assert Blog.get().help_page is None


def test_the_receipt_of_a_comment_in_care_shows_the_same_block(client, post, help_page):
    from comments.models import CareCase
    from tests.comments.http import only_comment, send

    post.comment_mode = "open"
    post.save()
    send(client, post, "I cannot go on.")
    CareCase.objects.create(comment=only_comment(), why="words", shows_help=True)
    shown = block(client, f"/comments/{only_comment().pk}/receipt/")
    assert "Call 000 111." in shown.text


def test_an_author_switches_the_help_block_on_and_off(desk, client):
    desk.post(ADD, form(act="publish", slug="lake", show_help="on"))
    post = Post.objects.get()
    assert post.show_help
    assert 'name="show_help"' in desk.get(change(post)).text
    sent = form(slug="lake", version=post.version)
    desk.post(change(post), sent)
    client.logout()
    assert block(client) is None


def test_the_owner_chooses_among_pages(signed_in, owner, post, help_page):
    text = signed_in(owner).get("/admin/blog/blog/1/change/").text
    options = BeautifulSoup(text, "html.parser").select("[name=help_page] option")
    assert [option["value"] for option in options] == ["", str(help_page.pk)]
    assert options[1].has_attr("selected")


def test_choosing_a_page_ends_the_request_to_write_a_text(signed_in, owner, help_page):
    from config.checks import help_text_is_the_owners

    row = ConversationSettings.get()
    row.care_on = True
    row.save()
    desk, asked = signed_in(owner), "Write a help text for your readers’ countries"
    assert asked not in desk.get("/admin/").text
    assert help_text_is_the_owners(databases=["default"]) == []
    help_page.delete()
    assert asked in desk.get("/admin/").text
    assert help_text_is_the_owners(databases=["default"])[0].id == "hearth.W010"


def test_the_help_block_costs_one_query(client, post, published_post, without_page_cache):
    address = published_post().get_absolute_url()
    for each in (address, "/posts/lake/"):
        queries(client, each)
    assert queries(client, "/posts/lake/")[1] == queries(client, address)[1] + 1


def test_a_menu_shows_pages_in_the_order_of_their_places(client, published_post):
    for place, title in ((2, "Find help"), (1, "About"), (3, "Hidden")):
        published_post(kind="page", title=title, menu_order=place, in_menu=title != "Hidden")
    shown = BeautifulSoup(client.get("/").content, "html.parser").select(".masthead .menu a")
    assert [link.text for link in shown] == ["About", "Find help", "Archive", "Search"]
