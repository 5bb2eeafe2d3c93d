"""Trusting and banning writers: who is affected, for how long, and who is exempt."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.refusal import Refused
from blog.models import Blog
from comments import policy
from comments.models import Comment, ModerationAction, Reputation
from comments.models.standing import reputation_kinds
from comments.moderation import decisions, writers
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import say, stored
from tests.comments.http import soup
from tests.comments.mail import verified
from tests.comments.receipts.test_receipts import link_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("comments.models.standing", "comments.moderation.writers"),
]
BANNED, TRUSTED = {"banned"}, {"trusted"}
GIVES = [(writers.trust, TRUSTED), (writers.ban, BANNED)]
ENDS = {writers.trust: writers.untrust, writers.ban: writers.unban}


def acts():
    return list(ModerationAction.objects.order_by("pk").values_list("act", flat=True))


@pytest.mark.parametrize(("act", "kinds"), GIVES)
def test_a_reputation_applies_to_an_account_until_it_is_revoked(
    mia, bob, published_post, act, kinds
):
    post = published_post()
    one, other = (say(post, user=bob, name="") for _ in range(2))
    action = ModerationAction.objects.get(pk=act(one.pk, mia))
    assert (action.who, action.comment_id, action.to_status) == (mia, one.pk, Status.APPROVED)
    assert reputation_kinds(bob) == kinds
    assert act(other.pk, mia) is None
    assert ENDS[act](other.pk, mia)
    assert reputation_kinds(bob) == set()
    assert ENDS[act](one.pk, mia) is None
    assert len(acts()) == 2


@pytest.mark.parametrize(("act", "kinds"), GIVES)
def test_a_guest_is_known_by_a_verified_address_alone(mia, published_post, act, kinds):
    address = verified()
    post = published_post()
    comment = say(post, verified_address=address, email=address.email)
    act(comment.pk, mia)
    assert reputation_kinds(address=address) == kinds
    assert reputation_kinds(address=verified("other@example.org")) == set()
    address.verified_at = None
    assert reputation_kinds(address=address) == set()


@pytest.mark.parametrize(("act", "kinds"), GIVES)
def test_a_reputation_of_an_account_covers_its_verified_addresses(
    mia, bob, published_post, act, kinds
):
    EmailAddress.objects.create(user=bob, email="bob.two@example.org", verified=True)
    EmailAddress.objects.create(user=bob, email="typed@example.org", verified=False)
    comment = say(published_post(), user=bob, name="")
    act(comment.pk, mia)
    assert reputation_kinds(address=verified("Bob@example.org")) == kinds
    assert reputation_kinds(address=verified("bob.two@example.org")) == kinds
    assert reputation_kinds(address=verified("typed@example.org")) == set()
    ENDS[act](comment.pk, mia)
    assert not Reputation.objects.in_force().exists()


def test_a_banned_guest_is_banned_under_an_account_too(mia, person, published_post):
    address = verified("carol@example.org")
    writers.ban(say(published_post(), verified_address=address).pk, mia)
    assert reputation_kinds(person("carol")) == BANNED
    assert reputation_kinds(person("dora")) == set()


def test_lifting_the_ban_of_an_address_lifts_that_of_its_account(mia, bob, published_post):
    post = published_post()
    writers.ban(say(post, user=bob, name="").pk, mia)
    as_guest = say(post, verified_address=verified("bob@example.org"))
    assert writers.unban(as_guest.pk, mia)
    assert reputation_kinds(bob) == set()


def test_a_ban_outlives_the_account_without_naming_it(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    writers.ban(comment.pk, mia)
    Comment.objects.filter(pk=comment.pk).update(user=None, name="gone")
    bob.delete()
    assert reputation_kinds(address=verified("bob@example.org")) == BANNED
    assert "bob" not in str(list(Reputation.objects.values())).casefold()


@pytest.mark.parametrize("act", [*ENDS, *ENDS.values()])
def test_a_typed_name_or_address_has_no_reputation(mia, person, published_post, act):
    post = published_post()
    verified("wren@example.org")  # by somebody, not necessarily by the person who typed it here
    for fields in ({}, {"email": "wren@example.org"}, {"name": "", "disowned": True}):
        with pytest.raises(Refused, match="isn’t verified") as refusal:
            act(say(post, **fields).pk, mia)
        assert "The writer isn’t verified" in str(refusal.value.sentence)
    assert acts() == []
    assert not Reputation.objects.exists()


def test_trust_needs_a_verified_address_and_a_ban_does_not(mia, person, published_post):
    carol = person("carol", verified=False)
    comment = say(published_post(), user=carol, name="")
    with pytest.raises(Refused, match="isn’t verified"):
        writers.trust(comment.pk, mia)
    writers.ban(comment.pk, mia)
    assert reputation_kinds(carol) == BANNED


def test_authors_and_moderators_cannot_be_banned(mia, alice, owner, published_post):
    post = published_post()
    for user in (alice, mia, owner):
        with pytest.raises(Refused, match="writes or moderates here"):
            writers.ban(say(post, user=user, name="").pk, mia)
    assert not Reputation.objects.exists()
    assert acts() == []


def test_a_deleted_comment_has_no_reputation(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    key = comment.pk
    Comment.objects.purge(comment)
    for act in (*ENDS, *ENDS.values()):
        with pytest.raises(Comment.DoesNotExist):
            act(key, mia)


def test_a_ban_expires_and_can_be_repeated(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    now = timezone.now()
    writers.ban(comment.pk, mia, now + timedelta(days=2))
    with time_machine.travel(now + timedelta(days=3)):
        assert reputation_kinds(bob) == set()
        assert writers.ban(comment.pk, mia)
        assert reputation_kinds(bob) == BANNED


def test_a_ban_with_another_end_replaces_the_first(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    until = timezone.now() + timedelta(days=2)
    assert writers.ban(comment.pk, mia)
    assert writers.ban(comment.pk, mia, until, "They asked for a pause.")
    assert writers.ban(comment.pk, mia, until) is None
    (row,) = Reputation.objects.in_force().filter(beside=None)
    assert (row.until, row.note, row.who) == (until, "They asked for a pause.", mia)
    assert Reputation.objects.in_force().count() == 2


def test_a_ban_ends_at_the_end_of_the_day_in_the_blogs_time_zone():
    Blog.objects.update_or_create(pk=Blog.get().pk, defaults={"time_zone": "Asia/Kolkata"})
    assert writers.end_of(date(2030, 5, 1)).isoformat() == "2030-05-01T23:59:59.999999+05:30"


def test_approve_and_trust_does_both(mia, bob, published_post):
    post = published_post()
    comment, guest = say(post, user=bob, name="", status=Status.PENDING), say(post, status=0)
    outcome, trusted = writers.approve_and_trust(comment.pk, mia)
    assert (outcome.changed, reputation_kinds(bob)) == ([comment.pk], TRUSTED)
    assert ModerationAction.objects.get(pk=trusted).act == "trust"
    with pytest.raises(Refused, match="isn’t verified"):
        writers.approve_and_trust(guest.pk, mia)
    assert stored(guest).status == Status.PENDING


def test_the_second_moderator_to_decide_trusts_nobody(mia, owner, bob, published_post):
    comment = say(published_post(), user=bob, name="", status=Status.PENDING)
    decisions.decide([comment.pk], "approve", owner)
    outcome, trusted = writers.approve_and_trust(comment.pk, mia)
    assert (outcome.unchanged, trusted, reputation_kinds(bob)) == ([comment.pk], None, set())


# -- what the writer may still do --------------------------------------------------------


@pytest.mark.parametrize("status", [Status.PENDING, Status.APPROVED])
def test_a_banned_writer_cannot_edit_but_can_withdraw(client, mia, bob, published_post, status):
    comment = say(published_post(comment_mode="open"), user=bob, name="", status=status)
    receipt = link_of(comment)
    assert soup(client.get(receipt)).select_one('a[href="edit/"]')
    writers.ban(comment.pk, mia, note="A private reason.")
    page = client.get(receipt)
    assert not soup(page).select_one('a[href="edit/"]')
    for address in (receipt, f"{receipt}edit/"):
        text = client.get(address).text.casefold()
        assert "ban" not in text.replace("banner", "")
        assert "a private reason" not in text
    late = client.post(f"{receipt}edit/", {"body": "Other words."})
    assert late.status_code == 409
    assert "Other words." in late.text
    with pytest.raises(Refused):
        own_comments.edit(comment.pk, "Other words.")
    assert stored(comment).body == comment.body
    client.post(f"{receipt}withdrawal/")
    assert stored(comment).status == Status.WITHDRAWN


def test_a_banned_guest_cannot_edit_a_held_comment_either(client, mia, published_post):
    comment = say(published_post(), verified_address=verified(), status=Status.PENDING)
    writers.ban(comment.pk, mia)
    assert not own_comments.may_edit(stored(comment))
    assert "review this text as it is" in own_comments.why_not(stored(comment))
    writers.unban(comment.pk, mia)
    assert own_comments.may_edit(stored(comment))


def test_a_ban_and_trust_are_independent(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    writers.trust(comment.pk, mia)
    assert not policy.is_banned(bob)
    writers.ban(comment.pk, mia)
    assert reputation_kinds(bob) == BANNED | TRUSTED


def test_a_disowned_comment_keeps_no_link_to_its_writer(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    writers.ban(comment.pk, mia)
    writers.unban(comment.pk, mia)
    banned = writers.ban(comment.pk, mia)
    own_comments.disown(comment.pk)
    assert reputation_kinds(bob) == BANNED
    ties = Reputation.objects.values_list("action", "ended_by")
    assert set(ties) == {(None, None)}
    assert decisions.undo_action(banned, mia) is False
