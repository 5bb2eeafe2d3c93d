"""Into the care lane and out of it again: only by a person, and only once."""

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


def test_a_comment_enters_once_however_often_somebody_worries(published_post):
    comment = say(published_post())
    first, second = worry(comment), worry(comment, "somebody else")
    assert first.pk == second.pk
    assert stored(comment).lane == QueuePriority.CARE
    assert stored(comment).status == Status.APPROVED
    assert acts() == ["care"]


def test_an_edit_stays_in_the_lane_also_without_the_phrase(published_post):
    switch_on()
    comment = say(published_post(comment_mode="open"), status=Status.PENDING, body=WORDS)
    case = worry(comment)
    own_comments.edit(comment.pk, "Never mind.")
    assert stored(comment).lane == QueuePriority.CARE
    assert stored(comment).status == Status.PENDING
    assert case_of(comment).pk == case.pk


@pytest.mark.parametrize("act", ["approve", "remove"])
def test_a_decision_about_the_comment_leaves_it_in_the_lane(published_post, mia, act):
    comment = say(published_post(), status=Status.PENDING)
    worry(comment)
    assert decisions.decide([comment.pk], act, mia).changed == [comment.pk]
    assert stored(comment).lane == QueuePriority.CARE
    assert case_of(comment)


def test_it_is_closed_by_a_person_with_a_decision_and_a_note(published_post, mia):
    comment = say(published_post())
    case = worry(comment)
    assert care_cases.close_case(case.pk, mia, "She has a sister.", "answered")
    case.refresh_from_db()
    assert (case.closed_by, case.decision, case.note) == (mia, "answered", "She has a sister.")
    assert stored(comment).lane == QueuePriority.USUAL
    assert acts() == ["care", "close-care"]
    assert not ModerationAction.objects.exclude(reason="", verdict="").exists()


def test_of_two_who_close_it_one_did(published_post, mia, owner):
    case = worry(say(published_post()))
    assert care_cases.close_case(case.pk, mia, "mine")
    assert not care_cases.close_case(case.pk, owner, "hers")
    case.refresh_from_db()
    assert (case.closed_by, case.note) == (mia, "mine")
    assert acts() == ["care", "close-care"]


def test_it_is_not_closed_over_words_that_nobody_has_read(published_post, mia):
    comment = say(published_post(comment_mode="open"))
    case = worry(comment)
    seen = history.newest_actions([comment.pk])[comment.pk]
    own_comments.edit(comment.pk, "Other words.")
    assert not care_cases.close_case(case.pk, mia, version=seen)
    assert case_of(comment)
    seen = history.newest_actions([comment.pk])[comment.pk]
    assert care_cases.close_case(case.pk, mia, version=seen)


def test_another_decision_than_those_on_the_list_is_refused(published_post, mia):
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
    assert stored(comment).lane == QueuePriority.CARE
    assert care_cases.cases_of([comment]) == {comment.pk: second}
    assert care_cases.earlier_of([comment]) == {comment.pk: [first]}


def test_open_cases_stand_in_the_order_in_which_they_came(published_post, mia):
    post = published_post()
    late, early, closed = say(post), say(post), say(post)
    cases = [worry(comment) for comment in (late, early, closed)]
    CareCase.objects.filter(pk=cases[1].pk).update(opened_at="2020-01-01 12:00Z")
    care_cases.close_case(cases[2].pk, mia)
    assert [row.pk for row in tabs.comments(tabs.Tab.CARE, mia)] == [early.pk, late.pk]


# -- words that were taken back ----------------------------------------------------------


def test_words_taken_back_are_kept_for_moderators_alone(client, published_post):
    post = published_post()
    comment = say(post, body="Please do not look for me.")
    worry(comment)
    own_comments.withdraw(comment.pk)
    assert (stored(comment).body, stored(comment).status) == ("", Status.WITHDRAWN)
    assert case_of(comment).kept_words == "Please do not look for me."
    assert stored(comment).lane == QueuePriority.CARE
    assert "look for me" not in client.get(post.get_absolute_url()).text


def test_taken_back_twice_they_are_kept_once(published_post):
    comment = say(published_post(), body="Words.")
    worry(comment)
    own_comments.withdraw(comment.pk)
    until = case_of(comment).kept_until
    with later(hours=1):
        own_comments.withdraw(comment.pk)
    assert (case_of(comment).kept_words, case_of(comment).kept_until) == ("Words.", until)


def test_kept_words_go_when_the_case_is_closed(published_post, mia):
    comment = say(published_post())
    case = worry(comment)
    own_comments.withdraw(comment.pk)
    care_cases.close_case(case.pk, mia)
    case.refresh_from_db()
    assert (case.kept_words, case.kept_until, case.why) == ("", None, "")


def test_the_phrase_that_opened_a_case_is_not_kept_when_it_is_closed(published_post, mia):
    switch_on()
    comment = say(published_post(comment_mode="open"), body=WORDS)
    case = care_cases.open_case(comment, f"care phrase: “{PHRASE}”")
    assert PHRASE in case.why
    care_cases.close_case(case.pk, mia)
    assert not CareCase.objects.filter(why__contains=PHRASE).exists()


def test_kept_words_go_after_seven_days_and_the_case_stays_open(published_post, mia, signed_in):
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
        assert "somebody is to look after its writer" in page


@pytest.mark.parametrize("closed", [False, True])
def test_words_of_others_are_never_kept(published_post, mia, closed):
    comment, other = say(published_post()), say(published_post())
    case = worry(comment)
    if closed:
        care_cases.close_case(case.pk, mia)
        own_comments.withdraw(comment.pk)
    own_comments.withdraw(other.pk)
    assert not CareCase.objects.exclude(kept_words="").exists()


def test_erasure_keeps_words_in_the_same_way(published_post):
    comment = say(published_post(), body="To be erased.")
    worry(comment)
    with transaction.atomic():
        care_cases.keep_words(comment)
        Comment.objects.filter(pk=comment.pk).update(status=Status.REMOVED, body="", body_html="")
        care_cases.keep_words(stored(comment))  # nothing is left to keep: what there is stays
    assert case_of(comment).kept_words == "To be erased."


def test_nothing_of_the_lane_is_deleted_for_good(published_post, mia):
    root = say(published_post())
    case = worry(say(root.post, root))
    with pytest.raises(StructureError):
        Comment.objects.purge(stored(root))
    assert Comment.objects.count() == 2
    care_cases.close_case(case.pk, mia)
    assert Comment.objects.purge(stored(root)) == 2


# -- handing over ------------------------------------------------------------------------


def test_a_case_is_handed_over_and_the_colleague_is_told(published_post, mia, owner):
    comment = say(published_post(), name="Wren", body=WORDS)
    case = worry(comment)
    assert care_cases.hand_over(case.pk, mia, owner)
    assert case_of(comment).handed_to == mia
    assert told() == ["mia"]
    assert acts() == ["care", "hand-over"]
    assert set(Mail.objects.get().arguments) == {"case", "handed_to"}


def test_handed_to_whom_no_mail_reaches_who_is_on_duty_is_still_told(published_post, mia, owner):
    EmailAddress.objects.filter(user=mia).update(verified=False)
    assert care_cases.hand_over(worry(say(published_post())).pk, mia, owner)
    assert told() == []
    run_due()
    assert told() == ["owner"]


def test_a_case_is_not_handed_to_readers_or_twice_or_when_it_is_closed(
    published_post, mia, owner, bob
):
    case = worry(say(published_post()))
    assert not care_cases.hand_over(case.pk, bob, mia)
    assert care_cases.hand_over(case.pk, mia, owner)
    assert not care_cases.hand_over(case.pk, mia, owner)
    care_cases.close_case(case.pk, owner)
    assert not care_cases.hand_over(case.pk, owner, mia)
    assert not care_cases.hand_over(case.pk + 1, mia, owner)
    assert told() == ["mia"]


def test_after_a_phrase_the_help_text_is_for_the_writer_also_when_the_case_is_closed(
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
    worry(stored(others))  # she changed it meanwhile, and it is found now
    assert care_help.is_shown_to_writer(others.pk)


def test_taking_a_decision_back_makes_no_spam_of_what_came_into_the_lane(published_post, mia):
    comment = say(published_post(), status=Status.SPAM)
    action = decisions.decide([comment.pk], "approve", mia).actions[comment.pk]
    worry(comment)
    assert not decisions.undo_action(action, mia)
    assert stored(comment).status == Status.APPROVED
