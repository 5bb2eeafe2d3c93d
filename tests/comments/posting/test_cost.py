"""How many statements a reply takes: most of its time is Django writing them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import send

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.posting.create")]

# PostgreSQL locks the thread, within a savepoint. A test is a transaction itself, so BEGIN and
# COMMIT are a savepoint here.
LOCKING = {"sqlite": 0, "postgresql": 4}


def statements(client, target, body):
    send(client, target, f"{body} For the first time.")  # fills what is kept
    with CaptureQueriesContext(connection) as queries:
        assert send(client, target, body).status_code == 302
    assert Comment.objects.order_by("-pk").first().status == Status.APPROVED
    return len(queries) - LOCKING[connection.vendor]


@pytest.mark.parametrize("replies", [0, 40])
def test_a_reply_takes_few_statements_whatever_the_length_of_the_thread(
    client, published_post, bob, replies
):
    root = say(published_post(comment_mode="open"))
    for _ in range(replies):
        say(root.post, root)
    client.get(root.post.get_absolute_url())
    assert statements(client, root, "The lamp at the door was on, and the kettle too.") <= 22
    client.force_login(bob)
    assert statements(client, root, "Somebody had left a basket of pears at the door.") <= 24
    assert statements(client, root.post, "A basket of pears stood at the door, and a lamp.") <= 24
