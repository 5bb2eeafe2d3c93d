"""Breaks of the whole blog: who may take one, what readers see, what is held, how it ends."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.utils import timezone

from blog.models import Blog
from comments.dashboard import breaks
from comments.imports.bulk_load import Incoming, load
from comments.models import Comment, ConversationSettings
from comments.models.checks import CheckOutcome, Verdict
from comments.moderation import decisions, writers
from comments.tree.status import Status
from tests.blog.admin_http import said
from tests.comments.factories import say, stored
from tests.comments.http import only_comment, reply_url, send, text_of, visit
from tests.comments.mail import verified

pytestmark = pytest.mark.django_db
BREAK, END = "/admin/desk/break/", "/admin/desk/break/end/"
BANNER = "Taking a break until 8 May 2030"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    return time_machine


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open")


def begin(holds=False, words="", days=7):
    breaks.begin_break(timezone.localdate() + timedelta(days=days), holds, words)


def form(**fields):
    return {"day": "2030-05-08", "kind": "closes", "words": "", **fields}


def may_take_break(user):
    user.user_permissions.add(Permission.objects.get(codename="take_break"))
    return user


def conversation(client, post):
    return visit(client, post.get_absolute_url()).select_one(".conversation")


def publish(submission):
    """A check that would let everything through."""
    return CheckOutcome("kind", Verdict.PUBLISH, "it is kind")


# -- taking a break ----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "alice"])
def test_the_permitted_roles_take_a_break_from_the_dashboard(client, signed_in, request, who, post):
    desk = signed_in(may_take_break(request.getfixturevalue(who)))
    assert BREAK in desk.get("/admin/").text
    assert "Back on" in desk.get(BREAK).text
    answer = desk.post(BREAK, form(words="I am by the sea."))
    assert answer["Location"] == "/admin/"
    assert "ends automatically on 8 May 2030" in said(answer)
    client.logout()
    home = visit(client, "/").select_one(".rest").text
    assert BANNER in home
    assert "I am by the sea." in home
    assert "Comments are closed until then" in home


@pytest.mark.parametrize("who", ["alice", "mia", "bob", None])
def test_nobody_else_can_take_a_break(client, signed_in, request, who, post):
    if who:
        signed_in(request.getfixturevalue(who))
        assert BREAK not in client.get("/admin/").text
    for answer in (client.get(BREAK), client.post(BREAK, form()), client.post(END)):
        assert answer.status_code in {302, 403}
        assert "/login/" in answer.get("Location", "/login/")
    assert ConversationSettings.get().current_break is None


def test_a_get_request_ends_no_break(signed_in, owner):
    begin()
    assert signed_in(owner).get(END).status_code == 405
    assert ConversationSettings.get().current_break


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"day": ""}, "Please choose the day you’ll be back."),
        ({"day": "soon"}, "Please enter a valid date."),
        ({"day": "2030-05-01"}, "That day has already begun."),
        ({"day": "2029-12-24"}, "That day has already begun."),
        ({"day": "2031-05-03"}, "That’s more than a year away."),
        ({"kind": "hides"}, "not one of the available choices"),
        ({"kind": ""}, "choose one of the two"),
        ({"words": "o" * 501}, "at most 500 characters"),
    ],
)
def test_an_invalid_form_begins_no_break_and_keeps_the_words(signed_in, owner, fields, sentence):
    answer = signed_in(owner).post(BREAK, form(**{"words": "By the sea.", **fields}))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields.get("words", "By the sea.") in answer.text
    assert ConversationSettings.get().current_break is None


def test_days_are_in_the_blogs_time_zone(client, signed_in, owner, clock, post):
    blog = Blog.get()
    blog.time_zone = "Pacific/Auckland"
    blog.save()
    signed_in(owner).post(BREAK, form())
    client.logout()
    clock.move_to("2030-05-07 11:59:59Z", tick=False)
    assert BANNER in client.get("/").text
    clock.move_to("2030-05-07 12:00:00Z", tick=False)
    assert "Taking a break" not in client.get("/").text


def test_a_break_is_changed_in_the_same_form_and_ended_by_one_button(
    client, signed_in, owner, post
):
    begin(holds=True, words="First words.")
    desk = signed_in(owner)
    shown = BeautifulSoup(desk.get(BREAK).text, "html.parser")
    assert shown.select_one("[name=day]")["value"] == "2030-05-08"
    assert shown.select_one("[name=kind][checked]")["value"] == "holds"
    assert text_of(shown.select_one("[name=words]")) == "First words."
    desk.post(BREAK, form(day="2030-06-01"))
    assert "until 1 Jun 2030" in desk.get("/admin/").text
    assert "Welcome back." in said(desk.post(END))
    assert "is taking a break" not in desk.get("/admin/").text
    desk.post(END)  # pressed twice
    client.logout()
    assert "Taking a break" not in client.get("/").text
    assert send(client, post).status_code == 302
    assert only_comment().is_visible


def test_all_staff_are_told_of_a_break_and_only_permitted_roles_have_a_button(
    signed_in, alice, mia
):
    begin()
    for person in (alice, mia):
        page = signed_in(person).get("/admin/")
        assert "This blog is taking a break until 8 May 2030" in page.text
        assert END not in page.text


def test_saving_the_settings_neither_ends_nor_begins_a_break():
    before = ConversationSettings.get()
    begin(words="Away.")
    during = ConversationSettings.get()
    before.save()
    assert ConversationSettings.get().current_break.words == "Away."
    breaks.end_break()
    during.save()
    assert ConversationSettings.get().current_break is None


# -- closed ------------------------------------------------------------------------------


def test_during_a_closed_break_nobody_comments_and_no_word_is_lost(client, post):
    comment = say(post)
    begin(words="By <b>the</b> sea.\nBack soon.")
    shown = conversation(client, post)
    assert BANNER in shown.text
    assert "By <b>the</b> sea." in shown.text  # as words, not as HTML
    assert "Thank you for this." in shown.text
    assert not shown.select(".write, [href$='/reply/']")
    assert BANNER in visit(client, f"/comments/{comment.pk}/thread/").text
    for target in (post, comment):
        page = client.get(reply_url(target))
        assert page.status_code == 403
        assert "Comments are closed until 8 May 2030" in page.text
        sent = send(client, target, "What I wrote on the train.")
        assert sent.status_code == 409
        kept = BeautifulSoup(sent.text, "html.parser").select_one("textarea")
        assert text_of(kept) == "What I wrote on the train."
    assert Comment.objects.get() == comment


def test_an_open_inline_form_is_refused_in_place(client, post):
    begin()
    sent = client.post(
        reply_url(post), {"name": "Ada", "body": "Still here."}, headers={"HX-Request": "true"}
    )
    assert sent.status_code == 409
    assert "Still here." in sent.text
    assert "This blog is taking a break. Comments are closed until" in sent.text
    assert "<html" not in sent.text


def test_trusted_writers_cannot_comment_during_a_closed_break(client, signed_in, bob, mia, post):
    writers.trust(say(post, user=bob, name="").pk, mia)
    begin()
    assert send(signed_in(bob), post, "From a friend").status_code == 409


def test_a_conversation_that_is_closed_anyway_says_so_as_usual(client, published_post):
    closed, old = published_post(comment_mode="closed"), published_post(status="archived")
    hidden = published_post(comment_mode="hidden")
    begin()
    for post in (closed, old):
        assert "Taking a break" not in conversation(client, post).text
        assert "Comments are closed here." in client.get(reply_url(post)).text
    assert conversation(client, hidden) is None
    assert client.get(reply_url(hidden)).status_code == 404


def test_pages_without_comments_show_no_banner(client, published_post):
    page = published_post(kind="page", slug="about-us")
    begin()
    assert "Taking a break" not in client.get(page.get_absolute_url()).text
    assert "Taking a break" not in client.get("/archive/").text
    assert "Taking a break" in client.get("/").text


# -- held --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["a guest", "a trusted reader"])
def test_during_a_holding_break_every_comment_is_held_and_the_writer_is_told(
    client, signed_in, bob, mia, post, who
):
    if who == "a trusted reader":
        writers.trust(say(post, user=bob, name="").pk, mia)
        signed_in(bob)
    begin(holds=True)
    assert BANNER in conversation(client, post).text
    assert "may not be reviewed until after the break" in conversation(client, post).text
    before = visit(client, reply_url(post)).select_one(".what-happens").text
    assert "taking a break until 8 May 2030" in before
    assert "Your comment will be kept" in before
    sent = send(client, post, "Something tender.")
    comment = Comment.objects.latest("pk")
    assert (comment.status, comment.held_because) == (Status.PENDING, "break")
    assert "Something tender." in client.get(sent["Location"]).text
    receipt = client.get(f"/comments/{comment.pk}/receipt/").text
    assert "You wrote it during this blog’s break" in receipt
    assert "until 8 May 2030, so your comment may not be reviewed before then" in receipt
    client.logout()
    client.cookies.clear()
    assert "Something tender." not in client.get(post.get_absolute_url()).text


def test_comments_held_during_a_break_stay_held_after_it(client, clock, mia, post):
    begin(holds=True)
    send(client, post, "Something tender.")
    clock.shift(timedelta(days=8))
    assert only_comment().status == Status.PENDING
    decisions.decide([only_comment().pk], "approve", mia)
    assert "Something tender." in client.get(post.get_absolute_url()).text


def test_no_check_publishes_a_comment_during_a_break(client, settings, post):
    settings.COMMENT_CHECKS = [f"{__name__}.publish"]
    begin(holds=True)
    send(client, post)
    assert only_comment().status == Status.PENDING
    breaks.end_break()
    send(client, post, "After it.")
    assert Comment.objects.latest("pk").status == Status.APPROVED


def test_proving_an_address_publishes_nothing_during_a_break(client, published_post):
    from comments.guests import recognition

    post = published_post(comment_mode="first-timers")
    known = verified("ada@example.org")
    say(post, name="Ada", email=known.email, verified_address=known)
    send(client, post, email="ada@example.org")
    waits = Comment.objects.latest("pk")
    assert waits.held_because == "first-comment"
    begin(holds=True)
    recognition.claim_one(waits.pk, known)
    assert stored(waits).status == Status.PENDING


def test_edits_of_trusted_writers_are_held_too_and_the_form_says_so(
    client, signed_in, bob, mia, post
):
    reader = signed_in(bob)
    send(reader, post, "As I wrote it.")
    comment = only_comment()
    writers.trust(comment.pk, mia)
    begin(holds=True)
    address = f"/comments/{comment.pk}/receipt/edit/"
    assert "Sending this hides your comment right away" in reader.get(address).text
    reader.post(address, {"body": "As I mean it."})
    assert stored(comment).body == "As I mean it."
    assert (stored(comment).status, stored(comment).held_because) == (Status.PENDING, "break")


# -- who is exempt -----------------------------------------------------------------------


@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("who", ["alice", "mia", "owner"])
def test_moderators_and_authors_comment_as_usual(signed_in, request, post, who, holds):
    begin(holds)
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reply_url(post)).status_code == 200
    assert conversation(client, post).select(".write")
    assert send(client, post, "I am here.").status_code == 302
    assert only_comment().is_visible


def test_a_moderator_decides_and_replies_in_the_queue(signed_in, mia, post):
    waits = say(post, status=Status.PENDING)
    begin()
    fields = {"body": "We read you.", "seen": "0", "submission": "one"}
    signed_in(mia).post(f"/admin/queue/{waits.pk}/answer/", fields)
    assert stored(waits).is_visible
    assert Comment.objects.get(parent=waits).is_visible


@pytest.mark.parametrize("holds", [False, True])
def test_imported_comments_keep_their_status(post, holds):
    begin(holds)
    long_ago = timezone.now() - timedelta(days=300)
    load(
        [
            Incoming(
                key=1,
                post=post.pk,
                parent=None,
                name="Wren",
                body="x",
                body_html="<p>x</p>",
                created_at=long_ago,
            )
        ]
    )
    assert only_comment().status == Status.APPROVED


# -- the end -----------------------------------------------------------------------------


@pytest.mark.parametrize("holds", [False, True])
def test_a_break_ends_by_the_clock_alone(client, clock, post, holds):
    begin(holds)
    clock.move_to("2030-05-07 23:59:59Z", tick=False)
    assert BANNER in client.get("/").text
    clock.move_to("2030-05-08 00:00:00Z", tick=False)
    assert "Taking a break" not in client.get("/").text
    assert "Taking a break" not in client.get(post.get_absolute_url()).text
    assert "Your comment appears right away" in client.get(reply_url(post)).text
    assert send(client, post).status_code == 302
    assert only_comment().is_visible
