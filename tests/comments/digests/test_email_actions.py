"""Action links in moderators' mails: opening one decides nothing, a press decides once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from accounts.mail import links
from accounts.models import EmailLink, Mail
from blog.models import Post
from comments.care import cases
from comments.digests import emails
from comments.models import ModerationAction, Report
from comments.moderation import decisions
from comments.posting import own_comments
from comments.subscriptions.subscribe import SubscriptionRequest, subscribe_account
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored
from tests.comments.report_http import report

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WORDS = "Words that nobody has read."


@pytest.fixture
def waits(published_post):
    return say(published_post(comment_mode="moderated"), status=Status.PENDING, body=WORDS)


def link_for(user, comment):
    """Return the path of the link about this comment in a mail written to this moderator now."""
    letter = emails.to_decide(user.pk)
    found = next(item for item in letter.context["items"] if item.key == comment.pk)
    return found.link.removeprefix("http://localhost")


def look(path, client=None):
    return (client or Client()).post(path)


def seen_on(page):
    field = BeautifulSoup(page.content, "html.parser").select_one("[name=seen]")
    return field and field["value"]


def choices(page):
    found = BeautifulSoup(page.content, "html.parser").select("button[name=choice]")
    return [button["value"] for button in found]


def press(path, choice, client=None, **more):
    """Open the page, then press a button, as a browser does."""
    client = client or Client()
    return client.post(path, {"choice": choice, "seen": seen_on(client.post(path)), **more})


def acts():
    return list(ModerationAction.objects.order_by("pk").values_list("act", "who__username"))


def test_opening_a_link_shows_a_neutral_button_and_changes_nothing(client, waits, mia):
    path = link_for(mia, waits)
    for method in (client.get, client.head, client.get):
        page = method(path)
        assert page.status_code == 200
    page = client.get(path)
    for secret in (WORDS, "Wren", waits.post.title, "Mia"):
        assert secret not in page.text
    assert choices(page) == []
    assert stored(waits).status == Status.PENDING
    assert acts() == []


def test_a_first_press_shows_the_comment_and_decides_nothing(client, waits, mia):
    path = link_for(mia, waits)
    for _ in range(2):
        page = look(path, client)
        assert page.status_code == 200
        assert WORDS in page.text
        assert choices(page) == ["approve", "spam", "remove"]
    assert stored(waits).status == Status.PENDING
    assert acts() == []


def test_the_pages_are_not_cached_indexed_or_sent_as_a_referrer(client, waits, mia):
    path = link_for(mia, waits)
    for page in (client.get(path), look(path, client), press(path, "approve", client)):
        assert page["Cache-Control"] == "private, no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex"
        assert not page.cookies


@pytest.mark.parametrize(
    ("choice", "status"),
    [("approve", Status.APPROVED), ("remove", Status.REMOVED), ("spam", Status.SPAM)],
)
def test_a_moderator_decides_in_their_name_and_uses_the_link_up(client, waits, mia, choice, status):
    path = link_for(mia, waits)
    page = press(path, choice, client)
    assert "You can undo this in the queue" in page.text
    assert stored(waits).status == status
    assert acts() == [(choice, "mia")]
    assert not differences()
    for again in (client.get(path), look(path, client), client.post(path, {"choice": "approve"})):
        assert again.status_code == 404
        assert WORDS not in again.text
    assert acts() == [(choice, "mia")]


def test_only_a_removal_stores_the_reason(waits, mia, published_post):
    press(link_for(mia, waits), "remove", reason="  It names\0 a street. ")
    other = say(published_post(comment_mode="moderated"), status=Status.PENDING)
    press(link_for(mia, other), "approve", reason="Not meant for this.")
    found = dict(ModerationAction.objects.values_list("act", "reason"))
    assert found == {"remove": "It names a street.", "approve": ""}


@pytest.mark.parametrize("choice", ["", "ban", "restore", "keep", "undo", "approve\0", "hold"])
def test_an_unknown_button_decides_nothing(waits, mia, choice):
    path = link_for(mia, waits)
    page = press(path, choice)
    assert (page.status_code, choices(page)) == (200, ["approve", "spam", "remove"])
    assert acts() == []
    assert press(path, "approve").status_code == 200
    assert len(acts()) == 1


@pytest.mark.parametrize("seen", [None, "", "7", "x", "-1", "9" * 40])
def test_a_press_without_having_opened_the_page_only_shows_the_comment(waits, mia, seen):
    sent = {"choice": "approve"} | ({} if seen is None else {"seen": seen})
    page = Client().post(link_for(mia, waits), sent)
    assert WORDS in page.text
    assert acts() == []


def test_a_comment_edited_while_it_is_read_is_shown_again(waits, mia):
    path = link_for(mia, waits)
    seen = seen_on(look(path))
    own_comments.edit(waits.pk, "Quite other words.")
    page = Client().post(path, {"choice": "approve", "seen": seen})
    assert "has edited it in the meantime" in page.text
    assert "Quite other words." in page.text
    assert stored(waits).status == Status.PENDING
    press(path, "approve")
    assert stored(waits).status == Status.APPROVED


def test_a_decision_by_somebody_else_is_shown_and_stays(waits, mia, owner):
    path = link_for(owner, waits)
    seen = seen_on(look(path))
    decisions.decide([waits.pk], "approve", mia)
    for page in (look(path), Client().post(path, {"choice": "spam", "seen": seen})):
        assert "Mia approved it just now." in page.text
        assert choices(page) == []
    assert stored(waits).status == Status.APPROVED
    decisions.decide([waits.pk], "hold", mia)
    assert "Mia held it" in look(path).text
    assert acts() == [("approve", "mia"), ("hold", "mia")]


def test_a_withdrawn_comment_leaves_nothing_to_decide(waits, mia):
    path = link_for(mia, waits)
    own_comments.withdraw(waits.pk)
    page = look(path)
    assert "has deleted this comment" in page.text
    assert choices(page) == []


def test_a_link_ends_when_its_owner_no_longer_moderates(client, waits, mia):
    path = link_for(mia, waits)
    seen = seen_on(look(path))
    mia.groups.clear()
    for page in (client.get(path), look(path), client.post(path, {"choice": "approve"})):
        assert page.status_code == 404
        assert WORDS not in page.text
    assert client.post(path, {"choice": "approve", "seen": seen}).status_code == 404
    assert stored(waits).status == Status.PENDING


@pytest.mark.parametrize("change", ["is_active", "gone", "draft", "purged"])
def test_a_link_ends_with_the_account_and_with_the_comment(waits, mia, change):
    path = link_for(mia, waits)
    if change == "is_active":
        type(mia).objects.filter(pk=mia.pk).update(is_active=False)
    elif change == "gone":
        mia.delete()
    elif change == "draft":
        Post.objects.update(status=Post.Status.DRAFT)
    else:
        stored(waits).delete()
    assert Client().get(path).status_code == 404
    assert look(path).status_code == 404


def test_a_link_works_for_three_days(published_post, mia):
    with time_machine.travel(NOON, tick=False) as clock:
        post = published_post(comment_mode="moderated")
        waits = say(post, status=Status.PENDING)
        path = link_for(mia, waits)
        clock.shift(timedelta(days=3, seconds=-1))
        assert Client().get(path).status_code == 200
        clock.shift(timedelta(seconds=2))
        assert Client().get(path).status_code == 404
        assert look(path).status_code == 404


def test_a_guessed_token_is_not_found(client, waits, mia):
    path = link_for(mia, waits)
    assert client.post(path[:-3] + "xx/", {"choice": "approve"}).status_code == 404
    token = re.fullmatch(r"/m/(.+)/", path)[1]
    assert len(token) >= 43
    assert not EmailLink.objects.filter(digest__contains=token).exists()


def test_the_link_decides_whoever_is_signed_in(signed_in, bob, waits, mia):
    page = press(link_for(mia, waits), "approve", signed_in(bob))
    assert page.status_code == 200
    assert acts() == [("approve", "mia")]


def test_a_reported_comment_can_be_kept(published_post, mia):
    comment = say(published_post())
    report(comment, text="<b>It names my street.</b>", reason="private")
    path = link_for(mia, comment)
    page = look(path)
    assert choices(page) == ["keep", "spam", "remove"]
    assert "reported by a reader: private information" in page.text
    assert "&lt;b&gt;It names my street." in page.text
    press(path, "keep")
    assert stored(comment).status == Status.APPROVED
    assert not Report.objects.open().exists()
    for number in range(5):
        report(comment, network=50 + number)
    assert stored(comment).status == Status.APPROVED


def test_a_comment_in_care_is_left_to_the_queue(waits, mia):
    path = link_for(mia, waits)
    seen = seen_on(look(path))
    cases.open_case(waits, "a phrase")
    for page in (look(path), Client().post(path, {"choice": "spam", "seen": seen})):
        assert "Please decide in the queue." in page.text
        assert choices(page) == []
    assert stored(waits).status == Status.PENDING


def test_mails_about_a_decision_wait_until_it_can_no_longer_be_undone(waits, mia, bob):
    subscribe_account(bob, SubscriptionRequest(post=waits.post))
    press(link_for(mia, waits), "approve")
    action = ModerationAction.objects.get()
    assert decisions.undo_action(action.pk, mia)
    assert stored(waits).status == Status.PENDING
    assert not Mail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_presses_one_decides(waits, mia, owner):
    paths = [link_for(mia, waits), link_for(mia, waits), link_for(owner, waits)]
    seen = seen_on(look(paths[0]))
    sent = [("approve", paths[0]), ("spam", paths[1]), ("remove", paths[2])] * 2

    def go(one):
        try:
            return Client().post(one[1], {"choice": one[0], "seen": seen}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(go, sent)) <= {200, 404}
    assert len(acts()) == 1
    assert not differences()


@pytest.mark.parametrize("name", ["decide", "receipt"])
def test_the_page_behind_a_link_names_its_own_button(name):
    action = links.link_actions()[name]
    assert str(action.question).startswith(f"Choose {action.button} to ")


def test_unfollowing_and_unsubscribing_have_buttons_of_their_own():
    found = links.link_actions()
    buttons = [str(found[name].button) for name in ("unfollow", "unfollow-all")]
    assert buttons == ["Unfollow", "Unsubscribe from all"]
