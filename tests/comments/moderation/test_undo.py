"""Undoing a decision: once, back to the previous state, and only while nobody decided since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import ContentNote, Post
from comments.models import (
    Comment,
    ModerationAction,
    NotificationJob,
    Report,
    Reputation,
    audit_log,
)
from comments.models.standing import reputation_kinds
from comments.moderation import content_notes, decisions, locked_threads, writers
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored
from tests.comments.http import articles, visit
from tests.comments.mail import follows, run_due, verified
from tests.comments.moderation.test_decision_effects import FROM, report

pytestmark = pytest.mark.django_db
STATUS_ACTS = [(act, status) for act, status in FROM.items()]


def decide(comment, act, who, **options):
    return decisions.decide([comment.pk], act, who, **options).actions[comment.pk]


def count(post):
    return Post.objects.get(pk=post.pk).comment_count


def state(comment):
    now = stored(comment)
    thread = Comment.objects.get(pk=now.tree_id).visible_count
    return now.status, thread, count(now.post)


@pytest.mark.parametrize(("act", "status"), STATUS_ACTS)
@pytest.mark.parametrize("below", [False, True], ids=["root", "reply"])
def test_every_decision_can_be_undone_once(mia, owner, published_post, act, status, below):
    post = published_post()
    comment = say(post, say(post) if below else None, status=status)
    complaint = report(comment)
    before = state(comment)
    action = decide(comment, act, mia)
    assert decisions.undo_action(action, owner) is True
    assert state(comment) == before
    assert list(Report.objects.open()) == [complaint]
    row = ModerationAction.objects.get(act="undo")
    assert (row.undoes_id, row.who, row.comment_id) == (action, owner, comment.pk)
    assert row.to_status == status
    assert decisions.undo_action(action, mia) is False
    assert decisions.undo_action(row.pk, mia) is False
    assert ModerationAction.objects.count() == 2
    assert not differences()


@pytest.mark.parametrize(("act", "status"), STATUS_ACTS)
def test_a_decision_cannot_be_undone_after_a_later_one(mia, owner, published_post, act, status):
    comment = say(published_post(), status=status)
    action = decide(comment, act, mia)
    report(comment)
    decide(comment, "remove" if act != "remove" else "spam", owner)
    before = state(comment)
    assert decisions.undo_action(action, mia) is False
    assert state(comment) == before


def test_a_decision_cannot_be_undone_after_the_comment_was_kept(mia, owner, published_post):
    comment = say(published_post(), status=Status.PENDING)
    action = decide(comment, "approve", mia)
    decide(comment, "keep", owner)
    assert decisions.undo_action(action, mia) is False


def test_decisions_are_undone_step_by_step_to_the_beginning(mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    acts = [decide(comment, act, mia) for act in ("approve", "spam", "remove")]
    assert decisions.undo_action(acts[1], mia) is False
    back = [Status.SPAM, Status.APPROVED, Status.PENDING]
    for action, status in zip(reversed(acts), back, strict=True):
        assert decisions.undo_action(action, mia) is True
        assert stored(comment).status == status
    assert not differences()


def test_a_decision_cannot_be_undone_after_an_edit_or_a_withdrawal(mia, published_post):
    post = published_post(comment_mode="open")
    edited, withdrawn = (say(post, status=Status.PENDING) for _ in range(2))
    acts = [decide(comment, "approve", mia) for comment in (edited, withdrawn)]
    own_comments.edit(edited.pk, "Other words.")
    own_comments.withdraw(withdrawn.pk)
    assert [decisions.undo_action(action, mia) for action in acts] == [False, False]
    assert stored(edited).status == Status.APPROVED
    assert stored(withdrawn).status == Status.WITHDRAWN


def test_undoing_restores_no_disowned_name(mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    action = decide(comment, "approve", mia)
    own_comments.disown(comment.pk)
    assert decisions.undo_action(action, mia) is True
    assert (stored(comment).status, stored(comment).disowned) == (Status.PENDING, True)


def test_an_emptied_or_deleted_comment_cannot_be_restored_by_undo(mia, published_post):
    post = published_post()
    blank, purged = say(post), say(post)
    acts = [decide(comment, "remove", mia) for comment in (blank, purged)]
    Comment.objects.filter(pk=blank.pk).update(body="", body_html="")
    Comment.objects.purge(stored(purged))
    assert [decisions.undo_action(action, mia) for action in acts] == [False, False]
    assert decisions.undo_action(10**9, mia) is False


def test_only_actions_of_moderators_can_be_undone(mia, published_post):
    comment = say(published_post(comment_mode="moderated"))
    own_comments.edit(comment.pk, "Other words.")
    audit_log.add_action(comment, audit_log.Act.HOLD, verdict="first-comment")
    keys = list(ModerationAction.objects.values_list("pk", flat=True))
    assert [decisions.undo_action(key, mia) for key in keys] == [False, False]
    assert not ModerationAction.objects.filter(act="undo").exists()


def test_undoing_restores_the_page(client, mia, published_post):
    post = published_post()
    say(post)
    comment = say(post, status=Status.PENDING, body="Not for everybody yet.")
    address = post.get_absolute_url()
    decisions.undo_action(decide(comment, "approve", mia), mia)
    assert comment.pk not in articles(visit(client, address))
    shown = say(post, body="Here to stay.")
    decisions.undo_action(decide(shown, "remove", mia), mia)
    assert "Here to stay." in articles(visit(client, address))[shown.pk].text
    assert len(articles(visit(client, address))) == count(post)


# -- mails -------------------------------------------------------------------------------


def test_an_undone_approval_sends_no_mail(mia, published_post, time_machine, mailoutbox):
    time_machine.move_to(timezone.now(), tick=False)
    post = published_post()
    follows(verified(), post=post)
    comment = say(post, status=Status.PENDING)
    due = timezone.now() + decisions.UNDO_WINDOW
    action = decide(comment, "approve", mia, mails_due_at=due)
    time_machine.shift(10)
    run_due()
    assert not mailoutbox
    assert decisions.undo_action(action, mia) is True
    time_machine.shift(60)
    run_due()
    assert not mailoutbox
    decide(comment, "approve", mia, mails_due_at=timezone.now() + decisions.UNDO_WINDOW)
    run_due()
    assert not mailoutbox
    time_machine.shift(30)
    run_due()
    assert len(mailoutbox) == 1
    assert not NotificationJob.objects.exists()


def test_a_comment_restored_by_undo_is_mailed_only_after_the_undo_window(
    mia, published_post, time_machine, mailoutbox
):
    time_machine.move_to(timezone.now(), tick=False)
    post = published_post()
    follows(verified(), post=post)
    comment = say(post, status=Status.PENDING)
    approved = decide(comment, "approve", mia, mails_due_at=timezone.now() + decisions.UNDO_WINDOW)
    removed = decide(comment, "remove", mia, mails_due_at=timezone.now() + decisions.UNDO_WINDOW)
    assert decisions.undo_action(removed, mia) is True
    run_due()
    assert not mailoutbox
    assert decisions.undo_action(approved, mia) is True
    time_machine.shift(60)
    run_due()
    assert not mailoutbox


def test_an_undone_approval_cancels_a_queued_mail_too(
    mia, published_post, time_machine, mailoutbox
):
    from comments.subscriptions import fan_out

    post = published_post()
    follows(verified(), post=post)
    comment = say(post, status=Status.PENDING)
    action = decide(comment, "approve", mia)
    fan_out.do_due()
    decisions.undo_action(action, mia)
    run_due()
    assert not mailoutbox


def test_the_window_is_long_enough_to_notice_a_slip():
    assert timedelta(seconds=20) == decisions.UNDO_WINDOW


# -- other actions -----------------------------------------------------------------------


def test_trust_and_bans_can_be_undone(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    for act in (writers.trust, writers.ban):
        action = act(comment.pk, mia)
        assert reputation_kinds(bob)
        assert decisions.undo_action(action, mia) is True
        assert reputation_kinds(bob) == set()
        assert decisions.undo_action(action, mia) is False


def test_undoing_a_revocation_restores_the_reputation(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    until = timezone.now() + timedelta(days=3)
    writers.ban(comment.pk, mia, until, "because")
    action = writers.unban(comment.pk, mia)
    assert decisions.undo_action(action, mia) is True
    assert reputation_kinds(bob) == {"banned"}
    row = Reputation.objects.in_force().get(beside=None)
    assert (row.until, row.note) == (until, "because")


def test_undoing_a_changed_end_restores_the_previous_one(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    until = timezone.now() + timedelta(days=3)
    first = writers.ban(comment.pk, mia, until)
    second = writers.ban(comment.pk, mia)
    assert Reputation.objects.in_force().filter(until=None).count() == 2
    assert decisions.undo_action(first, mia) is False
    assert decisions.undo_action(second, mia) is True
    assert set(Reputation.objects.in_force().values_list("until", flat=True)) == {until}
    assert decisions.undo_action(first, mia) is True
    assert not Reputation.objects.in_force().exists()


def test_a_ban_lifted_elsewhere_is_not_lifted_again(mia, owner, bob, published_post):
    post = published_post()
    one, other = (say(post, user=bob, name="") for _ in range(2))
    action = writers.ban(one.pk, mia)
    writers.unban(other.pk, owner)
    assert decisions.undo_action(action, mia) is False


def test_an_old_ban_is_not_restored_beside_a_new_one(mia, bob, published_post):
    comment = say(published_post(), user=bob, name="")
    writers.ban(comment.pk, mia)
    lifted = writers.unban(comment.pk, mia)
    again = writers.ban(comment.pk, mia)
    assert decisions.undo_action(lifted, mia) is False
    assert Reputation.objects.in_force().filter(action=again).count() == 2
    assert not ModerationAction.objects.filter(act="undo").exists()


def test_an_approval_can_be_undone_although_the_writer_was_trusted_with_it(
    mia, bob, published_post
):
    comment = say(published_post(), user=bob, name="", status=Status.PENDING)
    outcome, trusted = writers.approve_and_trust(comment.pk, mia)
    assert decisions.undo_action(outcome.actions[comment.pk], mia) is True
    assert decisions.undo_action(trusted, mia) is True
    assert (stored(comment).status, reputation_kinds(bob)) == (Status.PENDING, set())


def test_locking_and_unlocking_can_be_undone(mia, published_post):
    post = published_post()
    root = say(post)
    below = say(post, root)
    locked = locked_threads.lock(below.pk, mia)
    assert decisions.undo_action(locked, mia) is True
    assert stored(root).locked_at is None
    again = locked_threads.lock(below.pk, mia)
    opened = locked_threads.unlock(root.pk, mia)
    assert decisions.undo_action(again, mia) is False
    assert decisions.undo_action(opened, mia) is True
    assert stored(root).locked_at
    assert decisions.undo_action(again, mia) is True
    assert stored(root).locked_at is None


def test_undoing_restores_the_previous_content_note(mia, published_post):
    first, second = ContentNote.objects.all()[:2]
    comment = say(published_post(), content_note=first)
    content_notes.change(comment.pk, second.pk, mia)
    change = ModerationAction.objects.get()
    content_notes.change(comment.pk, None, mia)
    removal = ModerationAction.objects.first()
    assert decisions.undo_action(change.pk, mia) is False
    assert decisions.undo_action(removal.pk, mia) is True
    assert stored(comment).content_note == second
    assert decisions.undo_action(change.pk, mia) is True
    assert stored(comment).content_note == first


def test_a_deleted_note_is_not_restored(mia, published_post):
    note = ContentNote.objects.create(name="Something rare")
    comment = say(published_post(), content_note=note)
    content_notes.change(comment.pk, None, mia)
    note.delete()
    assert decisions.undo_action(ModerationAction.objects.get().pk, mia) is False


def test_a_note_set_by_the_writer_cannot_be_undone_by_moderators(client, mia, published_post):
    comment = say(published_post(), status=Status.PENDING)
    note = next(iter(content_notes.choices()))
    own_comments.edit(comment.pk, comment.body, note=note)
    assert decisions.undo_action(ModerationAction.objects.get(act="note").pk, mia) is False
    assert stored(comment).content_note_id == note
