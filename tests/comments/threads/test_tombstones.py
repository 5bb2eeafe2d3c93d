"""Tombstones of hidden comments with visible replies, without a word of their text."""

import pytest

from comments.models import Comment
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, visit

pytestmark = pytest.mark.django_db
HIDDEN = [Status.PENDING, Status.SPAM, Status.REMOVED, Status.WITHDRAWN]
NEUTRAL = "This comment isn’t available."
SENTENCES = {
    Status.WITHDRAWN: "The writer deleted this comment.",
    Status.REMOVED: "This comment was removed.",
}
SECRET = {"name": "Nightjar", "body": "Unsaid words.", "email": "nightjar@example.net"}


def everywhere(client, comment):
    """Return the text of every page and feed about a comment and its post."""
    own = comment.get_absolute_url()
    addresses = [comment.post.get_absolute_url(), "/comments/feed/", "/", own, f"{own}thread/"]
    addresses += [f"{own}reply/", f"{own}after/{comment.pk}/"]
    addresses += [f"/posts/{comment.post.slug}/comments/feed/"]
    if comment.parent_id:
        addresses.append(f"{comment.parent.get_absolute_url()}thread/")
    return "".join(client.get(address, follow=True).text for address in addresses)


@pytest.mark.parametrize("status", HIDDEN)
def test_a_hidden_comment_with_a_visible_reply_leaves_a_tombstone(client, published_post, status):
    post = published_post()
    root = say(post)
    stone = say(post, root, status=status, **SECRET)
    reply = say(post, stone)
    found = articles(visit(client, post.get_absolute_url()))
    assert list(found) == [root.pk, stone.pk, reply.pk]
    sentence = SENTENCES.get(status, NEUTRAL)
    assert found[stone.pk].get_text(strip=True) == sentence
    assert not {"h-cite", "u-comment"} & set(found[stone.pk]["class"])
    assert found[stone.pk].find_parent("li") in found[reply.pk].find_parents("li")


@pytest.mark.parametrize("status", HIDDEN)
def test_a_hidden_comment_without_visible_replies_leaves_nothing(client, published_post, status):
    post = published_post()
    root = say(post)
    gone = say(post, root, status=status)
    say(post, gone, status=Status.REMOVED)
    lonely = say(post, status=status)
    page = visit(client, post.get_absolute_url())
    assert list(articles(page)) == [root.pk]
    assert f"comment-{lonely.pk}" not in page.decode()


@pytest.mark.parametrize("status", HIDDEN)
@pytest.mark.parametrize("with_reply", [False, True])
def test_no_word_or_name_of_a_hidden_comment_is_anywhere(
    client, published_post, status, with_reply
):
    post = published_post()
    hidden = say(post, say(post), status=status, **SECRET)
    if with_reply:
        say(post, say(post, say(post, hidden)))
    shown = everywhere(client, hidden)
    for secret in ("Nightjar", "nightjar", "Unsaid"):
        assert secret not in shown


@pytest.mark.parametrize("status", HIDDEN)
def test_a_hidden_comments_permalink_and_branch_need_replies(client, published_post, status):
    hidden = say(published_post(), status=status)
    for tail in ("", "thread/", f"after/{hidden.pk}/", "reply/"):
        assert client.get(f"{hidden.get_absolute_url()}{tail}").status_code == 404
    reply = say(hidden.post, hidden)
    assert client.get(hidden.get_absolute_url()).status_code == 302
    page = visit(client, f"{hidden.get_absolute_url()}thread/")
    assert list(articles(page)) == [hidden.pk, reply.pk]
    assert not visit(client, f"{reply.get_absolute_url()}thread/").select("blockquote.quoted")


def test_a_chain_of_hidden_comments_stays_a_chain(client, published_post):
    post = published_post()
    chain = [say(post, status=Status.REMOVED)]
    for status in (Status.SPAM, Status.WITHDRAWN, Status.PENDING, Status.APPROVED):
        chain.append(say(post, chain[-1], status=status, name=str(status)))
    found = articles(visit(client, post.get_absolute_url()))
    assert list(found) == [comment.pk for comment in chain]
    assert sum("tombstone" in tag["class"] for tag in found.values()) == 4
    assert "replying to" not in found[chain[-1].pk].text


def test_a_hidden_root_keeps_its_number_and_its_thread_its_place(client, mia, published_post):
    post = published_post()
    first, second = say(post), say(post)
    say(post, first)
    decisions.decide([first.pk], "remove", mia)
    found = articles(visit(client, post.get_absolute_url()))
    assert next(iter(found)) == first.pk
    assert found[first.pk].find_parent("li")["value"] == "1"
    assert found[second.pk].find_parent("li")["value"] == "2"


def test_replies_to_a_tombstone_still_link_it_in_the_markup(client, published_post):
    post = published_post()
    stone = say(post, status=Status.REMOVED)
    reply = say(post, stone)
    link = articles(visit(client, post.get_absolute_url()))[reply.pk].select_one(".u-in-reply-to")
    assert link["href"] == stone.get_absolute_url()


def test_a_tombstone_disappears_with_its_last_reply_and_a_restored_text_returns(
    client, mia, published_post
):
    post = published_post()
    root = say(post, **SECRET)
    reply = say(post, root)
    decisions.decide([root.pk], "spam", mia)
    assert list(articles(visit(client, post.get_absolute_url()))) == [root.pk, reply.pk]
    decisions.decide([reply.pk], "remove", mia)
    assert not articles(visit(client, post.get_absolute_url()))
    decisions.decide([root.pk], "restore", mia)
    assert "Unsaid words." in client.get(post.get_absolute_url()).text
    assert Comment.objects.get(pk=root.pk).number == 1
