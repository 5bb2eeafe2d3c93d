"""Pagination of threads; every permalink leads to the right page and place."""

import functools
import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Post
from comments.models import Comment, ConversationSettings
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, send, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_conversation(published_post):
    """A post with eight threads, three to a page, each with nine replies in three chains."""
    ConversationSettings.objects.update(threads_per_page=3, replies_shown=2)
    post = published_post()
    for _ in range(8):
        root = say(post)
        for _ in range(3):
            above = root
            for _ in range(3):
                above = say(post, above)
        say(post, root, status=Status.REMOVED)
    return post


def roots_on(client, address):
    page = visit(client, address)
    return [int(item["value"]) for item in page.select("ol.threads > li")]


def test_threads_come_in_pages_in_the_order_of_their_numbers(client, long_conversation):
    address = long_conversation.get_absolute_url()
    pages = [roots_on(client, f"{address}?page={number}") for number in (1, 2, 3)]
    assert pages == [[1, 2, 3], [4, 5, 6], [7, 8]]
    assert roots_on(client, address) == [1, 2, 3]


def test_newest_first_reverses_the_threads_and_not_the_replies(client, long_conversation):
    address = f"{long_conversation.get_absolute_url()}?order=newest"
    assert roots_on(client, address) == [8, 7, 6]
    assert roots_on(client, f"{address}&page=3") == [2, 1]
    page = visit(client, address)
    keys = [key for key, tag in articles(page).items() if len(tag.find_parents("li")) > 1]
    own = [key for key in keys if Comment.objects.get(pk=key).tree_id == min(articles(page))]
    assert own == sorted(own)


def test_the_pager_leads_through_all_pages_and_keeps_the_order(client, long_conversation):
    address, seen = f"{long_conversation.get_absolute_url()}?order=newest", []
    while address:
        seen += roots_on(client, address.partition("#")[0])
        following = visit(client, address.partition("#")[0]).select_one("a[rel=next]")
        address = following and following["href"]
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]


NO_PAGES = ["4", "0", "-1", "1.5", "x", "%00", "١", "²", "+1", " 1", "9" * 23]
# Its first twenty digits say "1"; as a whole it is longer than Python reads a number.
LONG = "0" * 19 + "1" + "9" * 6000


def test_an_unknown_page_is_not_found(client, published_post):
    address = say(published_post()).post.get_absolute_url()
    for number in [*NO_PAGES, LONG]:
        assert client.get(f"{address}?page={number}").status_code == 404, number[:30]
    for key in ("x", "%00", LONG):
        assert client.get(f"{address}?open={key}").status_code == 404, key[:30]


def test_other_odd_parameters_show_the_first_page(client, long_conversation):
    for query in ("order=%00", "order=oldest", "open=999999999999999999", "x=1"):
        assert roots_on(client, f"{long_conversation.get_absolute_url()}?{query}") == [1, 2, 3]


def test_a_post_without_comments_has_one_page(client, published_post):
    address = published_post().get_absolute_url()
    assert client.get(f"{address}?page=1").status_code == 200
    assert client.get(f"{address}?page=2").status_code == 404


def test_every_permalink_leads_to_a_page_with_its_comment(client, long_conversation):
    on_page = functools.cache(lambda address: articles(visit(client, address)))
    for comment in Comment.objects.approved():
        response = client.get(comment.get_absolute_url())
        parts = urlsplit(response["Location"])
        assert parts.fragment == f"comment-{comment.pk}"
        assert parts.path == long_conversation.get_absolute_url()
        assert comment.pk in on_page(response["Location"].partition("#")[0])


def test_every_permalink_works_for_a_writer_with_held_comments_in_between(client, published_post):
    ConversationSettings.objects.update(replies_shown=2)
    post = published_post(comment_mode="moderated")
    root = say(post)
    first = say(post, root)
    for target in (first, first, first, post):
        send(client, target)
    for _ in range(4):
        say(post, root)
    for comment in Comment.objects.all():
        address = client.get(comment.get_absolute_url())["Location"]
        assert comment.pk in articles(visit(client, address.partition("#")[0])), address


def test_permalinks_count_only_visible_comments_before_them(client, published_post):
    ConversationSettings.objects.update(threads_per_page=2)
    post = published_post()
    for status in (Status.PENDING, Status.SPAM, Status.APPROVED, Status.REMOVED):
        say(post, status=status)
    second = say(post)
    assert "page=" not in client.get(second.get_absolute_url())["Location"]


def test_counts_are_of_visible_comments(client, long_conversation):
    post = Post.objects.get(pk=long_conversation.pk)
    page = visit(client, post.get_absolute_url())
    assert page.select_one("#comments-title").text.strip() == "80 comments"
    assert post.comment_count == Comment.objects.approved().count() == 80
    assert (
        visit(client, "/").select_one(".entry a[href$='#comments']").text.strip() == "80 comments"
    )


def test_one_comment_is_counted_as_one_and_none_kindly(client, published_post):
    post = published_post()
    assert "No comments yet" in client.get(post.get_absolute_url()).text
    say(post)
    assert visit(client, "/").select_one(".entry a[href$='#comments']").text.strip() == "1 comment"


def test_the_number_of_queries_does_not_grow(client, published_post):
    def queries(size):
        post, above = published_post(), None
        for number in range(size):
            above = say(post, above if number % 8 else None)
        own = above.get_absolute_url()
        addresses = [post.get_absolute_url(), own, f"{own}thread/", f"{own}reply/"]
        addresses += [f"{Comment.objects.get(pk=above.tree_id).get_absolute_url()}thread/"]
        addresses += [f"/posts/{post.slug}/comments/feed/", "/comments/feed/"]
        return [count(client, address) for address in addresses]

    few, many = queries(10), queries(400)
    assert few == many
    assert max(many) <= 12


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_htmx_gets_the_next_part_as_a_fragment(client, long_conversation):
    page = visit(client, long_conversation.get_absolute_url())
    address = page.select_one("a.more")["href"]
    whole, part = client.get(address), client.get(address, headers={"hx-request": "true"})
    assert "HX-Request" in whole["Vary"]
    assert "HX-Request" in part["Vary"]
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert part.text.lstrip().startswith('<ol class="replies"')
    keys = {int(key) for key in re.findall(r'<article id="comment-(\d+)"', part.text)}
    assert keys
    assert keys <= {int(key) for key in re.findall(r'id="comment-(\d+)"', whole.text)}


def test_each_page_of_a_conversation_and_of_results_has_a_title_of_its_own(
    client, long_conversation
):
    address = long_conversation.get_absolute_url()
    asked = [address, f"{address}?page=2", f"{address}?page=3"]
    results = "/search/?q=thank&in=comment"
    asked += [results, f"{results}&page=2"]
    titles = {visit(client, each).title.text for each in asked}
    assert len(titles) == len(asked)
