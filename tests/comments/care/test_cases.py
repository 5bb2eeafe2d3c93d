"""Care cases: opened once, and closed only by a person."""

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Mail
from comments.audit_log import history
from comments.care import cases as care_cases
from comments.models import CareCase, Comment, ModerationAction
from comments.moderation import decisions
from comments.posting import own_comments
from comments.queue import tabs
from comments.tree.guards import StructureError
from comments.tree.status import QueuePriority, Status
from tests.comments.care_cases import PHRASE, WORDS, case_of, later, run_due, switch_on, told, worry
from tests.comments.factories import say, stored

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.care")]


def acts():
    return list(ModerationAction.objects.order_by("pk").values_list("act", flat=True))


def test_repeated_worries_open_one_case(published_post):
    comment = say(published_post())
    first, second = worry(comment), worry(comment, "somebody else")
    assert first.pk == second.pk
    assert stored(comment).queue_priority == QueuePriority.CARE
    assert stored(comment).status == Status.APPROVED
    assert acts() == ["care"]


def test_an_edited_comment_stays_in_care_even_without_the_phrase(published_post):
    switch_on()
    comment = say(published_post(comment_mode="open"), status=Status.PENDING, body=WORDS)
    case = worry(comment)
    own_comments.edit(comment.pk, "Never mind.")
    assert stored(comment).queue_priority == QueuePriority.CARE
    assert stored(comment).status == Status.PENDING
    assert case_of(comment).pk == case.pk


@pytest.mark.parametrize("act", ["approve", "remove"])
def test_a_decision_about_the_comment_leaves_the_case_open(published_post, mia, act):
    comment = say(published_post(), status=Status.PENDING)
    worry(comment)
    assert decisions.decide([comment.pk], act, mia).changed == [comment.pk]
    assert stored(comment).queue_priority == QueuePriority.CARE
    assert case_of(comment)


def test_a_case_is_closed_by_a_person_with_a_decision_and_a_note(published_post, mia):
    comment = say(published_post())
    case = worry(comment)
    assert care_cases.close_case(case.pk, mia, "She has a sister.", "answered")
    case.refresh_from_db()
    assert (case.closed_by, case.decision, case.note) == (mia, "answered", "She has a sister.")
    assert stored(comment).queue_priority == QueuePriority.USUAL
    assert acts() == ["care", "close-care"]
    assert not ModerationAction.objects.exclude(reason="", verdict="").exists()


def test_only_the_first_of_two_closes_a_case(published_post, mia, owner):
    case = worry(say(published_post()))
    assert care_cases.close_case(case.pk, mia, "mine")
    assert not care_cases.close_case(case.pk, owner, "hers")
    case.refresh_from_db()
    assert (case.closed_by, case.note) == (mia, "mine")
    assert acts() == ["care", "close-care"]


def test_a_case_is_not_closed_over_unread_changes(published_post, mia):
    comment = say(published_post(comment_mode="open"))
    case = worry(comment)
    seen = history.newest_actions([comment.pk])[comment.pk]
    own_comments.edit(comment.pk, "Other words.")
    assert not care_cases.close_case(case.pk, mia, version=seen)
    assert case_of(comment)
    seen = history.newest_actions([comment.pk])[comment.pk]
    assert care_cases.close_case(case.pk, mia, version=seen)


def test_an_unknown_decision_is_refused(published_post, mia):
    case = worry(say(published_post()))
    with pytest.raises(ValueError, match="shrug"):
        care_cases.close_case(case.pk, mia, decision="shrug")
    assert case_of(case.comment)


def test_a_new_case_can_open_later_for_the_same_comment(published_post, mia):
    comment = say(published_post())
    first = worry(comment)
    care_cases.close_case(first.pk, mia)
    second = worry(comment)
    assert second.pk != first.pk
    assert stored(comment).queue_priority == QueuePriority.CARE
    assert care_cases.cases_of([comment]) == {comment.pk: second}
    assert care_cases.earlier_of([comment]) == {comment.pk: [first]}


def test_open_cases_are_listed_oldest_first(published_post, mia):
    post = published_post()
    late, early, closed = say(post), say(post), say(post)
    cases = [worry(comment) for comment in (late, early, closed)]
    CareCase.objects.filter(pk=cases[1].pk).update(opened_at="2020-01-01 12:00Z")
    care_cases.close_case(cases[2].pk, mia)
    assert [row.pk for row in tabs.comments(tabs.Tab.CARE, mia)] == [early.pk, late.pk]


# -- withdrawn texts ---------------------------------------------------------------------


def test_a_withdrawn_text_is_kept_for_moderators_alone(client, published_post):
    post = published_post()
    comment = say(post, body="Please do not look for me.")
    worry(comment)
    own_comments.withdraw(comment.pk)
    assert (stored(comment).body, stored(comment).status) == ("", Status.WITHDRAWN)
    assert case_of(comment).kept_words == "Please do not look for me."
    assert stored(comment).queue_priority == QueuePriority.CARE
    assert "look for me" not in client.get(post.get_absolute_url()).text


def test_a_text_withdrawn_twice_is_kept_once(published_post):
    comment = say(published_post(), body="Words.")
    worry(comment)
    own_comments.withdraw(comment.pk)
    until = case_of(comment).kept_until
    with later(hours=1):
        own_comments.withdraw(comment.pk)
    assert (case_of(comment).kept_words, case_of(comment).kept_until) == ("Words.", until)


def test_a_kept_text_is_deleted_when_the_case_is_closed(published_post, mia):
    comment = say(published_post())
    case = worry(comment)
    own_comments.withdraw(comment.pk)
    care_cases.close_case(case.pk, mia)
    case.refresh_from_db()
    assert (case.kept_words, case.kept_until, case.why) == ("", None, "")


def test_the_matched_phrase_is_deleted_when_the_case_is_closed(published_post, mia):
    switch_on()
    comment = say(published_post(comment_mode="open"), body=WORDS)
    case = care_cases.open_case(comment, f"care phrase: “{PHRASE}”")
    assert PHRASE in case.why
    care_cases.close_case(case.pk, mia)
    assert not CareCase.objects.filter(why__contains=PHRASE).exists()


def test_a_kept_text_is_deleted_after_seven_days_and_the_case_stays_open(
    published_post, mia, signed_in
):
    comment = say(published_post())
    worry(comment)
    own_comments.withdraw(comment.pk)
    with later(days=6, hours=23):
        run_due()
        assert case_of(comment).kept_words
    with later(days=7):
        run_due()
        case = case_of(comment)
        assert (case.kept_words, case.kept_until, case.why) == ("", None, "")
        page = signed_in(mia).get("/admin/queue/care/").text
        assert "the writer may need someone" in page


@pytest.mark.parametrize("closed", [False, True])
def test_withdrawn_texts_outside_care_are_never_kept(published_post, mia, closed):
    comment, other = say(published_post()), say(published_post())
    case = worry(comment)
    if closed:
        care_cases.close_case(case.pk, mia)
        own_comments.withdraw(comment.pk)
    own_comments.withdraw(other.pk)
    assert not CareCase.objects.exclude(kept_words="").exists()


def test_an_erasure_keeps_texts_in_care_in_the_same_way(published_post):
    comment = say(published_post(), body="To be erased.")
    worry(comment)
    with transaction.atomic():
        care_cases.keep_words(comment)
        Comment.objects.filter(pk=comment.pk).update(status=Status.REMOVED, body="", body_html="")
        care_cases.keep_words(stored(comment))  # nothing is left to keep; the kept text stays
    assert case_of(comment).kept_words == "To be erased."


def test_a_comment_in_care_is_never_purged(published_post, mia):
    root = say(published_post())
    case = worry(say(root.post, root))
    with pytest.raises(StructureError):
        Comment.objects.purge(stored(root))
    assert Comment.objects.count() == 2
    care_cases.close_case(case.pk, mia)
    assert Comment.objects.purge(stored(root)) == 2


# -- handing over ------------------------------------------------------------------------


def test_a_case_is_handed_over_and_the_colleague_is_alerted(published_post, mia, owner):
    comment = say(published_post(), name="Wren", body=WORDS)
    case = worry(comment)
    assert care_cases.hand_over(case.pk, mia, owner)
    assert case_of(comment).handed_to == mia
    assert told() == ["mia"]
    assert acts() == ["care", "hand-over"]
    assert set(Mail.objects.get().arguments) == {"case", "handed_to"}


def test_if_no_mail_reaches_the_colleague_the_moderator_on_duty_is_still_alerted(
    published_post, mia, owner
):
    EmailAddress.objects.filter(user=mia).update(verified=False)
    assert care_cases.hand_over(worry(say(published_post())).pk, mia, owner)
    assert told() == []
    run_due()
    assert told() == ["owner"]


def test_a_case_is_not_handed_to_readers_or_twice_or_once_closed(published_post, mia, owner, bob):
    case = worry(say(published_post()))
    assert not care_cases.hand_over(case.pk, bob, mia)
    assert care_cases.hand_over(case.pk, mia, owner)
    assert not care_cases.hand_over(case.pk, mia, owner)
    care_cases.close_case(case.pk, owner)
    assert not care_cases.hand_over(case.pk, owner, mia)
    assert not care_cases.hand_over(case.pk + 1, mia, owner)
    assert told() == ["mia"]


def test_after_a_phrase_the_writer_sees_the_help_text_even_if_the_case_is_closed(
    published_post, mia
):
    from comments.care import help_text as care_help

    switch_on()
    post = published_post()
    own, others = say(post, body=WORDS), say(post, body="A quiet word.")
    case = worry(own)
    worry(others)
    care_cases.close_case(case.pk, mia)
    assert care_help.is_shown_to_writer(own.pk)
    assert not care_help.is_shown_to_writer(others.pk)
    Comment.objects.filter(pk=others.pk).update(name=PHRASE)
    worry(stored(others))  # edited meanwhile, and the phrase is found now
    assert care_help.is_shown_to_writer(others.pk)


def test_undoing_a_decision_does_not_mark_a_comment_in_care_as_spam(published_post, mia):
    comment = say(published_post(), status=Status.SPAM)
    action = decisions.decide([comment.pk], "approve", mia).actions[comment.pk]
    worry(comment)
    assert not decisions.undo_action(action, mia)
    assert stored(comment).status == Status.APPROVED
