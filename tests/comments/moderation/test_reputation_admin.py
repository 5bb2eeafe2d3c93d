"""The list of trusted and banned writers in the admin: contents, revoking, permissions."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, ModerationAction, Reputation
from comments.models.standing import reputation_kinds
from comments.moderation import writers
from comments.posting import own_comments
from tests.comments.factories import say
from tests.comments.http import visit
from tests.comments.mail import verified

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/reputation/"


@pytest.fixture
def banned(mia, bob, published_post):
    """The reputation of bob, who is banned without an end."""
    writers.ban(say(published_post(), user=bob, name="").pk, mia, note="After three warnings.")
    return Reputation.objects.get(beside=None)


def rows(page):
    return [" ".join(row.text.split()) for row in page.select("#result_list tbody tr")]


def end_of(standing):
    return f"{LIST}{standing.pk}/end/"


def test_a_row_says_who_since_when_by_whom_and_why(signed_in, mia, banned):
    (line,) = rows(visit(signed_in(mia), LIST))
    for words in ("Bob", "banned", "by Mia", "After three warnings.", "End or change"):
        assert words in line


def test_the_list_first_shows_what_is_in_force(signed_in, mia, bob, published_post, banned):
    guest = say(published_post(), verified_address=verified(), name="Wren")
    writers.ban(guest.pk, mia, timezone.now() + timedelta(days=1))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        client = signed_in(mia)
        (line,) = rows(visit(client, LIST))
        assert "Bob" in line
        (line,) = rows(visit(client, f"{LIST}?state=over"))
        assert "Wren" in line
        assert len(rows(visit(client, f"{LIST}?state=all"))) == 2


def test_a_ban_is_revoked_with_one_press_and_logged(signed_in, mia, bob, banned):
    client = signed_in(mia)
    page = visit(client, end_of(banned))
    assert "Bob" in page.text
    assert reputation_kinds(bob) == {"banned"}  # GET shows
    answer = client.post(end_of(banned), {"end": "1"}, follow=True)
    assert "Ban ended." in answer.text
    assert reputation_kinds(bob) == set()
    assert not Reputation.objects.in_force().exists()
    row = ModerationAction.objects.first()
    assert (row.act, row.who, row.comment_id) == ("unban", mia, banned.comment.pk)
    again = client.post(end_of(banned), {"end": "1"}, follow=True)
    assert "Nothing was changed: it has already ended" in again.text
    assert ModerationAction.objects.count() == 2


def test_the_end_of_a_ban_can_be_changed(signed_in, mia, bob, banned):
    client = signed_in(mia)
    day = timezone.localdate() + timedelta(days=7)
    answer = client.post(end_of(banned), {"save": "1", "until": day.isoformat()}, follow=True)
    assert "End date changed." in answer.text
    (row,) = Reputation.objects.in_force().filter(beside=None)
    assert row.until == writers.end_of(day)
    assert (row.note, row.comment) == (banned.note, banned.comment)
    assert Reputation.objects.in_force().count() == 2
    assert str(day) in str(visit(client, end_of(row)).select_one("[name=until]"))
    with time_machine.travel(row.until + timedelta(minutes=1)):
        assert reputation_kinds(bob) == set()


@pytest.mark.parametrize("day", ["2001-01-01", "not a day", "9999-99-99", "9999-12-31"])
def test_a_past_or_invalid_day_changes_nothing(signed_in, mia, bob, banned, day):
    answer = signed_in(mia).post(end_of(banned), {"save": "1", "until": day})
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert Reputation.objects.in_force().get(beside=None).until is None
    assert ModerationAction.objects.count() == 1


def test_trust_has_no_end_date(signed_in, mia, bob, published_post):
    writers.trust(say(published_post(), user=bob, name="").pk, mia)
    standing = Reputation.objects.get(beside=None)
    client = signed_in(mia)
    assert not visit(client, end_of(standing)).select("[name=until]")
    client.post(end_of(standing), {"end": "1"})
    assert reputation_kinds(bob) == set()


def test_without_a_comment_the_row_names_nobody_and_can_still_be_revoked(
    signed_in, mia, bob, banned
):
    client = signed_in(mia)
    own_comments.disown(banned.comment.pk)
    (line,) = rows(visit(client, LIST))
    assert "no longer known" in line
    assert "Bob" not in visit(client, end_of(banned)).text
    client.post(end_of(banned), {"end": "1"})
    assert reputation_kinds(bob) == set()
    row = ModerationAction.objects.first()
    assert (row.act, row.comment_id, row.comment_key) == ("unban", None, 0)
    assert "mia" in visit(client, "/admin/comments/moderationaction/").text


def test_a_purged_comment_leaves_the_ban(signed_in, mia, bob, banned):
    Comment.objects.purge(banned.comment)
    assert "no longer known" in rows(visit(signed_in(mia), LIST))[0]
    assert reputation_kinds(bob) == {"banned"}


def test_nobody_else_sees_or_revokes_it(signed_in, alice, bob, mia, banned):
    assert Client().get(LIST).status_code == 302
    assert Client().post(end_of(banned), {"end": "1"}).status_code == 302
    for other in (alice, bob):
        stranger = signed_in(other)
        for address in (LIST, end_of(banned)):
            answer = stranger.get(address, follow=True)
            assert answer.status_code == 403 or "After three" not in answer.text
        stranger.post(end_of(banned), {"end": "1"})
    mia.groups.clear()
    assert signed_in(type(mia).objects.get(pk=mia.pk)).post(end_of(banned)).status_code == 403
    assert reputation_kinds(bob) == {"banned"}


def test_a_linked_reputation_has_no_page_of_its_own(signed_in, mia, banned):
    beside = Reputation.objects.get(beside=banned)
    assert signed_in(mia).get(end_of(beside)).status_code == 404
    assert signed_in(mia).get(f"{LIST}999999/end/").status_code == 404


def test_more_rows_cost_no_more_queries(signed_in, mia, person, published_post):
    client, costs, post = signed_in(mia), [], published_post()
    for number in range(8):
        writers.ban(say(post, user=person(f"reader{number}"), name="").pk, mia)
        if number in {1, 7}:
            with CaptureQueriesContext(connection) as captured:
                client.get(LIST)
            costs.append(len(captured))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("gone", [own_comments.disown, None], ids=["disowned", "purged"])
def test_actions_of_the_list_can_be_undone_under_recently_decided(
    signed_in, mia, bob, banned, gone
):
    client, decided = signed_in(mia), "/admin/queue/decided/"
    gone(banned.comment.pk) if gone else Comment.objects.purge(banned.comment)
    answer = client.post(end_of(banned), {"end": "1"}, follow=True)
    assert f'href="{decided}"' in answer.text
    assert reputation_kinds(bob) == set()
    row = next(
        each
        for each in visit(client, decided).select(".decisions > li")
        if "no longer banned" in each.text
    )
    assert "their comments are no longer known" in row.text
    assert "Bob" not in row.text
    data = {field["name"]: field["value"] for field in row.form.select("input")}
    answer = client.post(row.form["action"], data, follow=True)
    assert "Undone. The writer’s trust or ban is as it was before." in answer.text
    assert reputation_kinds(bob) == {"banned"}
    again = client.post(row.form["action"], data, follow=True)
    assert "This can no longer be undone" in again.text
    assert reputation_kinds(bob) == {"banned"}


def test_a_ban_replaced_by_another_end_is_not_offered_for_undo(signed_in, mia, bob, banned):
    client = signed_in(mia)
    Comment.objects.purge(banned.comment)
    day = timezone.localdate() + timedelta(days=7)
    client.post(end_of(banned), {"save": "1", "until": day.isoformat()})
    offered = visit(client, "/admin/queue/decided/").select(".decisions > li")
    assert [bool(each.form) for each in offered] == [True, False]
