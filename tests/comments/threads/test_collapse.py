"""Folding threads without scripts, and headings that say whom each comment answers."""

import pytest

from comments.models import ConversationSettings
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(published_post):
    return published_post(slug="lake")


def test_a_thread_with_replies_can_be_folded_and_is_open_at_first(client, post):
    root, alone = say(post, name="Ana"), say(post)
    for _ in range(7):
        say(post, root)
    say(post, root, status=Status.PENDING)
    page = visit(client, "/posts/lake/")
    (fold,) = page.select("details")
    assert fold.has_attr("open")
    assert fold.parent == articles(page)[root.pk].parent
    assert fold.summary.text == "7 replies"
    assert fold.summary["aria-label"] == "7 replies to Ana"
    assert len(fold.select("article")) == 5
    assert fold.select_one("a.more").text == "Show 2 more replies"
    assert not articles(page)[alone.pk].parent.select("details")


def test_the_count_of_a_folded_thread_is_of_visible_comments(client, post, mia):
    root = say(post, name="Ana")
    replies = [say(post, root) for _ in range(2)]
    assert visit(client, "/posts/lake/").summary.text == "2 replies"
    decisions.decide([replies[0].pk], "remove", mia)
    assert visit(client, "/posts/lake/").summary.text == "1 reply"
    decisions.decide([root.pk], "remove", mia)
    assert visit(client, "/posts/lake/").summary.get("aria-label") is None


@pytest.mark.parametrize("values", [{"display_depth": 1}, {"replies_shown": 0}])
def test_without_nested_replies_nothing_folds(client, post, values):
    ConversationSettings.objects.update(**values)
    say(post, say(post))
    assert not visit(client, "/posts/lake/").select("details")


def test_headings_say_the_number_and_whom_each_answers(client, post, mia):
    root = say(post, name="Ana")
    reply = say(post, root, name="Ben & Co")
    deeper = say(post, reply, name="Cleo")
    below = say(post, say(post, root, name="Dan"), name="Eva")
    decisions.decide([below.parent_id], "remove", mia)
    found = articles(visit(client, "/posts/lake/"))
    assert [found[key].h3["aria-label"] for key in (root.pk, reply.pk, deeper.pk, below.pk)] == [
        "Comment 1 by Ana",
        "Ben & Co, replying to Ana, under comment 1",
        "Cleo, replying to Ben & Co, under comment 1",
        "Eva, replying to a comment that isn’t available",
    ]
    assert found[reply.pk].h3.text == "Ben & Co"
    branch = articles(visit(client, f"{deeper.get_absolute_url()}thread/"))
    assert branch[deeper.pk].h3["aria-label"] == "Cleo, replying to Ben & Co"
