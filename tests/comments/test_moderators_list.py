"""The moderators' list in the admin: what waits first, all that is needed, one press to decide."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, ConversationSettings, ModerationAction
from comments.status import Status

from .growing import say
from .pages import visit
from .test_receipts import link_of

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/comment/"


def waiting(post, parent=None, **fields):
    return say(post, parent, status=Status.PENDING, **{"held_because": "first-comment", **fields})


def rows(page):
    return page.select("#result_list tbody tr")


def decide(client, comment, act, **more):
    return client.post(f"{LIST}{comment.pk}/decision/", {"act": act}, **more)


def bulk(client, act, *comments):
    keys = [comment.pk for comment in comments]
    address = f"{LIST}?status=all"
    return client.post(address, {"action": act, "_selected_action": keys}, follow=True)


def test_it_opens_on_what_waits_oldest_first(signed_in, mia, published_post):
    post, now = published_post(), timezone.now()
    for number in (2, 3, 1):
        waiting(post, body=f"Words {number}.", created_at=now - timedelta(hours=10 - number))
    for status in (Status.APPROVED, Status.SPAM, Status.REMOVED, Status.WITHDRAWN):
        say(post, status=status, body="Decided.")
    page = visit(signed_in(mia), LIST)
    texts = [row.select_one(".comment-text").text for row in rows(page)]
    assert texts == ["Words 1.", "Words 2.", "Words 3."]


def test_a_line_says_what_one_needs_to_decide(signed_in, mia, published_post):
    post = published_post()
    same = {"email": "wren@example.net", "name": "Wren"}
    for status in (Status.APPROVED, Status.APPROVED, Status.SPAM, Status.REMOVED):
        say(post, status=status, **same)
    parent = say(post, body="What she answers.", name="Robin")
    waiting(post, parent, body="A *new* word.", **same)
    (line,) = rows(visit(signed_in(mia), LIST))
    text = " ".join(line.text.split())
    for wanted in ("A new word.", "Robin", "What she answers.", post.title, "Wren", "(guest)"):
        assert wanted in text
    assert "2 approved, 2 rejected before" in text
    assert "It waits because: comments are read first until" in text
    assert [button.text for button in line.select("button")] == [
        *["Approve", "Spam", "Remove", "Set"]
    ]


def test_the_record_of_an_account_is_its_own(signed_in, mia, bob, published_post):
    post = published_post()
    say(post, user=bob, name="")
    waiting(post, user=bob, name="")
    waiting(post, name="Bob")
    first, second = (line.text for line in rows(visit(signed_in(mia), LIST)))
    assert "1 approved, 0 rejected before" in first
    assert "a name proves nothing" in second


def test_addresses_are_shown_to_nobody_and_cannot_be_guessed(signed_in, mia, published_post):
    comment = waiting(published_post(), email="wren.secret@example.net")
    client = signed_in(mia)
    for address in (LIST, f"{LIST}{comment.pk}/change/"):
        assert "wren.secret" not in client.get(address).text
    assert not rows(visit(client, f"{LIST}?q=wren.secret"))
    for lookup in ("email__startswith=w", "email=x", "user__password__startswith=p"):
        assert client.get(f"{LIST}?{lookup}").status_code == 400


@pytest.mark.parametrize(
    ("act", "status"),
    [("approve", Status.APPROVED), ("spam", Status.SPAM), ("remove", Status.REMOVED)],
)
def test_one_press_decides_and_leads_back_to_the_list(signed_in, mia, published_post, act, status):
    comment = waiting(published_post())
    client = signed_in(mia)
    response = decide(client, comment, act, HTTP_REFERER=f"http://testserver{LIST}?status=all&p=1")
    assert response["Location"] == f"{LIST}?status=all&p=1"
    assert "1 comment was decided." in client.get(LIST).text
    assert Comment.objects.get().status == status
    assert ModerationAction.objects.get().who == mia


def test_a_decision_on_the_page_of_a_comment_leads_back_to_it(signed_in, mia, published_post):
    comment = waiting(published_post())
    client = signed_in(mia)
    page = f"{LIST}{comment.pk}/change/"
    came = f"http://testserver{page}?_changelist_filters=status%3Dall"
    response = decide(client, comment, "approve", HTTP_REFERER=came)
    assert response["Location"].partition("?")[0] == page
    assert "1 comment was decided." in client.get(response["Location"]).text


def test_a_reason_is_optional_kept_in_the_log_and_read_by_the_writer(
    client, signed_in, mia, published_post
):
    comment = waiting(published_post())
    private = link_of(comment)
    why = "Kind words, but they name your neighbour – leave her out 🌱 <b>"
    page = visit(signed_in(mia), LIST)
    assert page.select_one(f"textarea[name=reason-{comment.pk}]")
    client.post(
        f"{LIST}{comment.pk}/decision/", {"act": "remove", f"reason-{comment.pk}": f" {why}\n"}
    )
    assert ModerationAction.objects.get().reason == why
    assert why in visit(client, f"{LIST}{comment.pk}/change/").text
    assert why in visit(client, "/admin/comments/moderationaction/").text
    client.logout()
    assert why in visit(client, private).text


def test_one_reason_serves_for_several_at_once(signed_in, mia, published_post):
    some = [waiting(published_post()), waiting(published_post())]
    data = {"action": "remove", "_selected_action": [each.pk for each in some], "reason": " Both. "}
    page = signed_in(mia).post(LIST, data, follow=True)
    assert "2 comments were decided." in page.text
    assert {each.reason for each in ModerationAction.objects.all()} == {"Both."}


@pytest.mark.parametrize("reason", ["x" * 1001, "a\x00b"])
def test_a_reason_that_cannot_be_kept_decides_nothing(signed_in, mia, published_post, reason):
    comment = waiting(published_post())
    client = signed_in(mia)
    client.post(f"{LIST}{comment.pk}/decision/", {"act": "remove", f"reason-{comment.pk}": reason})
    assert "Nothing was changed." in client.get(LIST).text
    data = {"action": "remove", "_selected_action": [comment.pk], "reason": reason}
    client.post(LIST, data)
    assert Comment.objects.get().status == Status.PENDING
    assert not ModerationAction.objects.exists()


def test_several_are_decided_at_once(signed_in, mia, published_post):
    post = published_post()
    some = [waiting(post), waiting(post)]
    other, withdrawn = waiting(post), say(post, status=Status.WITHDRAWN)
    page = bulk(signed_in(mia), "approve", *some, withdrawn).text
    assert "2 comments were decided." in page
    assert "1 comment stayed as it was" in page
    assert set(Comment.objects.approved()) == set(some)
    assert Comment.objects.get(pk=other.pk).status == Status.PENDING


def test_what_was_decided_can_be_restored(signed_in, mia, published_post):
    comment = say(published_post(), status=Status.SPAM)
    page = visit(signed_in(mia), f"{LIST}?status={Status.SPAM.value}")
    assert {button["value"] for button in page.select("button.decide")} == {"remove", "restore"}
    bulk(signed_in(mia), "restore", comment)
    assert Comment.objects.get().status == Status.PENDING


def test_the_page_of_a_comment_shows_what_was_decided_and_takes_decisions(
    signed_in, mia, published_post
):
    comment = waiting(published_post())
    client = signed_in(mia)
    decide(client, comment, "spam")
    page = visit(client, f"{LIST}{comment.pk}/change/")
    assert "marked as spam (mia)" in page.text
    assert "restore" in {button["value"] for button in page.select("button.decide")}


@pytest.mark.parametrize("act", ["hold", "delete", "", "\x00"])
def test_a_decision_that_is_not_known_changes_nothing(signed_in, mia, published_post, act):
    comment = waiting(published_post())
    assert decide(signed_in(mia), comment, act).status_code == 302
    assert Comment.objects.get().status == Status.PENDING


@pytest.mark.parametrize("key", [0, 10**30])
def test_a_decision_about_nothing_is_told_kindly(signed_in, mia, key):
    client = signed_in(mia)
    client.post(f"{LIST}{key}/decision/", {"act": "approve"})
    assert "1 comment stayed as it was" in client.get(LIST).text


def test_the_way_back_never_leaves_the_list(signed_in, mia, published_post):
    comment = waiting(published_post())
    client = signed_in(mia)
    for referer in ("https://evil.example/", "//evil.example?next=//evil.example", "javascript:x"):
        address = decide(client, comment, "approve", HTTP_REFERER=referer)["Location"]
        assert address.startswith(LIST)


def test_nobody_else_decides(client, signed_in, bob, alice, person, published_post):
    comment = waiting(published_post())
    staff = person("staff", is_staff=True)
    for user in (None, bob, alice, staff):
        if user:
            signed_in(user)
        for response in (
            decide(client, comment, "approve"),
            client.get(LIST),
            client.get(f"{LIST}{comment.pk}/change/"),
            client.post(LIST, {"action": "approve", "_selected_action": [comment.pk]}),
        ):
            assert response.status_code in {302, 403}
            assert response.status_code == 403 or response["Location"].startswith("/admin/login/")
    assert Comment.objects.get().status == Status.PENDING


def test_looking_never_decides(signed_in, mia, published_post):
    comment = waiting(published_post())
    client = signed_in(mia)
    assert client.get(f"{LIST}{comment.pk}/decision/?act=approve").status_code == 405
    client.get(LIST, {"action": "approve", "_selected_action": comment.pk})
    assert Comment.objects.get().status == Status.PENDING


def test_moderators_rewrite_add_and_delete_nothing(signed_in, mia, published_post):
    comment = waiting(published_post())
    client = signed_in(mia)
    change = f"{LIST}{comment.pk}/change/"
    fields = {"body": "Other.", "name": "X", "status": 1, "parent": "", "tree_id": 1, "lft": 5}
    for address in (f"{LIST}add/", f"{LIST}{comment.pk}/delete/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"post": "yes", **fields}).status_code == 403
    assert client.post(change, fields).status_code == 403
    bulk(client, "delete_selected", comment)
    now = Comment.objects.get()
    assert (now.body, now.name, now.status) == (comment.body, comment.name, Status.PENDING)


@pytest.mark.parametrize("who", ["mia", "owner"])
def test_no_field_of_a_comment_is_editable(signed_in, published_post, request, who):
    comment = waiting(published_post())
    client = signed_in(request.getfixturevalue(who))
    page = visit(client, f"{LIST}{comment.pk}/change/")
    form = page.select_one("#comment_form")
    assert {field["name"] for field in form.select("input, textarea, select")} <= {
        "csrfmiddlewaretoken",
        f"reason-{comment.pk}",  # of the decision, for the log
        f"note_{comment.pk}",  # closes her words, changes none
    }
    assert "_save" not in page.decode()


def test_moderators_see_neither_users_nor_settings_nor_drafts(signed_in, mia, published_post):
    hidden = published_post(status="draft", published_at=None, title="Not for anybody yet")
    comment = waiting(hidden, body="Below a draft.")
    client = signed_in(mia)
    settings = reverse("admin:comments_conversationsettings_change", args=[1])
    ConversationSettings.get()
    for address in ("/admin/accounts/user/", settings, "/admin/blog/post/", "/admin/blog/blog/1/"):
        assert client.get(address, follow=True).status_code in {403, 404}, address
    for address in (f"{LIST}?status=all", f"{LIST}{comment.pk}/change/"):
        html = client.get(address, follow=True).text
        assert "Below a draft." not in html
        assert "Not for anybody yet" not in html
    decide(client, comment, "approve")
    assert Comment.objects.get().status == Status.PENDING


def test_the_log_says_what_it_is(signed_in, mia):
    page = visit(signed_in(mia), "/admin/comments/moderationaction/")
    assert page.select_one("#content h1").text == "Moderation log"
    assert "to view" not in page.title.text


def test_the_log_can_be_read_and_not_written(signed_in, mia, owner, published_post):
    comment = waiting(published_post())
    decide(signed_in(mia), comment, "spam")
    entry = ModerationAction.objects.get()
    for user in (mia, owner):
        client = signed_in(user)
        log = "/admin/comments/moderationaction/"
        assert "marked as spam" in client.get(log).text
        assert client.get(f"{log}add/").status_code == 403
        assert client.post(f"{log}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{log}{entry.pk}/change/", {"reason": "x"}).status_code == 403
    assert ModerationAction.objects.get().reason == ""


def test_no_markup_of_a_writer_becomes_markup_of_the_list(signed_in, mia, published_post):
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    post = published_post()
    parent = say(post, name=evil[:80], body=evil)
    comment = waiting(post, parent, name=evil[:80], body=evil)
    client = signed_in(mia)
    for address in (LIST, f"{LIST}{comment.pk}/change/"):
        page = visit(client, address)
        area = page.select_one("#content")
        assert not area.select("td img, .readonly img, [onerror]")
        assert not [tag for tag in page.select("script") if "alert" in tag.text]


def test_the_number_of_queries_does_not_grow(signed_in, mia, bob, published_post):
    client = signed_in(mia)

    def asked(size):
        for number in range(size):
            post = published_post()
            writer = {"user": bob, "name": ""} if number % 2 else {"email": f"{number}@example.org"}
            waiting(post, say(post, user=bob, name=""), **writer)
        with CaptureQueriesContext(connection) as queries:
            page = visit(client, LIST)
        return len(rows(page)), len(queries)

    (few, before), (many, after) = asked(5), asked(20)
    assert (few, many) == (5, 25)
    assert after <= before + 1  # the pager's count, at most
