"""A permalink deep in a long thread leads to a small page with the comment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.imports.bulk_load import Incoming, load
from comments.models import Comment
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, parents, send, visit

pytestmark = pytest.mark.django_db
AROUND = 50  # rows around the comment, at most


def grow(post, above):
    """Load one thread: ``above`` lists for each reply the place of what it answers."""
    start = timezone.now() - timedelta(days=30)
    rows = [
        Incoming(
            key=place,
            post=post.pk,
            parent=parent,
            name=f"n{place}",
            body="Words.",
            body_html="<p>Words.</p>",
            created_at=start + timedelta(seconds=place),
        )
        for place, parent in enumerate([None, *above])
    ]
    return load(rows).keys


def page_of(client, key):
    """Follow the permalink of a comment; return ``(address, page)``."""
    address = client.get(f"/comments/{key}/")["Location"]
    return address, visit(client, address.partition("#")[0])


SHAPES = {
    "all beside one another": [0] * 1999,
    "in chains of a hundred": [place if place % 99 else 0 for place in range(1999)],
    "in pairs": [place if place % 2 else 0 for place in range(1999)],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("place", [3, 30, 1000, 1999])
def test_a_permalink_leads_to_a_small_page_that_shows_the_comment(
    client, published_post, shape, place
):
    post = published_post()
    keys = grow(post, SHAPES[shape])
    address, page = page_of(client, keys[place])
    assert address.startswith(post.get_absolute_url())
    assert address.endswith(f"#comment-{keys[place]}")
    shown = articles(page)
    assert keys[place] in shown
    assert len(shown) <= 1 + 5 + 2 * AROUND
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    order = Comment.objects.filter(pk__in=shown).order_by("lft").values_list("pk", flat=True)
    assert list(shown) == list(order)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_comment_of_a_window_says_whom_it_answers(client, published_post, shape):
    keys = grow(published_post(), SHAPES[shape])
    _address, page = page_of(client, keys[1500])
    above = dict(Comment.objects.values_list("pk", "parent_id"))
    names = {key: f"n{place}" for place, key in keys.items()}
    for key, parent in parents(page).items():
        assert parent == above[key]
        item = articles(page)[key].find_parent("li")
        nested_in = item.find_parent("li")
        said = articles(page)[key].select_one("a.answered")
        if parent and nested_in.find("article")["id"] != f"comment-{parent}":
            assert said["aria-label"] == f"replying to {names[parent]}"


def test_comments_before_and_after_a_window_are_counted_and_linked(client, published_post):
    keys = grow(published_post(), [0] * 1999)
    _address, page = page_of(client, keys[1000])
    shown = list(articles(page))
    before, after = page.select("a.more")
    first = next(key for key in shown[6:])
    counts = [int(link.text.split()[1]) for link in (before, after)]
    assert shown[:6] == [keys[place] for place in range(6)]
    assert sum(counts) + len(shown) == 2000
    assert counts[0] == Comment.objects.get(pk=first).lft // 2 - 6
    part = list(articles(visit(client, before["href"])))
    assert part == [keys[place] for place in range(6, 56)]
    assert next(iter(articles(visit(client, after["href"])))) == shown[-1] + 1
    assert before.find_parent("li").find("article")["id"] == f"comment-{keys[5]}"


def test_hidden_comments_of_a_window_stay_hidden_and_are_not_counted(client, published_post):
    keys = grow(published_post(), [place if place % 2 else 0 for place in range(400)])
    hidden = [keys[place] for place in keys if place % 4 == 2 and place != 302]
    Comment.objects.plain().filter(pk__in=hidden).update(status=Status.REMOVED)
    Comment.objects.plain().filter(pk=keys[0]).update(visible_count=401 - len(hidden))
    _address, page = page_of(client, keys[302])
    shown = {key for key, tag in articles(page).items() if "tombstone" not in tag["class"]}
    assert shown.isdisjoint(hidden)
    more = sum(int(link.text.split()[1]) for link in page.select("a.more"))
    assert len(shown) + more == 401 - len(hidden)


def test_a_writer_finds_each_of_their_held_comments_in_a_long_thread(client, published_post):
    post = published_post(comment_mode="moderated")
    keys = grow(post, [0] * 1500)
    for place in (200, 700, 1200):
        send(client, Comment.objects.get(pk=keys[place]), f"Words for {place}.")
    page = visit(client, post.get_absolute_url())
    waiting = [tag for tag in articles(page).values() if "waiting" in tag["class"]]
    assert [tag.select_one(".e-content").text for tag in waiting] == [
        f"Words for {place}." for place in (200, 700, 1200)
    ]
    assert len(articles(page)) < 60
    for comment in Comment.objects.filter(status=Status.PENDING):
        assert comment.pk in articles(page_of(client, comment.pk)[1])


def test_two_comments_at_the_end_of_one_window_are_not_shown_twice(client, published_post):
    post = published_post(comment_mode="moderated")
    keys = grow(post, [0] * 300)
    send(client, Comment.objects.get(pk=keys[150]))
    last = say(post, Comment.objects.get(pk=keys[150]))
    _address, page = page_of(client, last.pk)
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert sum("waiting" in tag["class"] for tag in articles(page).values()) == 1
