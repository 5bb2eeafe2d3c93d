"""*Recently decided*: undoing actions other than decisions about comments."""

import pytest

from blog.models import ContentNote
from comments.models import Comment, Reputation
from tests.comments.factories import say
from tests.comments.http import soup
from tests.comments.queue_http import page, press, said, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("act", "what", "words"),
    [
        ("trust", "writer", "writer trusted"),
        ("ban", "writer", "writer banned"),
        ("lock", "lock", "thread locked"),
        ("note", "note", "content note changed (grief)"),
    ],
)
def test_trust_bans_locks_and_notes_can_be_undone_there_too(
    signed_in, mia, bob, published_post, act, what, words
):
    comment, client = say(published_post(), user=bob, name=""), signed_in(mia)
    grief = ContentNote.objects.get(name="grief")

    def state():
        row = Comment.objects.get(pk=comment.pk)
        return row.locked_at, row.content_note_id, Reputation.objects.in_force().count()

    before = state()
    press(client, comment, act, what=what, note=grief.pk)
    assert state() != before
    (row,) = page(client, "decided").select(".decisions > li")
    assert words in text(row)
    data = {field["name"]: field["value"] for field in row.form.select("input")}
    found = soup(client.post(row.form["action"], data, follow=True))
    assert said(found)[0].startswith("Undone. ")
    assert state() == before
    assert not found.select(".decisions > li")
    again = soup(client.post(row.form["action"], data, follow=True))
    assert said(again)[0].startswith("This can no longer be undone")


def test_a_thread_locked_and_unlocked_since_is_offered_once(signed_in, mia, published_post):
    comment, client = say(published_post()), signed_in(mia)
    press(client, comment, "lock", what="lock")
    press(client, comment, "unlock", what="lock")
    press(client, comment, "remove")
    rows = page(client, "decided").select(".decisions > li")
    offered = [bool(row.select("form.undo")) for row in rows]
    assert offered == [True, True, False]  # removed, unlocked, locked before
