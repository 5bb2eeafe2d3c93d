"""Erasing authors, moderators and owners: what happens to their posts, pictures and decisions."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import ErasureRequest
from accounts.privacy import departure
from accounts.privacy.registry import DataSubject
from accounts.refusal import Refused
from blog.models import Image, Post, PostRevision, PreviewLink
from comments.models import (
    CareCase,
    Comment,
    DutyPreference,
    DutySlot,
    ModerationAction,
    Reputation,
    WriterNote,
)
from comments.moderation import writers
from config import due_work
from tests.blog.image_files import drawn, file
from tests.comments.care_cases import later, run_due, worry
from tests.comments.factories import say, stored
from tests.comments.personal_data import MARK, a_day_passes, leave, places
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("accounts.privacy.departure")]


@pytest.fixture
def ada(person):
    """An author with data in every table."""
    return person(MARK, group="Authors", is_staff=True, display_name=f"Ada {MARK.title()}")


def picture(person, title="", **drawing):
    return Image.keep(file(drawn(size=(64, 40), **drawing)), person, title)


def written(ada, published_post, owner):
    """Return (a post of the author's with all that belongs to one, a never published draft)."""
    post = published_post(author=ada, title="The coat", slug="the-coat", comment_mode="open")
    draft = Post.objects.create(author=ada, title=f"Draft of {MARK}", body="<p>Not yet.</p>")
    for each, kind in ((post, "saved"), (None, "autosave"), (draft, "saved")):
        fields = {"title": "The coat" if each == post else MARK}
        PostRevision.objects.create(post=each, author=ada, kind=kind, form=MARK, fields=fields)
    PostRevision.objects.filter(post=post).update(form="")
    PreviewLink.objects.make(post, ada, 7)
    return post, draft


def test_an_author_hands_their_posts_over_and_they_stay_public(
    client, ada, alice, owner, published_post
):
    post, draft = written(ada, published_post, owner)
    comment = say(post, name="", user=ada, body=f"By {MARK}")
    leave(ada, posts=f"to:{alice.pk}")
    page = client.get(post.get_absolute_url()).text
    assert "Alice" in page
    assert MARK not in page.lower()
    a_day_passes()
    assert set(Post.objects.values_list("pk", "author", "status")) == {
        (post.pk, alice.pk, "published"),
        (draft.pk, alice.pk, "draft"),
    }
    assert not Comment.objects.filter(pk=comment.pk).exists()
    assert not PreviewLink.objects.exists()
    # The author's name is nowhere, except in the draft that was handed over.
    assert {place for place in places() if not place.startswith("blog_")} == set()
    assert not PostRevision.objects.unsaved().exists()
    assert not PostRevision.objects.exclude(author=None).exists()


def test_an_author_withdraws_their_posts_and_an_owner_keeps_them(
    client, ada, owner, published_post
):
    post, draft = written(ada, published_post, owner)
    say(post, name="Wren", body="I hear you.")
    leave(ada, posts="unpublish")
    assert client.get(post.get_absolute_url()).status_code == 404
    a_day_passes()
    kept = Post.objects.get()
    assert (kept.pk, kept.author, kept.status) == (post.pk, owner, "draft")
    assert kept.body == post.body
    assert not Post.objects.filter(pk=draft.pk).exists()
    assert places() == set()


def test_undoing_an_erasure_restores_posts_and_comments(client, ada, alice, published_post):
    post, draft = written(ada, published_post, None)
    comment = say(post, name="", user=ada, body="Mine")
    for answer in (f"to:{alice.pk}", "unpublish"):
        erasure = leave(ada, posts=answer)
        assert stored(comment).body == ""
        assert departure.cancel(erasure.pk)
        assert stored(comment).body == "Mine"
        found = Post.objects.order_by("pk").values_list("pk", "author", "status")
        assert list(found) == [(post.pk, ada.pk, "published"), (draft.pk, ada.pk, "draft")]
        assert client.get(post.get_absolute_url()).status_code == 200


def test_erasing_only_comments_leaves_the_posts_of_an_author(client, ada, published_post, owner):
    post, _draft = written(ada, published_post, owner)
    leave(ada, "words")
    a_day_passes()
    assert client.get(post.get_absolute_url()).status_code == 200
    assert Post.objects.filter(author=ada).count() == 2


def test_posts_cannot_be_handed_to_somebody_who_is_no_author(ada, bob, mia, owner, published_post):
    written(ada, published_post, owner)
    choices = dict(departure.questions(DataSubject.from_user(ada))["posts"].choices)
    assert f"to:{owner.pk}" in choices
    assert not {f"to:{bob.pk}", f"to:{mia.pk}", f"to:{ada.pk}"} & choices.keys()
    assert departure.questions(DataSubject.from_user(bob)) == {}


def test_the_only_owner_cannot_leave_until_there_is_another(owner, alice, person):
    with pytest.raises(Refused, match="only owner"):
        leave(owner)
    leave(owner, "words")
    departure.cancel(departure.pending_request(DataSubject.from_user(owner)).pk)
    second = person("second", is_staff=True, is_superuser=True)
    leave(second)
    # An owner about to leave does not count as another owner.
    with pytest.raises(Refused):
        leave(owner)


def test_an_authors_posts_go_to_an_owner_who_stays(ada, person, published_post):
    post = published_post(author=ada)
    goes, stays = (person(name, is_superuser=True, is_staff=True) for name in ("first", "second"))
    with time_machine.travel(timezone.now() - timedelta(hours=12), tick=False):
        leave(ada, posts="unpublish")
    leave(goes)
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        assert due_work.do_due() == []
    assert Post.objects.get(pk=post.pk).author == stays


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_leaving_at_the_same_moment_one_stays(person):
    owners = [person(name, is_superuser=True, is_staff=True) for name in ("first", "second")]

    def try_to_leave(user):
        try:
            return leave(user)
        except Refused as refused:
            return refused.sentence

    answers = at_once(*(partial(try_to_leave, user) for user in owners))
    assert departure.LAST_OWNER in answers
    assert ErasureRequest.objects.count() == 1


def test_unused_pictures_are_deleted_with_their_files(ada, owner, published_post):
    shown = picture(ada, MARK)
    unused = picture(ada, MARK, color=(0, 90, 0))
    post = published_post(author=ada, body=f'<p><img src="{shown.url}" alt="A lake"></p>')
    leave(ada, posts="unpublish")
    a_day_passes()
    row = Image.objects.get()
    assert (row.pk, row.uploaded_by, row.title) == (shown.pk, None, "")
    assert default_storage.exists(shown.file)
    assert Post.objects.get(pk=post.pk).author == owner
    assert not Image.objects.filter(pk=unused.pk).exists()


def test_a_moderators_decisions_stay_and_their_texts_are_erased(person, owner, bob, published_post):
    mod = person(MARK, group="Moderators", is_staff=True)
    post = published_post(comment_mode="open")
    comment = say(post, name="", user=bob)
    writers.ban(comment.pk, mod, note=f"{MARK} says no")
    writers.note(comment.pk, mod, f"{MARK} noted")
    DutySlot.objects.create(weekday=1, starts="08:00", ends="09:00", moderator=mod)
    DutyPreference.objects.create(user=mod)
    worry(comment)
    CareCase.objects.update(handed_to=mod)
    leave(mod)
    a_day_passes()
    assert ModerationAction.objects.filter(act="ban", who=None, reason="").exists()
    assert Reputation.objects.in_force().filter(who=None, note="").exists()
    assert not WriterNote.objects.exists()
    assert not DutySlot.objects.exists()
    assert not DutyPreference.objects.exists()
    assert CareCase.objects.get().handed_to is None
    assert places() == set()


def test_texts_in_care_stay_for_moderators_for_seven_days_at_most(person, mia, published_post):
    user = person(MARK)
    comment = say(published_post(comment_mode="open"), name="", user=user, body=f"Help {MARK}")
    worry(comment)
    leave(user)
    case = CareCase.objects.get()
    assert case.kept_words == f"Help {MARK}"
    a_day_passes()
    assert not get_user_model().objects.filter(pk=user.pk).exists()
    left = stored(comment)
    assert (left.body, left.name, left.user, left.disowned) == ("", "", None, True)
    again = CareCase.objects.get()
    assert (again.kept_words, again.kept_until) == (f"Help {MARK}", case.kept_until)
    assert places() == {"comments_carecase.kept_words"}
    with later(days=8):
        run_due()
        assert places() == set()


def test_a_picture_that_somebody_else_has_too_stays_with_them(ada, alice, owner):
    mine, hers = picture(ada), picture(alice)
    assert mine.file == hers.file
    leave(ada)
    a_day_passes()
    assert default_storage.exists(hers.file)
