"""Automatic holds: enough reports hide a comment until a moderator decides; and exceptions."""

import pytest
from django.test import Client
from django.utils import timezone

from comments.care import cases
from comments.models import CheckResult, Comment, ConversationSettings, ModerationAction, Report
from comments.moderation import decisions
from comments.posting import own_comments
from comments.reports import rules
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored
from tests.comments.http import articles, visit
from tests.comments.report_http import report, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"))


def setting(**values):
    ConversationSettings.objects.update(**values)


def reports(comment, count, start=1, **more):
    """Send as many reports by guests, each from another network; return the last response."""
    return [report(comment, network=start + each, **more) for each in range(count)][-1]


def as_reader(person, name):
    client = Client()
    client.force_login(person(name))
    return client


def shown(comment):
    return comment.pk in articles(visit(Client(), comment.post.get_absolute_url()))


def test_the_third_report_holds_the_comment(comment):
    reports(comment, 2)
    assert shown(comment)
    answer = report(comment, network=3)
    assert "Thank you. A moderator will look at it and decide." in answer.text
    now = stored(comment)
    assert (now.status, now.held_because) == (Status.PENDING, "reported")
    assert not shown(comment)
    assert report(comment, network=4).status_code == 404


def test_a_hold_is_logged_and_explained_and_every_count_is_right(comment):
    answer = say(comment.post, comment)
    reports(comment, 3)
    row = ModerationAction.objects.get()
    assert (row.act, row.who, row.verdict) == ("hold", None, "reported")
    assert (row.from_status, row.to_status) == (Status.APPROVED, Status.PENDING)
    found = CheckResult.objects.get()
    assert (found.check_name, found.verdict) == ("reports", "hold")
    assert found.reason == "3 readers reported it"
    comment.post.refresh_from_db()
    assert comment.post.comment_count == 1
    assert shown(answer)
    assert not differences()


def test_a_cached_page_changes_at_once(comment):
    address = comment.post.get_absolute_url()
    first = Client().get(address)
    assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    reports(comment, 3)
    after = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    assert comment.body not in after.text
    assert comment.body not in Client().get("/comments/feed/").text
    assert comment.body not in Client().get("/search/?q=thank").text


def test_findings_of_other_checks_are_kept(comment):
    CheckResult.objects.create(
        comment=comment, check_name="links", verdict="hold", reason="2 links"
    )
    reports(comment, 3)
    assert list(CheckResult.objects.values_list("check_name", flat=True)) == ["links", "reports"]


def test_the_owner_sets_the_number_of_reports_and_can_switch_it_off(comment):
    setting(reports_to_hold=2)
    reports(comment, 2)
    assert not shown(comment)
    other = say(comment.post)
    setting(reports_to_hold=None)
    reports(other, 5)
    assert shown(other)


def test_accounts_may_count_more_and_one_report_still_hides_nothing(person, comment):
    setting(reports_to_hold=2, account_reports_count=10)
    report(comment, as_reader(person, "carol"))
    assert shown(comment)
    report(comment, as_reader(person, "dan"))
    assert not shown(comment)
    other = say(comment.post)
    setting(reports_to_hold=5, account_reports_count=3)
    report(other, as_reader(person, "erin"))
    report(other, network=1)
    assert shown(other)
    report(other, network=2)
    assert not shown(other)


@pytest.mark.parametrize("low", [0, 1])
def test_no_setting_lets_the_first_report_hide(comment, low):
    row = ConversationSettings.get()
    row.reports_to_hold = low
    with pytest.raises(Exception, match="reports_to_hold"):
        row.full_clean()
    setting(reports_to_hold=low)
    report(comment)
    assert shown(comment)


# -- what reports do not hold ------------------------------------------------------------


def test_a_comment_that_a_moderator_kept_is_not_held_again(comment, mia):
    reports(comment, 3)
    decisions.decide([comment.pk], "approve", mia)
    Report.objects.update(settled_at=timezone.now())  # as a decision does
    reports(comment, 9, start=50)
    assert shown(comment)


def test_a_comment_kept_before_any_report_is_not_held(comment, mia):
    ModerationAction.objects.create(
        comment=comment, comment_key=comment.pk, act="keep", who=mia, to_status=Status.APPROVED
    )
    reports(comment, 5)
    assert shown(comment)


def test_an_undone_decision_does_not_prevent_a_hold(comment, mia):
    row = {"comment": comment, "comment_key": comment.pk, "who": mia, "to_status": Status.APPROVED}
    kept = ModerationAction.objects.create(act="keep", **row)
    ModerationAction.objects.create(act="undo", undoes=kept, **row)
    reports(comment, 3)
    assert not shown(comment)


def test_a_first_approval_alone_does_not_prevent_a_hold(published_post, mia):
    waits = say(published_post(comment_mode="moderated"), status=Status.PENDING)
    decisions.decide([waits.pk], "approve", mia)
    reports(waits, 3)
    assert not shown(waits)


def test_an_edited_comment_can_be_held_though_the_old_text_was_kept(comment, mia):
    reports(comment, 2)
    Report.objects.update(settled_at=timezone.now())
    reports(comment, 3, start=20)
    assert shown(comment)
    Report.objects.update(settled_at=timezone.now())
    own_comments.edit(comment.pk, "Other words.")
    reports(comment, 2, start=40)
    assert shown(comment)
    report(comment, network=60)
    assert not shown(comment)


def test_worries_do_not_count_as_reports(comment):
    reports(comment, 2, reason="worried")
    reports(comment, 2, start=10)
    assert shown(comment)


def test_comments_in_care_are_left_to_people(comment):
    cases.open_case(comment, "a phrase")
    reports(comment, 5)
    assert shown(comment)
    assert stored(comment).queue_priority == Comment.QueuePriority.CARE


def test_reports_do_not_hide_the_author_or_a_moderator(alice, mia, owner, bob, comment):
    for user, stays in ((alice, True), (mia, True), (owner, True), (bob, False)):
        own = say(comment.post, user=user, name="")
        reports(own, 4)
        assert shown(own) is stays, user


# -- afterwards --------------------------------------------------------------------------


def test_a_moderator_restores_it_and_subscribers_are_not_mailed_twice(comment, mia):
    reports(comment, 3)
    assert decisions.decide([comment.pk], "approve", mia).changed == [comment.pk]
    assert shown(comment)
    assert not differences()


def test_the_receipt_says_why_the_comment_is_held_and_not_who_reported_it(bob, comment, signed_in):
    own = say(comment.post, user=bob, name="")
    reports(own, 3, text="He always does this.")
    page = signed_in(bob).get(f"/comments/{own.pk}/receipt/").text
    assert "A moderator was asked to look at it again." in page
    for secret in ("report", "He always does this", "3 readers"):
        assert secret not in page.lower().replace("/report/", "")


def test_the_summary_says_how_many_and_why_in_one_query(comment, django_assert_num_queries):
    reports(comment, 1, text="My street stands there.", reason="private")
    reports(comment, 1, start=5)
    reports(comment, 1, start=7)  # the hold hides it
    other, quiet = say(comment.post), say(comment.post)
    report(other, reason="spam")
    settled = say(comment.post)
    report(settled)
    Report.objects.filter(comment=settled).update(settled_at=timezone.now())
    with django_assert_num_queries(1):
        found = rules.report_summaries([comment, other.pk, quiet, settled])
    assert set(found) == {comment.pk, other.pk}
    assert found[comment.pk].line == ("reported by 3 readers: unkind (2), private information")
    assert found[comment.pk].texts == ["My street stands there."]
    assert found[other.pk].line == "reported by a reader: spam"
    assert found[comment.pk].since == comment.reports.earliest("created_at").created_at
    assert rules.report_summaries([]) == {}


def test_closing_a_care_case_resolves_the_worries_and_no_other_report(comment, mia):
    setting(reports_to_hold=2)
    report(comment, network=1, reason="worried")
    report(comment, network=2)
    cases.close_case(cases.cases_of([comment])[comment.pk].pk, mia)
    assert told() == [(comment.pk, "worried", False), (comment.pk, "unkind", True)]
    report(comment, network=3)
    assert stored(comment).status == Status.PENDING
