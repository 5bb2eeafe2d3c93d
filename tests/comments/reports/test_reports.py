"""Reporting a comment: who can report what, and what is stored."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import rate_limit
from blog.models import Post
from comments.models import CareCase, Comment, ModerationAction, Report
from comments.models.reports import LONGEST_TEXT, Reason
from comments.moderation import decisions
from comments.posting import own_comments
from comments.tree.status import Status
from tests.comments.factories import say, stored
from tests.comments.http import articles, send, soup, visit
from tests.comments.report_http import report, told, url

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.reports")]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def comment(published_post):
    return say(published_post(comment_mode="open"))


def said(response, status=200):
    assert response.status_code == status, response.status_code
    return " ".join(soup_of(response).select_one("main, .reported, form.report").text.split())


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def test_a_guest_chooses_a_reason_adds_words_and_is_thanked(client, comment):
    form = soup(client.get(url(comment))).select_one("form.report")
    offered = [each["value"] for each in form.select("input[type=radio]")]
    assert offered == Reason.values
    answer = report(comment, client, reason="private", text="  My sister's name stands there. ")
    assert "Thank you. A moderator will look at it" in said(answer)
    assert "Wren won’t be told who reported it." in said(answer)
    row = Report.objects.get()
    assert (row.comment_id, row.reason) == (comment.pk, "private")
    assert row.text == "My sister's name stands there."
    assert row.user is None


def test_the_first_report_hides_nothing_and_tells_nobody_in_public(client, comment):
    before = client.get(comment.post.get_absolute_url())
    report(comment)
    assert stored(comment).status == Status.APPROVED
    assert stored(comment).version == comment.version
    after = Client().get(comment.post.get_absolute_url())
    assert after.content == before.content
    assert not ModerationAction.objects.exists()


def test_only_a_hash_for_this_comment_alone_is_stored_of_a_guest(comment):
    other = say(comment.post)
    for each in (comment, other):
        report(each, network=3)
    hashes = set(Report.objects.values_list("network", flat=True))
    assert len(hashes) == 2
    assert rate_limit.network_key("198.51.3.7") not in hashes
    assert all(len(each) == 64 for each in hashes)


def test_a_report_by_an_account_stores_the_account_and_no_network(signed_in, bob, comment):
    report(comment, signed_in(bob))
    row = Report.objects.get()
    assert (row.user, row.network) == (bob, "")


def test_a_second_report_by_one_network_or_account_is_answered_as_known(signed_in, bob, comment):
    for client in (None, signed_in(bob)):
        assert "A moderator will look at it and decide" in said(report(comment, client))
        again = report(comment, client, reason="spam", text="Once more.")
        assert "You’ve already told us" in said(again)
    assert told() == [(comment.pk, "unkind", True)] * 2


def test_two_networks_count_as_two_readers(comment):
    for number in (1, 2):
        report(comment, network=number)
    assert len(told()) == 2


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_make_one_row_for_each_reader_and_no_error(comment):
    def press(number):
        try:
            return report(comment, network=number % 2).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(press, range(6))) == {200}
    assert len(told()) == 2


# -- what cannot be reported -------------------------------------------------------------


@pytest.mark.parametrize("status", [s for s in Status if s != Status.APPROVED])
def test_a_hidden_comment_answers_like_an_unknown_one(client, published_post, status):
    hidden = say(published_post(), status=status, body="" if status == 4 else "Words.")
    for address in (url(hidden), "/comments/999999/report/"):
        assert client.get(address).status_code == 404
    never = client.post("/comments/999999/report/", {"reason": "unkind"})
    answer = report(hidden, client)
    assert (answer.status_code, never.status_code) == (404, 404)
    assert said(answer, 404) == said(never, 404)
    assert "there’s nothing left to report" in said(answer, 404)
    assert told() == []


@pytest.mark.parametrize("fields", [{"comment_mode": "hidden"}, {"status": "draft"}])
def test_comments_on_a_hidden_post_are_not_found(client, comment, fields):
    Post.objects.filter(pk=comment.post_id).update(**fields)
    assert client.get(url(comment)).status_code == 404
    assert report(comment).status_code == 404
    assert told() == []


@pytest.mark.parametrize("fields", [{"comment_mode": "closed"}, {"status": "archived"}])
def test_public_comments_can_be_reported_in_closed_conversations(client, comment, fields):
    Post.objects.filter(pk=comment.post_id).update(**fields)
    assert client.get(url(comment)).status_code == 200
    assert report(comment).status_code == 200
    assert len(told()) == 1


def test_ones_own_comment_leads_to_its_receipt_instead(client, signed_in, bob, published_post):
    post = published_post(comment_mode="open")
    send(client, post)
    by_guest = Comment.objects.get()
    reader = Client()
    reader.force_login(bob)
    by_bob = say(post, user=bob, name="")
    for browser, own in ((client, by_guest), (reader, by_bob)):
        page = soup(browser.get(url(own)))
        assert not page.select("form.report")
        assert page.select_one(f"a[href='/comments/{own.pk}/receipt/']")
        assert "This is your own comment." in said(report(own, browser), 409)
    assert told() == []
    assert report(by_bob, client).status_code == 200


def test_an_empty_or_invalid_form_comes_back_with_every_word(client, comment):
    for reason in ("", "because", "worried\0"):
        answer = report(comment, client, reason=reason, text="It names my street.")
        assert answer.status_code == 422
        assert "Please choose the closest reason." in said(answer, 422)
        assert soup_of(answer).select_one("textarea").text.strip() == "It names my street."
    answer = report(comment, client, text="x" * (LONGEST_TEXT + 1))
    assert answer.status_code == 422
    assert told() == []


def test_the_text_of_a_report_is_escaped(client, comment):
    answer = report(comment, client, reason="", text="<script>alert(1)</script>")
    assert b"<script>alert(1)" not in answer.content
    assert report(comment, client, text="A\0B").status_code == 422
    assert told() == []


def test_a_flood_from_one_network_is_slowed_and_loses_no_word(settings, comment):
    settings.COMMENTS_A_MINUTE = 2
    others = [say(comment.post) for _ in range(3)]
    with time_machine.travel(NOON, tick=False):
        Post.objects.update(published_at=NOON - timedelta(days=1))
        first = report(others[0])
        slowed = report(others[1], text="Words that stay.")
        assert (first.status_code, slowed.status_code) == (200, 429)
        assert 0 < int(slowed["Retry-After"]) <= 60
        assert "Words that stay." in said(slowed, 429)
        assert report(others[1], network=2).status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        assert report(others[1]).status_code == 200
    assert len(told()) == 3


def test_a_report_needs_a_csrf_token(comment):
    assert report(comment, Client(enforce_csrf_checks=True)).status_code == 403
    assert told() == []


def test_other_methods_are_refused(client, comment):
    assert client.put(url(comment)).status_code == 405
    assert client.delete(url(comment)).status_code == 405


# -- worries, and reporting again --------------------------------------------------------


def test_a_worry_opens_a_care_case_and_hides_nothing(client, comment):
    answer = report(comment, reason="worried")
    assert "Thank you for looking out for Wren" in said(answer)
    assert "call your local emergency services" in said(answer)
    now = stored(comment)
    assert (now.status, now.queue_priority) == (Status.APPROVED, Comment.QueuePriority.CARE)
    case = CareCase.objects.open().get(comment=comment)
    assert "worried" in case.why
    assert comment.pk in articles(visit(client, comment.post.get_absolute_url()))


def test_many_worries_open_one_case_and_hide_nothing(comment):
    for number in range(5):
        report(comment, reason="worried", network=number)
    assert CareCase.objects.count() == 1
    assert stored(comment).status == Status.APPROVED


def test_a_reader_who_reported_another_reason_can_still_report_a_worry(comment):
    report(comment, text="It is harsh.")
    assert "Thank you for looking out for" in said(
        report(comment, reason="worried", text="Help him.")
    )
    assert told() == [(comment.pk, "worried", True)]
    assert Report.objects.get().text == "It is harsh.\nHelp him."
    assert CareCase.objects.open().filter(comment=comment).exists()
    assert "You’ve already told us" in said(report(comment, reason="worried"))


def test_a_kept_comment_is_described_as_reviewed_until_it_is_edited(comment):
    report(comment)
    Report.objects.update(settled_at=timezone.now())
    assert "decided that it can stay" in said(report(comment))
    assert told() == [(comment.pk, "unkind", False)]
    own_comments.edit(comment.pk, "Other words, and worse ones.")
    assert "A moderator will look at it" in said(report(comment, reason="harmful"))
    assert told() == [(comment.pk, "harmful", True)]


def test_a_reader_whose_reports_were_dismissed_can_still_report(comment, mia):
    for _ in range(6):
        other = say(comment.post)
        report(other)
        Report.objects.update(settled_at=timezone.now())
    assert "A moderator will look at it" in said(report(comment))
    assert told()[-1] == (comment.pk, "unkind", True)


def test_the_network_of_a_guest_is_deleted_after_a_week(bob, comment, signed_in):
    with time_machine.travel(NOON, tick=False):
        Post.objects.update(published_at=NOON - timedelta(days=1))
        report(comment)
    with time_machine.travel(NOON + timedelta(days=6, hours=23), tick=False):
        assert not Report.objects.with_old_networks().exists()
        report(comment, network=2)
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        old = Report.objects.with_old_networks()
        assert old.count() == 1
        old.update(network="")
        assert not Report.objects.with_old_networks().exists()
    assert Report.objects.count() == 2


def test_a_removed_comment_keeps_its_reports_for_moderators(comment, mia):
    report(comment)
    decisions.decide([comment.pk], "remove", mia)
    assert Report.objects.filter(comment=comment).exists()
    assert report(comment, network=2).status_code == 404
