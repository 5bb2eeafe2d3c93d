"""Kinds of reactions: the owner's wording, and what happens to given reactions."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client

from accounts.refusal import Refused
from comments.guests import session
from comments.models import Comment, ReactionKind
from comments.policy import Viewer
from comments.posting import own_comments
from comments.reactions import rules
from tests.comments.factories import differences, say, stored
from tests.comments.http import reply_url, soup
from tests.comments.reaction_http import (
    LINE,
    buttons,
    give,
    given,
    kind,
    seen_by_everybody,
    take,
    url,
)
from tests.comments.receipts.test_receipts import link_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"))


# -- what goes with what -----------------------------------------------------------------


def test_withdrawing_a_comment_deletes_its_reactions(client, comment):
    give(client, comment)
    own_comments.withdraw(comment.pk)
    assert given() == []


def test_purging_a_comment_deletes_its_reactions(client, published_post):
    post = published_post()
    root = say(post)
    below, other = say(post, root), say(post)
    for each in (root, below, other):
        give(client, each)
    Comment.objects.purge(stored(root))
    assert given() == [(other.pk, "With you")]
    assert not differences()


def test_erasing_an_account_removes_its_reactions_from_pages_at_once(
    signed_in, bob, published_post
):
    post = published_post()
    first, second = say(post), say(post)
    for each in (first, second):
        give(signed_in(bob), each)
    give(Client(), second)
    assert LINE in str(seen_by_everybody(first))
    with pytest.raises(ProtectedError):
        bob.delete()
    rules.forget(bob)
    assert given() == [(second.pk, "With you")]
    assert LINE not in str(seen_by_everybody(first))
    assert LINE in str(seen_by_everybody(second))
    bob.delete()


def test_a_moved_comment_keeps_its_reactions(client, published_post):
    post = published_post()
    root, other = say(post), say(post)
    give(client, other)
    Comment.objects.move_node(stored(other), stored(root))
    assert LINE in str(seen_by_everybody(other))


# -- the owner's words -------------------------------------------------------------------

ADMIN = "/admin/comments/reactionkind/"


def fill(client, pk=None, **fields):
    address = f"{ADMIN}{pk}/change/" if pk else f"{ADMIN}add/"
    return client.post(address, {"name": "", "position": 9, "is_offered": "on", **fields})


def test_the_owner_names_orders_and_switches_off_kinds(signed_in, owner, comment):
    client = signed_in(owner)
    assert fill(client, name="  Gentle   hug ", position=0).status_code == 302
    me_too = kind("Me too").pk
    assert (
        client.post(f"{ADMIN}{me_too}/change/", {"name": "Me too", "position": 3}).status_code
        == 302
    )
    assert list(buttons(Client().get(url(comment)))) == ["Gentle hug", "With you", "Thank you"]


@pytest.mark.parametrize("name", ["with  YOU", "With you ", "\u200b", "", "x" * 31])
def test_a_kind_needs_a_name_that_no_other_has(signed_in, owner, name):
    assert fill(signed_in(owner), name=name).status_code == 200
    assert ReactionKind.objects.count() == 3


def test_equal_names_are_refused_by_the_database_in_every_alphabet():
    ReactionKind.objects.create(name="Ähnlich")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReactionKind.objects.create(name="äHNLICH")
    with pytest.raises(ValidationError):
        ReactionKind(name="x" * 31).full_clean()


def test_a_name_never_becomes_markup(client, comment):
    evil = "<b onclick=x>'\"&"
    ReactionKind.objects.filter(name="With you").update(name=evil)
    give(client, comment, evil)
    assert evil in buttons(client.get(url(comment)))
    told = soup(client.get(link_of(comment))).select_one(".support-given")
    assert evil in told.text
    assert not told.select("[onclick]")


def test_with_all_kinds_switched_off_no_page_mentions_reactions(client, comment):
    give(client, comment)
    assert LINE in str(seen_by_everybody(comment))
    for each in ReactionKind.objects.all():
        each.is_offered = False
        each.save()
    assert LINE not in Client().get(comment.post.get_absolute_url()).text
    assert client.get(url(comment)).status_code == 404
    assert not soup(client.get(reply_url(comment))).select("form.support")
    assert len(given()) == 1


def test_a_reaction_no_longer_offered_can_still_be_taken_back(client, comment):
    give(client, comment)
    old = kind()
    old.is_offered = False
    old.save()
    assert buttons(client.get(url(comment)))["With you"]
    assert "With you" not in buttons(Client().get(url(comment)))
    assert give(Client(), comment).status_code == 409
    take(client, comment)
    assert given() == []


def test_a_kind_that_somebody_used_is_not_deleted(signed_in, owner, client, comment):
    give(client, comment)
    desk = Client()
    desk.force_login(owner)
    used, unused = kind().pk, kind("Me too").pk
    assert desk.post(f"{ADMIN}{used}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{ADMIN}{unused}/delete/", {"post": "yes"}).status_code == 302
    assert set(ReactionKind.objects.values_list("name", flat=True)) == {"With you", "Thank you"}
    everything = {"action": "delete_selected", "_selected_action": [used], "post": "yes"}
    desk.post(ADMIN, everything)
    assert kind().pk == used


def test_a_kind_deleted_at_the_moment_of_the_press_gets_a_kind_answer(comment, monkeypatch):
    def fails(work):
        raise IntegrityError

    monkeypatch.setattr(rules, "in_transaction", fails)
    with pytest.raises(Refused):
        rules.give(comment.pk, kind().pk, session.Reader(Viewer(), "t" * 43))
