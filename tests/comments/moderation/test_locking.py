"""Locked threads: no new replies, not even from an open form; everything else still works."""

from contextlib import suppress

import pytest
from django.utils import timezone

from accounts.refusal import Refused
from blog.models import Post
from comments.guests import session
from comments.imports.bulk_load import Incoming, load
from comments.models import Comment, ModerationAction, ReactionKind
from comments.moderation import decisions, locked_threads
from comments.policy import Viewer
from comments.posting import create, own_comments
from comments.reactions import rules
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored
from tests.comments.http import articles, reply_url, send, soup, visit
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.tree.manager")]
SENTENCE = "This thread is locked."
LINE = ".thread-locked"


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


@pytest.fixture
def root(post):
    return say(post, body="At the root.")


@pytest.fixture
def reply(post, root):
    return say(post, root, body="Below it.")


def answers(page):
    """Return the keys of comments with a reply link."""
    return [key for key, tag in articles(page).items() if tag.select_one("a.answer")]


def test_locking_any_comment_locks_the_whole_thread(mia, post, root, reply):
    other = say(post)
    action = ModerationAction.objects.get(pk=locked_threads.lock(reply.pk, mia))
    assert (action.act, action.who, action.comment_id) == ("lock", mia, root.pk)
    assert stored(root).locked_at
    assert [stored(each).locked_at for each in (reply, other)] == [None, None]
    assert locked_threads.lock(root.pk, mia) is None
    assert locked_threads.unlock(reply.pk, mia)
    assert locked_threads.unlock(root.pk, mia) is None
    assert stored(root).locked_at is None
    assert ModerationAction.objects.count() == 2


def test_locking_a_deleted_comment_does_nothing(mia, root):
    Comment.objects.purge(root)
    with pytest.raises(Comment.DoesNotExist):
        locked_threads.lock(root.pk, mia)
    assert not ModerationAction.objects.exists()


def test_the_next_request_shows_the_lock_and_no_reply_links(client, mia, post, root, reply):
    other = say(post)
    address = post.get_absolute_url()
    page = visit(client, address)
    assert answers(page) == [root.pk, reply.pk, other.pk]
    etag = client.get(address)["ETag"]
    locked_threads.lock(root.pk, mia)
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200
    page = visit(client, address)
    assert answers(page) == [other.pk]
    (line,) = page.select(LINE)
    assert "locked" in line.text
    assert articles(page)[root.pk] in line.parent.find_all("article", recursive=False)
    assert page.select_one("a.write, .write a, .write")  # the post itself still takes answers
    locked_threads.unlock(root.pk, mia)
    page = visit(client, address)
    assert (answers(page), page.select(LINE)) == ([root.pk, reply.pk, other.pk], [])


def test_every_page_of_the_thread_shows_the_lock(client, alice, mia, post, root, reply):
    deep = say(post, say(post, reply, user=alice, name=""))
    locked_threads.lock(deep.pk, mia)
    for address, lines in [
        (f"/comments/{root.pk}/thread/", 1),
        (f"/comments/{reply.pk}/thread/", 1),
        (f"/comments/{root.pk}/after/{root.pk}/", 0),
        (f"{post.get_absolute_url()}?order=author", 0),
        (f"{post.get_absolute_url()}?order=newest", 1),
        (f"{post.get_absolute_url()}?open={deep.pk}", 1),
    ]:
        page = visit(client, address)
        assert not page.select('a[href$="/reply/"].answer'), address
        assert len(page.select(LINE)) == lines, address
    news = client.get(f"/posts/{post.slug}/news/?after={root.pk}&as=html")
    assert not soup(news).select("a.answer")


def test_the_lock_is_shown_below_a_tombstone_too(client, mia, post, root, reply):
    locked_threads.lock(root.pk, mia)
    decisions.decide([root.pk], "remove", mia)
    page = visit(client, post.get_absolute_url())
    assert len(page.select(LINE)) == 1
    assert answers(page) == []


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("htmx", [False, True])
def test_an_open_form_is_refused_clearly_and_keeps_every_word(
    client, signed_in, bob, mia, root, reply, below, htmx
):
    target, headers = (reply if below else root), {"HX-Request": "true"} if htmx else {}
    locked_threads.lock(root.pk, mia)
    count = Comment.objects.count()
    for reader in (client, signed_in(bob)):
        words = {"name": "Ada", "body": "Long\n words & <b>"}
        response = reader.post(reply_url(target), words, headers=headers)
        assert response.status_code == 409
        assert SENTENCE in response.text
        assert "Long\n words &amp; &lt;b&gt;" in response.text
    form = client.get(reply_url(target), headers=headers)
    assert form.status_code == 403
    assert SENTENCE in form.text
    assert "<textarea" not in form.text
    assert Comment.objects.count() == count


def test_a_form_validated_before_the_lock_is_refused_after_it(mia, post, root, reply):
    locked_threads.lock(root.pk, mia)
    for parent in (root, reply):
        answer = create.Answer(post.pk, {"name": "Ada", "body": "Too late."}, parent.pk)
        with pytest.raises(Refused, match="This thread is locked"):
            create.post_comment(answer)
    assert not Comment.objects.filter(body="Too late.").exists()
    assert not differences()


def test_authors_and_moderators_cannot_reply_either(signed_in, alice, mia, owner, root):
    locked_threads.lock(root.pk, mia)
    for user in (alice, mia, owner):
        assert send(signed_in(user), root).status_code == 409


def test_other_threads_and_the_post_still_take_replies(client, mia, post, root):
    other = say(post)
    locked_threads.lock(root.pk, mia)
    assert send(client, other).status_code == 302
    assert send(client, post).status_code == 302


def test_the_preview_offers_no_form_for_a_locked_thread(client, mia, root):
    locked_threads.lock(root.pk, mia)
    page = client.post(f"/comments/preview/?to={reply_url(root)}", {"body": "Words."}).text
    assert "Words." in page
    assert f'action="{reply_url(root)}"' not in page


def test_reactions_are_still_possible(client, signed_in, bob, mia, post, root, reply):
    locked_threads.lock(root.pk, mia)
    kind = ReactionKind.objects.offered().first()
    page = visit(client, post.get_absolute_url())
    assert all(tag.select_one("a.support-link") for tag in articles(page).values())
    rules.give(reply.pk, kind.pk, session.Reader(Viewer(user=bob), ""))
    response = client.post(f"/comments/{root.pk}/reaction/", {"give": kind.pk})
    assert response.status_code == 302
    assert root.reactions.count() == reply.reactions.count() == 1


def test_writers_can_still_withdraw_and_disown(mia, post, root, reply):
    locked_threads.lock(root.pk, mia)
    own_comments.disown(root.pk)
    own_comments.withdraw(reply.pk)
    assert (stored(root).disowned, stored(reply).status) == (True, Status.WITHDRAWN)
    assert not differences()


def test_held_comments_in_it_can_still_be_approved(mia, post, root):
    waiting = say(post, root, status=Status.PENDING)
    locked_threads.lock(root.pk, mia)
    assert decisions.decide([waiting.pk], "approve", mia).changed == [waiting.pk]
    assert Post.objects.get(pk=post.pk).comment_count == 2


def test_an_import_adds_to_a_locked_thread(mia, post):
    theirs = {"source": "elsewhere", "name": "Wren", "body": "Hello", "body_html": "<p>Hello</p>"}
    theirs |= {"post": post.pk, "created_at": timezone.now()}
    keys = load([Incoming(key=1, source_id="1", **theirs)]).keys
    locked_threads.lock(keys[1], mia)
    known = Incoming(key=1, source_id="1", **theirs)
    below = Incoming(key=2, source_id="2", parent=1, **theirs)
    assert len(load([known, below]).added) == 1
    assert stored(Comment.objects.get(pk=keys[1])).locked_at
    assert not differences()


def test_saving_a_stale_comment_cannot_unlock(mia, root):
    copy = stored(root)
    locked_threads.lock(root.pk, mia)
    copy.body = "Other words."
    copy.save(update_fields=["body"])
    assert stored(root).locked_at


@pytest.mark.django_db(transaction=True)
def test_replies_during_a_lock_are_stored_or_refused(mia, published_post):
    post = published_post(comment_mode="open")
    root = say(post)

    def write():
        answer = create.Answer(post.pk, {"name": "Ada", "body": "At once."}, root.pk)
        return create.post_comment(answer)

    def try_to_write():
        with suppress(Refused):
            return write()

    *written, locked = at_once(*[try_to_write] * 4, lambda: locked_threads.lock(root.pk, mia))
    assert locked
    assert set(Comment.objects.filter(parent=root)) == {each for each in written if each}
    assert stored(root).locked_at
    with pytest.raises(Refused, match="This thread is locked"):
        write()
    assert not differences()
