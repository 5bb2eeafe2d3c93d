"""Care in the queue: opening a case, handing it over, and closing it, always by a person."""

import pytest
from django.utils import timezone

from comments.care import cases
from comments.models import CareCase, Comment, ModerationAction
from comments.queue.tabs import first
from tests.comments.http import visit
from tests.comments.queue_http import page, press, said, tabs, waiting

pytestmark = pytest.mark.django_db
NOTHING = "Nothing was changed."


def test_a_moderator_puts_a_comment_into_care(signed_in, mia, published_post):
    comment = waiting(published_post())
    press(signed_in(mia), comment, "", what="care")
    case = CareCase.objects.get()
    assert (case.comment_id, case.why) == (comment.pk, "Mia is worried about this person")
    assert ModerationAction.objects.get().who == mia


def test_a_comment_in_care_cannot_be_marked_as_spam(signed_in, mia, published_post):
    comment, client = waiting(published_post()), signed_in(mia)
    cases.open_case(comment, "a phrase")
    assert "spam" not in {button.get("value") for button in page(client).select(".decide button")}
    assert said(press(client, comment, "spam"))[0].endswith(NOTHING)
    press(client, comment, "approve", tab="care")
    assert CareCase.objects.open().count() == 1
    assert Comment.objects.get().queue_priority == Comment.QueuePriority.CARE


def test_a_case_handed_over_alerts_the_colleague_and_no_longer_the_giver(
    signed_in, mia, owner, published_post
):
    def opened(who):
        found = visit(signed_in(who), "/admin/queue/waiting/")
        assert tabs(found)["Care"] == 1  # everybody sees the case
        return first(who).label

    case = cases.open_case(waiting(published_post()), "a phrase")
    assert (opened(mia), opened(owner)) == ("Care", "Care")
    cases.hand_over(case.pk, owner, mia)
    assert (opened(mia), opened(owner)) == ("Waiting", "Care")
    CareCase.objects.update(second_alerted_at=timezone.now())  # mia did not get to it
    assert opened(mia) == "Care"
    CareCase.objects.update(second_alerted_at=None, handed_to=mia)
    assert opened(owner) == "Waiting"
    mia.groups.clear()  # mia no longer moderates
    assert opened(owner) == "Care"


def test_a_care_case_is_handed_over_and_closed(signed_in, mia, owner, published_post):
    comment, client = waiting(published_post()), signed_in(mia)
    cases.open_case(comment, "a phrase")
    assert "handed over to owner" not in page(client, "care").text
    press(client, comment, "", what="colleague", to=owner.pk, tab="care")
    assert "handed over to owner" in page(client, "care").text
    assert said(press(client, comment, "", what="closing", decision=""))[0].endswith(NOTHING)
    found = press(client, comment, "", what="closing", decision="answered", note="All is well.")
    assert said(found) == ["Closed the care case for Wren’s comment."]
    assert CareCase.objects.get().closed_by == mia
    assert said(press(client, comment, "", what="closing", decision="answered")) != [
        "Closed the care case for Wren’s comment."
    ]
