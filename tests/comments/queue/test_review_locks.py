"""Two moderators in one queue: review locks with their expiry, and bulk decisions."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments.models import Comment, ModerationAction, ReviewLock
from comments.models import moderation as models_moderation
from comments.moderation import decisions
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import soup, visit
from tests.comments.queue_http import cards, page, press, said, seen, status, undo, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.moderation")]


def claim(client, comment, *others):
    known = " ".join(f"{each.pk}-{seen(client, each)}" for each in (comment, *others))
    ReviewLock.objects.all().delete()
    return client.post(f"/admin/queue/{comment.pk}/claim/", {"cards": known}).json()


def reading(client, comment):
    line = cards(page(client))[comment.pk].select_one(".reading")
    return None if line.has_attr("hidden") else line.text


def test_an_opened_card_is_shown_as_being_read_for_four_minutes(
    signed_in, mia, owner, published_post
):
    comment = waiting(published_post())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        claim(signed_in(mia), comment)
        assert reading(signed_in(mia), comment) is None
        assert reading(signed_in(owner), comment) == "Mia is viewing this."
        clock.shift(timedelta(minutes=3, seconds=59))
        assert reading(signed_in(owner), comment) == "Mia is viewing this."
        clock.shift(timedelta(seconds=2))
        assert reading(signed_in(owner), comment) is None


def test_opening_the_page_of_a_comment_takes_a_review_lock_too(
    signed_in, mia, owner, published_post
):
    comment = waiting(published_post())
    visit(signed_in(mia), f"/admin/queue/{comment.pk}/")
    assert reading(signed_in(owner), comment) == "Mia is viewing this."
    found = visit(signed_in(owner), f"/admin/queue/{comment.pk}/")
    assert found.select_one(".reading").text == "Mia is viewing this."
    assert ReviewLock.objects.get().who == mia


def test_the_second_moderator_gets_no_review_lock_until_the_first_expires(
    mia, owner, published_post
):
    comment = waiting(published_post())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert models_moderation.take_review_lock(comment.pk, mia) is None
        assert models_moderation.take_review_lock(comment.pk, owner) == mia
        clock.shift(timedelta(minutes=2))
        assert models_moderation.take_review_lock(comment.pk, mia) is None  # keeps reading
        clock.shift(timedelta(minutes=3))
        assert models_moderation.take_review_lock(comment.pk, owner) == mia
        clock.shift(timedelta(minutes=1, seconds=1))
        assert models_moderation.take_review_lock(comment.pk, owner) is None
    assert ReviewLock.objects.get().who == owner


def test_a_review_lock_blocks_no_decision_and_ends_with_it(signed_in, mia, owner, published_post):
    comment = waiting(published_post())
    models_moderation.take_review_lock(comment.pk, mia)
    press(signed_in(owner), comment, "approve")
    assert status(comment) == Status.APPROVED
    assert not ReviewLock.objects.exists()


def test_an_open_page_hears_who_reads_and_what_was_decided(signed_in, mia, owner, published_post):
    post = published_post()
    first, second, third = waiting(post), waiting(post), waiting(post)
    models_moderation.take_review_lock(second.pk, owner)
    client = signed_in(mia)
    known = " ".join(f"{each.pk}-0" for each in (first, second, third))
    decisions.decide([third.pk], "spam", owner)
    models_moderation.take_review_lock(second.pk, owner)
    news = client.get("/admin/queue/news/", {"cards": known}).json()
    assert news == {
        "reading": {str(second.pk): "owner is viewing this."},
        "changed": {str(third.pk): "owner marked it as spam just now."},
    }


@pytest.mark.parametrize("sent", ["", "x", "1-", "-1", "9" * 30 + "-0", "1-0 " * 3 + "\x00"])
def test_an_invalid_news_request_gets_no_news(signed_in, mia, sent):
    answer = signed_in(mia).get("/admin/queue/news/", {"cards": sent})
    assert answer.json() == {"reading": {}, "changed": {}}


def test_comments_on_a_draft_have_no_news_and_no_review_lock(signed_in, mia, owner, published_post):
    comment = waiting(published_post(status="draft", published_at=None))
    decisions.decide([comment.pk], "spam", owner)
    client = signed_in(mia)
    address = f"/admin/queue/{comment.pk}/claim/"
    assert client.post(address, {"cards": f"{comment.pk}-0"}).json()["changed"] == {}
    assert not ReviewLock.objects.exists()


# -- bulk decisions ------------------------------------------------------------------------


def bulk(client, act, boxes, **fields):
    data = {"act": act, "chosen": boxes, "back": "/admin/queue/waiting/", **fields}
    return soup(client.post("/admin/queue/bulk/", data, follow=True))


def boxes(client):
    return [box["value"] for box in page(client).select("input[name=chosen]")]


def test_several_comments_are_decided_at_once_and_undone_at_once(signed_in, mia, published_post):
    rows, client = [waiting(published_post()) for _ in range(3)], signed_in(mia)
    found = bulk(client, "approve", boxes(client)[:2])
    assert said(found) == ["Approved 2 comments."]
    assert [status(row) for row in rows] == [Status.APPROVED, Status.APPROVED, Status.PENDING]
    assert said(undo(client, found)) == ["2 decisions undone."]
    assert {status(row) for row in rows} == {Status.PENDING}


@pytest.mark.parametrize(("count", "asks"), [(10, False), (11, True)])
def test_above_ten_comments_the_page_asks_with_the_number(
    signed_in, mia, published_post, count, asks
):
    post = published_post()
    for _ in range(count):
        waiting(post)
    client = signed_in(mia)
    chosen = boxes(client)
    found = bulk(client, "spam", chosen)
    assert bool(found.select("form.confirm")) == asks
    if asks:
        assert found.h1.text == "Mark 11 comments as spam?"
        assert Comment.objects.filter(status=Status.PENDING).count() == 11
        assert bulk(client, "spam", chosen, sure="10").select("form.confirm")
        found = bulk(client, "spam", chosen, sure="11")
    assert said(found) == [f"Marked {count} comments as spam."]
    assert not Comment.objects.filter(status=Status.PENDING).exists()


def test_a_bulk_removal_asks_for_the_reason_first(signed_in, mia, published_post):
    comment, client = waiting(published_post()), signed_in(mia)
    found = bulk(client, "remove", boxes(client))
    assert found.h1.text == "Remove 1 comment?"
    assert status(comment) == Status.PENDING
    bulk(client, "remove", boxes(client), sure="1", reason="Both of you, please.")
    assert ModerationAction.objects.get().reason == "Both of you, please."


def test_comments_changed_meanwhile_are_skipped_and_reported(signed_in, mia, owner, published_post):
    first, second = waiting(published_post()), waiting(published_post(), name="Ada")
    client = signed_in(mia)
    chosen = boxes(client)
    decisions.decide([second.pk], "approve", owner)
    (sentence,) = said(bulk(client, "spam", chosen))
    assert sentence.startswith(
        "Marked 1 comment as spam. 1 wasn’t changed: Ada’s comment owner approved"
    )
    assert (status(first), status(second)) == (Status.SPAM, Status.APPROVED)


@pytest.mark.parametrize("sent", [{}, {"chosen": ["x", "1", "9999999-0", "-"]}])
def test_without_a_selection_the_page_explains_how_to_select(signed_in, mia, published_post, sent):
    comment, client = waiting(published_post()), signed_in(mia)
    found = soup(client.post("/admin/queue/bulk/", {"act": "approve", **sent}, follow=True))
    assert said(found) == [("Please select comments first, using the checkbox next to each name.")]
    assert status(comment) == Status.PENDING


def test_a_long_queue_costs_no_more_queries_than_a_short_one(signed_in, mia, bob, published_post):
    from tests.house.budgets import queries

    client, post = signed_in(mia), published_post()
    for number in range(30):
        other = published_post()
        waiting(other, say(other, user=bob, name=""), email=f"{number}@example.org")
    few = queries(client, "/admin/queue/waiting/")[1]
    for number in range(60):
        waiting(post, user=bob if number % 2 else None, name="" if number % 2 else "Wren")
    assert queries(client, "/admin/queue/waiting/")[1] <= few
