"""Moderators' private notes: about a verified identity, or about one comment of a guest."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusal import Refused
from comments.models import Comment, WriterNote
from comments.moderation import writers
from comments.posting import own_comments
from tests.comments.factories import say
from tests.comments.http import visit
from tests.comments.mail import verified
from tests.comments.receipts.test_receipts import link_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.standing")]


def about(*comments):
    """Return the notes that moderators see beside these comments."""
    rows = Comment.objects.select_related("user", "verified_address")
    found = writers.notes_about(rows.filter(pk__in=[comment.pk for comment in comments]))
    return [[note.text for note in found[comment.pk]] for comment in comments]


def test_a_note_follows_an_account_and_a_verified_address(mia, bob, published_post):
    post, address = published_post(), verified()
    for fields in ({"user": bob, "name": ""}, {"verified_address": address}):
        one, other = say(post, **fields), say(published_post(), **fields)
        writers.note(one.pk, mia, "  Writes late at night. ")
        writers.note(other.pk, mia, "Asked for a pause.")
        assert about(one, other) == [["Writes late at night.", "Asked for a pause."]] * 2


def test_a_note_about_an_unverified_guest_belongs_to_one_comment(mia, published_post):
    post = published_post()
    same = {"name": "Wren", "email": "wren@example.org"}
    one, other, hers = say(post, **same), say(post, **same), say(post, verified_address=verified())
    writers.note(one.pk, mia, "Perhaps a child.")
    assert about(one, other, hers) == [["Perhaps a child."], [], []]


def test_an_empty_note_is_refused(mia, published_post):
    with pytest.raises(Refused, match="The note is empty"):
        writers.note(say(published_post()).pk, mia, "  \n ")
    assert not WriterNote.objects.exists()


def test_many_comments_cost_one_query(mia, bob, published_post):
    post = published_post()
    comments = [say(post, user=bob, name="") for _ in range(3)] + [say(post) for _ in range(9)]
    for comment in comments:
        writers.note(comment.pk, mia, "A word.")
    rows = list(Comment.objects.select_related("user", "verified_address"))
    with CaptureQueriesContext(connection) as captured:
        found = writers.notes_about(rows)
        assert {note.who.name for notes in found.values() for note in notes} == {"Mia"}
    assert len(captured) == 1
    assert sorted(len(notes) for notes in found.values()) == [1] * 9 + [3] * 3


def test_no_reader_and_no_writer_ever_sees_one(client, signed_in, mia, bob, published_post):
    post = published_post()
    comment = say(post, user=bob, name="")
    writers.note(comment.pk, mia, "Between us alone.")
    pages = [post.get_absolute_url(), link_of(comment), f"/comments/{comment.pk}/"]
    for reader in (client, signed_in(bob)):
        for address in pages:
            assert "Between us" not in visit(reader, address).text


def test_disowning_a_guests_comment_deletes_its_notes(mia, bob, published_post):
    post = published_post()
    guest, account = say(post), say(post, user=bob, name="")
    for comment in (guest, account):
        writers.note(comment.pk, mia, "Lives by the lake.")
        own_comments.disown(comment.pk)
    assert about(guest, account) == [[], []]
    assert WriterNote.objects.count() == 1  # of the account, whose other comments it stands beside


def test_purging_a_comment_deletes_its_note(mia, bob, published_post):
    post = published_post()
    guest, account = say(post), say(post, user=bob, name="")
    for comment in (guest, account):
        writers.note(comment.pk, mia, "A word.")
        Comment.objects.purge(comment)
    assert [bool(note.key) for note in WriterNote.objects.all()] == [True]
