"""Digests for subscribers: daily or weekly, in the blog's evening, each comment once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Mail
from blog.models import Blog
from comments.models import DigestEntry, Subscription
from comments.moderation import decisions
from comments.subscriptions import fan_out
from tests.accounts.smtp_server import text_of
from tests.comments.http import send
from tests.comments.mail import everything_in, follows, links_in, run_due, verified

pytestmark = pytest.mark.django_db
DAILY, WEEKLY, AT_ONCE = (
    Subscription.Rhythm.DAILY,
    Subscription.Rhythm.WEEKLY,
    Subscription.Rhythm.AT_ONCE,
)


@pytest.fixture
def noon(time_machine):
    """Wednesday noon; the clock stands until it is moved."""
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    return timezone.now()


@pytest.fixture
def post(noon, published_post):
    return published_post(title="An evening by the lake", comment_mode="open")


def test_a_digest_is_due_in_the_blogs_evening(db, noon):
    Blog.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    assert fan_out.next_digest(DAILY) == noon + timedelta(hours=4)
    assert fan_out.next_digest(DAILY, noon + timedelta(hours=4)) == noon + timedelta(hours=28)
    assert fan_out.next_digest(WEEKLY) == noon + timedelta(days=4, hours=4)
    winter = noon.replace(month=10, day=26)  # the clocks go back in the night that follows
    assert fan_out.next_digest(DAILY, winter + timedelta(hours=5)).utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(("rhythm", "hours"), [(DAILY, 6), (WEEKLY, 4 * 24 + 6)])
def test_new_comments_come_in_one_digest(
    client, post, bob, post_office, time_machine, rhythm, hours
):
    follows(bob, rhythm, post=post)
    for words in ("The first.", "The second."):
        send(client, post, words, name="Wren")
    run_due()
    time_machine.shift(timedelta(hours=hours, seconds=-1))
    run_due()
    assert post_office.mails == []
    time_machine.shift(1)
    run_due()
    run_due()
    (mail,) = post_office.mails
    assert mail["Subject"] == "2 new comments on Hearth"
    said = text_of(mail)
    assert said.index("The first.") < said.index("The second.")
    time_machine.shift(timedelta(days=8))
    run_due()
    assert len(post_office.mails) == 1
    assert not DigestEntry.objects.exists()


def test_each_comment_is_in_one_digest(client, post, bob, post_office, time_machine):
    follows(bob, DAILY, post=post)
    for words in ("On the first day.", "On the second day."):
        send(client, post, words)
        run_due()
        time_machine.shift(timedelta(days=1))
        run_due()
    first, second = map(text_of, post_office.mails)
    assert "first day" in first
    assert "first day" not in second


def test_the_more_frequent_subscription_counts(client, post, bob, post_office, time_machine):
    follows(bob, WEEKLY)
    follows(bob, DAILY, post=post)
    send(client, post)
    time_machine.shift(1)
    run_due()
    time_machine.shift(timedelta(hours=6))
    run_due()
    assert len(post_office.mails) == 1
    follows(bob, AT_ONCE, post=post)
    send(client, post, "Another one.")
    run_due()
    assert len(post_office.mails) == 2


def test_a_comment_mailed_to_an_account_is_not_in_the_digest_of_the_same_mailbox(
    client, post, bob, post_office, time_machine
):
    follows(bob, AT_ONCE, post=post)
    follows(verified("BOB@example.org"), DAILY, post=post)
    send(client, post)
    run_due()
    time_machine.shift(timedelta(days=1))
    run_due()
    assert len(post_office.mails) == 1


def test_a_comment_removed_meanwhile_is_not_in_the_digest(
    client, post, bob, mia, post_office, time_machine
):
    follows(bob, DAILY, post=post)
    send(client, post, "Something unkind.")
    run_due()
    decisions.decide(post.comments.values_list("pk", flat=True), "remove", mia)
    time_machine.shift(timedelta(days=1))
    run_due()
    assert post_office.mails == []
    assert Mail.objects.get().dropped_at


def test_a_temporarily_hidden_comment_comes_in_a_later_digest(
    client, post, published_post, bob, post_office, time_machine
):
    follows(bob, DAILY)
    other = published_post(comment_mode="open")
    send(client, post, "On the hidden one.")
    send(client, other, "On the other one.")
    run_due()
    type(post).objects.filter(pk=post.pk).update(comment_mode="hidden")
    time_machine.shift(timedelta(days=1))
    run_due()
    type(post).objects.filter(pk=post.pk).update(comment_mode="open")
    time_machine.shift(timedelta(days=1))
    run_due()
    first, second = map(text_of, post_office.mails)
    assert "other one" in first
    assert "hidden one" not in first
    assert "hidden one" in second
    assert "other one" not in second


def test_no_digest_comes_after_unsubscribing(client, post, bob, post_office, time_machine):
    follows(bob, DAILY, post=post)
    send(client, post)
    run_due()
    Subscription.objects.all().delete()
    time_machine.shift(timedelta(days=1))
    run_due()
    assert post_office.mails == []


def test_a_discreet_digest_is_a_list_of_links(
    client, post, bob, post_office, time_machine, settings
):
    settings.COMMENTS_A_MINUTE = 0  # nobody here is too fast
    follows(bob, DAILY, discreet=True, post=post)
    for number in range(25):
        send(client, post, f"Deep words, number {number}.", name="Wren")
    run_due()
    time_machine.shift(timedelta(hours=6))
    run_due()
    (mail,) = post_office.mails
    said = everything_in(mail)
    assert not [word for word in ("lake", "Wren", "eep", "Hearth", "comment") if word in said]
    assert "And 5 more." in said
    *read, stop = links_in(mail)
    assert len(read) == 20
    assert client.post(read[0])["Location"].startswith("/comments/")
    assert "You’ve been unsubscribed" in client.post(stop).text
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("guests", [DAILY, WEEKLY])
def test_a_mailbox_with_two_subscriptions_gets_each_comment_once(
    client, post, published_post, bob, post_office, time_machine, guests
):
    other = published_post(comment_mode="open")
    guest = verified("Bob@example.org")
    follows(bob, DAILY, post=post)
    follows(guest, guests, post=post)
    follows(guest, guests, post=other)
    send(client, post, "On the lake.")
    send(client, other, "Elsewhere.")
    for _ in range(6):
        run_due()
        time_machine.shift(timedelta(days=1))
    said = "".join(text_of(mail) for mail in post_office.mails)
    assert said.count("On the lake.") == said.count("Elsewhere.") == 1


def test_a_comment_missed_by_an_ended_subscription_comes_by_the_other(
    client, post, bob, post_office, time_machine
):
    follows(bob, DAILY, post=post)
    follows(verified("Bob@example.org"), DAILY, post=post)
    send(client, post, "On the lake.")
    run_due()
    Subscription.objects.exclude(address=None).delete()
    time_machine.shift(timedelta(days=1))
    run_due()
    assert text_of(*post_office.mails).count("On the lake.") == 1
