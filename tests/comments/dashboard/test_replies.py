"""The author's dashboard: new commenters, care, and replying without leaving the page."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from comments.care import cases
from comments.dashboard import activity
from comments.models import Comment
from comments.moderation.locked_threads import lock
from comments.tree.status import Status
from tests.blog.admin_http import said
from tests.comments.factories import say
from tests.comments.http import text_of
from tests.comments.mail import verified
from tests.house.budgets import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(published_post):
    return published_post(title="By the lake")


def ago(hours):
    return timezone.now() - timedelta(hours=hours)


def address(comment):
    return f"/admin/desk/{comment.pk}/answer/"


def names(author):
    return [comment.writer_name for comment in activity.first_time_comments(author)]


# -- here for the first time -------------------------------------------------------------


def test_each_person_is_new_once_as_far_as_can_be_told(alice, bob, post):
    known = verified("fern@example.org")
    for number in (1, 2):
        say(post, user=bob, name="", created_at=ago(20 - number))
        say(post, name=f"Fern {number}", verified_address=known, created_at=ago(30 - number))
        say(post, name=f"Lark {number}", email="lark@example.org", created_at=ago(40 - number))
        say(post, name="Wren", body=f"{number}", created_at=ago(50 - number))
    assert names(alice) == ["Bob", "Fern 1", "Lark 1", "Wren"]
    assert activity.first_time_comments(alice)[-1].body == "1"


def test_earlier_commenters_are_not_new_and_hidden_comments_do_not_count(alice, person, post):
    say(post, name="Wren", created_at=ago(24 * (activity.DAYS + 5)))
    say(post, name="Wren")
    say(post, name="Finch", created_at=ago(9), status=Status.SPAM)
    say(post, name="Finch", body="The real one", created_at=ago(1))
    say(post, name="Waits", status=Status.PENDING)
    say(post, name="Imported", source="https://old.example.org", source_id="1")
    say(post, name="", user=alice)
    assert names(alice) == ["Finch"]
    assert names(person("carol", group="Authors", is_staff=True)) == []


def test_many_comments_cost_no_more_than_few(signed_in, alice, post):
    desk = signed_in(alice)

    def cost(number):
        for each in range(number):
            say(post, name=f"Reader {number} {each}", created_at=ago(1 + each))
        return queries(desk, "/admin/")[1]

    cost(1)
    assert cost(2) == cost(15)


# -- care --------------------------------------------------------------------------------


def test_only_those_who_may_decide_see_care_on_the_dashboard(signed_in, alice, person, post):
    from django.contrib.auth.models import Group

    comment = say(post, name="Robin")
    cases.open_case(comment, "a reader is worried")
    both = person("both", group="Authors", is_staff=True)
    both.groups.add(Group.objects.get(name="Moderators"))
    page = BeautifulSoup(signed_in(both).get("/admin/").text, "html.parser")
    assert page.select(f".desk-start a[href='/admin/queue/{comment.pk}/']")
    text = signed_in(alice).get("/admin/").text
    assert "/admin/queue/" not in text
    assert "care lane" not in text


# -- answering ---------------------------------------------------------------------------


def test_an_author_replies_from_the_dashboard_and_returns_to_it(signed_in, alice, post):
    wren = say(post)
    desk = signed_in(alice)
    page = BeautifulSoup(desk.get("/admin/").text, "html.parser")
    form = page.select_one(f"form[action='{address(wren)}']")
    assert "Thank you for this." in form.find_parent("details").text
    sent = {"body": "I am glad.", "submission": form.select_one("[name=submission]")["value"]}
    answer = desk.post(address(wren), sent)
    assert answer["Location"] == "/admin/#conversations"
    assert "Replied to Wren’s comment." in said(answer)
    desk.post(address(wren), sent)  # the same form, sent twice
    own = Comment.objects.get(parent=wren)
    assert (own.user, own.body, own.status) == (alice, "I am glad.", Status.APPROVED)
    assert "No conversations from the last 30 days are waiting" in desk.get("/admin/").text


def test_an_empty_reply_is_not_sent(signed_in, alice, post):
    wren = say(post)
    desk = signed_in(alice)
    assert "Thank you for this." in desk.get(address(wren)).text
    answer = desk.post(address(wren), {"body": " \n "})
    assert answer.status_code == 422
    assert "Please write something." in answer.text
    assert desk.post(address(wren), {}).status_code == 422
    long = desk.post(address(wren), {"body": "o" * 10_001})
    assert long.status_code == 422
    assert "o" * 10_001 in long.text
    assert Comment.objects.count() == 1


def test_a_refused_reply_is_kept_on_the_page(signed_in, alice, mia, post):
    wren = say(post)
    lock(wren.pk, mia)
    desk = signed_in(alice)
    assert "This thread is locked" in desk.get("/admin/").text
    answer = desk.post(address(wren), {"body": "What I wrote."})
    assert answer.status_code == 409
    assert "This thread is locked" in answer.text
    kept = BeautifulSoup(answer.text, "html.parser").select_one("textarea")
    assert text_of(kept) == "What I wrote."
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("who", ["carol", "mia", "owner", "bob", None])
def test_comments_on_other_authors_posts_are_not_found(
    client, signed_in, request, post, who, person
):
    wren = say(post)
    if who:
        carol = who == "carol"
        user = person("carol", group="Authors", is_staff=True) if carol else None
        signed_in(user or request.getfixturevalue(who))
    for answer in (client.get(address(wren)), client.post(address(wren), {"body": "Hm."})):
        assert answer.status_code in {404, 302, 403}
        assert "/login/" in answer.get("Location", "/login/")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.REMOVED])
def test_hidden_comments_cannot_be_answered(signed_in, alice, post, status):
    comment = say(post, status=status)
    assert signed_in(alice).get(address(comment)).status_code == 404
