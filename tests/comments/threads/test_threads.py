"""Threads on pages: the whole tree can be read back, every comment in its place."""

import random
from datetime import datetime
from html.parser import HTMLParser

import pytest
from django.test import Client

from comments.models import Comment, ConversationSettings
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import differences, say
from tests.comments.http import articles, parents, reply_url, send, visit

pytestmark = pytest.mark.django_db


def grow(post, size, seed, hidden=0.0):
    """A random conversation; ``hidden`` is the share of comments that nobody sees."""
    dice = random.Random(seed)
    unseen = [Status.PENDING, Status.SPAM, Status.REMOVED, Status.WITHDRAWN]
    grown = []
    for number in range(size):
        parent = dice.choice(grown) if grown and dice.random() < 0.8 else None
        status = dice.choice(unseen) if dice.random() < hidden else Status.APPROVED
        grown.append(say(post, parent, status=status, body=f"Words {number}."))
    return grown


def read_whole(client, post):
    """``{key: parent}`` of a post's conversation, over all pages and all "Show N more"."""
    found, ahead, seen = {}, [f"{post.get_absolute_url()}?page=1"], set()
    while ahead:
        address = ahead.pop()
        assert address not in seen
        seen.add(address)
        page = visit(client, address)
        shown = visible(page)
        assert not shown.keys() & found.keys(), "a comment stands on two pages"
        found |= shown
        links = page.select("a.more[href], .conversation a[rel=next]")
        ahead += [link["href"].partition("#")[0] for link in links]
        assert all(link["href"].startswith(("/", "?")) for link in links)
    return found


def visible(page):
    stones = {key for key, tag in articles(page).items() if "tombstone" in tag["class"]}
    return {key: above for key, above in parents(page).items() if key not in stones}


@pytest.mark.parametrize(("seed", "hidden"), [(1, 0), (2, 0.3), (3, 0.7)])
def test_the_tree_can_be_read_back_from_the_pages(client, published_post, seed, hidden):
    ConversationSettings.objects.update(threads_per_page=7)
    post = published_post()
    grow(post, 200, seed, hidden)
    assert not differences()
    stored = Comment.objects.approved().values_list("pk", "parent_id")
    assert read_whole(client, post) == dict(stored)


@pytest.mark.parametrize(
    "values",
    [
        {"display_depth": 1, "replies_shown": 0},
        {"display_depth": 2, "replies_shown": 1, "threads_per_page": 1},
        {"display_depth": 8, "replies_shown": 100, "threads_per_page": 100},
    ],
)
def test_the_tree_can_be_read_back_with_any_settings(client, published_post, values):
    ConversationSettings.objects.update(**values)
    post = published_post()
    grow(post, 60, 4, hidden=0.3)
    stored = Comment.objects.approved().values_list("pk", "parent_id")
    assert read_whole(client, post) == dict(stored)


def test_the_lists_of_a_page_are_well_formed(client, published_post):
    post = published_post()
    grow(post, 120, 5, hidden=0.4)
    strict = Balance()
    strict.feed(client.get(post.get_absolute_url()).text)
    assert strict.open == []
    page = visit(client, post.get_absolute_url())
    for item in page.select("ol.threads, ol.replies"):
        assert {child.name for child in item.find_all(recursive=False)} == {"li"}
    for item in page.select("ol.threads li"):
        shown = item.find(recursive=False)
        assert shown.name == ("div" if "tombstone" in shown["class"] else "article")


class Balance(HTMLParser):
    """Fails if an end tag does not close the last opened element."""

    VOID = frozenset({"br", "input", "link", "meta", "img", "hr"})
    FREE = frozenset({"html", "head", "body"})

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID | self.FREE:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in self.FREE or self.open.pop() == tag, (tag, self.getpos())


def test_nesting_follows_the_parents_up_to_the_display_depth(client, published_post):
    post = published_post()
    chain = [say(post, name="n0")]
    for number in range(1, 6):
        chain.append(say(post, chain[-1], name=f"n{number}"))
    page = visit(client, post.get_absolute_url())
    found = articles(page)
    depths = [len(found[comment.pk].find_parents("li")) for comment in chain]
    assert depths == [1, 2, 3, 4, 4, 4]
    answered = [found[comment.pk].select_one("a.answered") for comment in chain]
    assert [link and link["aria-label"] for link in answered] == [
        None,
        None,
        None,
        "replying to n2",
        "replying to n3",
        "replying to n4",
    ]


def test_each_comment_carries_its_microformats(client, published_post):
    post = published_post()
    root = say(post, name="Wren <b>", body="One *word*.")
    child = say(post, root, name="Robin")
    page = visit(client, post.get_absolute_url())
    assert page.select_one("article.h-entry").select(".h-cite.u-comment")
    for comment in (root, child):
        tag = articles(page)[comment.pk]
        assert {"h-cite", "u-comment"} <= set(tag["class"])
        assert tag.select_one(".p-author.h-card").text == comment.name
        stamp = tag.select_one("time.dt-published")["datetime"]
        assert datetime.fromisoformat(stamp) == comment.created_at.replace(microsecond=0)
        assert tag.select_one("a.u-url")["href"] == comment.get_absolute_url()
        words = tag.select_one(".e-content")
        assert f"<p>{words.decode_contents()}</p>" == comment.body_html
        assert words.name == "p"
        assert tag.select_one("a.answer")["href"] == reply_url(comment)
    assert parents(page) == {root.pk: None, child.pk: root.pk}
    assert len(page.select("article.h-entry > .u-in-reply-to")) == 0


@pytest.mark.parametrize(
    "body", ["One.\n\nTwo.", "> One.\n\nTwo.", "One.\n\n- Two.", "- One.", "```\nOne.\n```"]
)
def test_texts_of_several_paragraphs_keep_their_paragraphs(client, published_post, body):
    comment = say(published_post(), body=body)
    words = articles(visit(client, comment.post.get_absolute_url()))[comment.pk]
    words = words.select_one(".e-content.prose[dir=auto]")
    assert words.name == "div"
    assert words.decode_contents() == comment.body_html


def test_threads_show_their_numbers(client, published_post):
    post = published_post()
    say(post, status=Status.PENDING)
    roots = [say(post), say(post)]
    items = [
        articles(visit(client, post.get_absolute_url()))[root.pk].find_parent("li")
        for root in roots
    ]
    assert [item["value"] for item in items] == ["1", "2"]


def test_the_author_is_marked_and_nobody_else(client, alice, bob, published_post):
    post = published_post()
    by_author = say(post, user=alice, name="")
    others = [say(post, user=bob, name=""), say(post, name="Alice")]
    found = articles(visit(client, post.get_absolute_url()))
    assert found[by_author.pk].select_one(".badge").text == "Author"
    assert not any(found[comment.pk].select(".badge") for comment in others)


def test_a_long_thread_is_cut_and_continues_on_request(client, published_post):
    post = published_post()
    root = say(post)
    replies = [say(post, root) for _ in range(120)]
    page = visit(client, post.get_absolute_url())
    assert list(articles(page)) == [root.pk, *[reply.pk for reply in replies[:5]]]
    more = page.select_one("a.more")
    assert more.text == "Show 115 more replies"
    part = visit(client, more["href"])
    assert list(articles(part)) == [reply.pk for reply in replies[5:55]]
    assert part.select_one("a.more").text == "Show 65 more replies"
    assert part.select_one("blockquote.quoted")["cite"] == root.get_absolute_url()


def test_a_branch_shows_the_answered_comment_and_all_replies(client, published_post):
    post = published_post()
    root = say(post, body="The beginning.")
    middle = say(post, root)
    below = say(post, middle)
    say(post, root, body="Beside it.")
    page = visit(client, f"{middle.get_absolute_url()}thread/")
    assert list(articles(page)) == [middle.pk, below.pk]
    assert "The beginning." in page.select_one("blockquote.quoted").text
    assert "Beside it." not in page.text


def test_replies_below_many_hidden_ones_are_not_lost(client, published_post):
    post = published_post()
    for root_status in (Status.APPROVED, Status.REMOVED):
        root = say(post, status=root_status)
        for status in [Status.PENDING, Status.SPAM] * 20:
            say(post, root, status=status)
        visible_reply = say(post, root)
        shown = articles(visit(client, post.get_absolute_url()))
        assert visible_reply.pk in shown
        assert root.pk in shown


def test_an_imported_comment_keeps_its_old_anchor_but_takes_nobody_elses(client, published_post):
    post = published_post()
    first = say(post)
    moved = say(post, source="wordpress:a.example", source_id="90001")
    clash = say(post, source="wordpress:a.example", source_id=str(first.pk))
    twin = say(post, source="wordpress:b.example", source_id="90001")
    page = visit(client, post.get_absolute_url())
    keys = [tag["id"] for tag in page.select("[id]")]
    assert len(keys) == len(set(keys))
    assert page.find(id="comment-90001").find_parent("article")["id"] == f"comment-{moved.pk}"
    assert page.find(id=f"comment-{first.pk}").name == "article"
    assert {clash.pk, twin.pk} <= articles(page).keys()


def test_ones_own_held_comments_are_shown_at_every_place_of_a_thread(client, published_post):
    post = published_post(comment_mode="moderated")
    root = say(post)
    replies = [say(post, root) for _ in range(30)]
    for target in (root, replies[20], post):
        send(client, target)
    own = set(Comment.objects.filter(name="Ada").values_list("pk", flat=True))
    assert own <= articles(visit(client, post.get_absolute_url())).keys()
    assert not own & articles(visit(Client(), post.get_absolute_url())).keys()


def test_ones_own_held_comments_below_a_hidden_thread_are_still_shown(client, mia, published_post):
    root = say(published_post(), body="Taken away.")
    send(client, root)
    decisions.decide([root.pk], "remove", mia)
    own = Comment.objects.get(name="Ada")
    page = visit(client, own.get_absolute_url())
    assert list(articles(page)) == [root.pk, own.pk]
    assert "Taken away." not in page.text
    assert not articles(visit(Client(), root.post.get_absolute_url()))
