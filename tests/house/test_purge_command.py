"""`manage.py purge`: which data is deleted and when, and what is never touched; once a day."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore

from accounts import retention
from accounts.models import Address, EmailLink, Mail
from blog.models import PreviewLink
from blog.publishing import trash
from comments.models import Comment, DigestEntry, Report, Subscription
from comments.models import moderation as models_moderation
from comments.moderation import decisions
from config import due_work
from tests.comments.factories import differences, say
from tests.house.purging import NOON, after, everything, purge

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("accounts.retention")]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
KEPT = {
    "text of failed emails": 3 * DAY,
    "finished emails (sent, failed or no longer needed)": 7 * DAY,
    "recipient addresses of finished emails": 7 * DAY,
    "used or expired links": 2 * DAY,
    "expired sessions": 14 * DAY,
    "expired preview links": 7 * DAY,
    "posts in the trash": 30 * DAY,
    "network hashes of guests’ reports": 7 * DAY,
    "digests that were sent": 7 * DAY,
    "unconfirmed followers": 7 * DAY,
    "unverified email addresses": 7 * DAY,
    "records of who is reading what in the queue": 4 * MINUTE,
    "tokens of submitted forms": 7 * DAY,
    "fingerprints of repeated text": 30 * DAY,
    "expired private links": 365 * DAY,
    "text of removed comments": 30 * DAY,
    "text of spam that has replies": 30 * DAY,
    "spam": 30 * DAY,
}


@pytest.fixture
def post(published_post, alice):
    """A post, as all comments here, is of NOON."""
    with after():
        yield published_post(comment_mode="open")


@pytest.fixture
def one_of_each(post, published_post, alice, mia, bob):
    """One row of each kind that will be purged, and beside it one that stays."""
    when = {"due_at": NOON, "created_at": NOON, "arguments": {}}
    Mail.objects.create(name="x", to_address="left-a@example.org", sent_at=NOON, **when)
    Mail.objects.create(name="x", to_address="left-b@example.org", sent_at=NOON, once="k", **when)
    given_up = {"given_up_at": NOON, "written": {"subject": "A secret"}, "once": "l"}
    Mail.objects.create(name="x", to_address="", **given_up, **when)
    Mail.objects.create(name="x", to_address="waits@example.org", **when)
    EmailLink.objects.create(digest="1", kind="read", expires_at=NOON + 2 * DAY)
    EmailLink.objects.create(digest="2", kind="read", expires_at=NOON + 900 * DAY)
    session = SessionStore()
    session.set_expiry(14 * 24 * 3600)
    session.save()
    forever = SessionStore()
    forever.set_expiry(900 * 24 * 3600)
    forever.save()
    PreviewLink.objects.make(post, alice, 7)
    trash.move(published_post())
    unverified = Address.objects.create(email="Un@example.org", key="un@example.org")
    Address.objects.create(email="Pr@example.org", key="pr@example.org", verified_at=NOON)
    Address.objects.create(email="St@example.org", key="st@example.org", stopped_at=NOON)
    Subscription.objects.create(key="1", follower="g1", address=unverified, post=post)
    Subscription.objects.create(key="2", follower="u1", user=bob, post=post, confirmed_at=NOON)
    plain = say(post, body="Stays for good.")
    DigestEntry.objects.create(comment=plain, follower="u1", due_at=NOON, posted_at=NOON)
    DigestEntry.objects.create(comment=plain, follower="u2", due_at=NOON)
    Report.objects.create(comment=plain, reason="spam", network="n", text="Look.")
    models_moderation.take_review_lock(plain.pk, mia)
    marked = {"submission": "s", "same_words": "w", "receipt": "r", "receipt_made_at": NOON}
    Comment.objects.filter(pk=plain.pk).update(**marked)
    removed = say(post, body="Removed words.")
    spam, alone = say(post, body="Answered spam."), say(post, body="Spam alone.")
    say(post, spam, body="An answer to it.")
    decisions.decide([removed.pk], "remove", mia)
    decisions.decide([spam.pk, alone.pk], "spam", mia)


def test_each_kind_is_purged_when_due_and_not_before(one_of_each):
    for name, time in KEPT.items():
        with time_machine.travel(NOON + time - MINUTE, tick=False):
            assert {old.name: retention.count(old) for old in retention.rules()}[name] == 0, name
        with time_machine.travel(NOON + time + MINUTE, tick=False):
            assert {old.name: retention.count(old) for old in retention.rules()}[name] == 1, name


def test_the_dry_run_counts_the_same_and_changes_nothing(one_of_each):
    with after(days=400):
        before = everything()
        told = purge("--dry-run")
        assert everything() == before
        # Kinds without a row here count nothing.
        assert {name: number for name, number in told.items() if number} == dict.fromkeys(KEPT, 1)
        assert purge() == told
        assert not any(purge().values())
    words = str(everything())
    for gone in (
        "left-a@example.org",
        "left-b@example.org",
        "un@example.org",
        "A secret",
        "Removed words.",
    ):
        assert gone not in words
    assert "Answered spam." not in words
    assert "Spam alone." not in words
    for stays in ("waits@example.org", "pr@example.org", "st@example.org", "An answer to it."):
        assert stays in words
    assert "Stays for good." in words
    assert (Report.objects.count(), EmailLink.objects.count(), DigestEntry.objects.count()) == (
        1,
        1,
        1,
    )
    assert Subscription.objects.get().follower == "u1"
    assert differences() == []


# -- within run_due ----------------------------------------------------------------------


def mail_that_left(at=NOON):
    return Mail.objects.create(name="x", to_address="a@example.org", sent_at=at, due_at=at)


def test_run_due_purges_once_a_day(post):
    mail_that_left()
    with after(days=8):
        assert due_work.do_due() == []
        assert not Mail.objects.exists()
        mail_that_left()
        assert due_work.do_due() == []
        assert Mail.objects.count() == 1
    with after(days=8, hours=23, minutes=1):
        assert due_work.do_due() == []
        assert not Mail.objects.exists()


def test_a_purge_too_large_for_one_round_continues_in_the_next(post, monkeypatch):
    mail_that_left()
    with after(days=8):
        with monkeypatch.context() as patched:
            patched.setattr(retention, "SECONDS_AT_ONCE", -1)
            due_work.do_due()
        assert Mail.objects.count() == 1
        due_work.do_due()
        assert not Mail.objects.exists()


def fails():
    """A kind that cannot be purged."""

    def forget(rows):
        raise ValueError("no")

    yield retention.RetentionRule(
        "what fails", Mail.objects.filter(to_address="fails@example.org"), forget
    )


def test_a_failing_kind_is_reported_and_stops_no_other(post, settings, caplog):
    settings.RETENTION_RULES = [f"{__name__}.fails", *settings.RETENTION_RULES]
    mail_that_left()
    Mail.objects.create(name="x", to_address="fails@example.org", due_at=NOON + 900 * DAY)
    with after(days=8):
        assert due_work.do_due() == ["accounts.retention"]
        assert "what fails" in caplog.text
        assert Mail.objects.get().to_address == "fails@example.org"
        assert due_work.do_due() == []  # tried again after a while
    with after(days=8, minutes=11):
        assert due_work.do_due() == ["accounts.retention"]


def test_only_one_of_two_simultaneous_workers_purges(post, monkeypatch):
    """The second worker starts while the first is purging."""
    mail_that_left()
    seen = []
    forget = retention.apply_rule

    def slowly(old, going):
        if not seen:
            seen.append(old.name)
            retention.do_due()  # the other worker
        seen.append(old.name)
        return forget(old, going)

    monkeypatch.setattr(retention, "apply_rule", slowly)
    with after(days=8):
        retention.do_due()
    assert len(seen) == 1 + len(list(retention.rules()))


def test_many_rows_are_purged_in_slices(post, django_assert_max_num_queries):
    Mail.objects.bulk_create(
        Mail(name="x", to_address=f"{n}@example.org", sent_at=NOON, due_at=NOON)
        for n in range(1200)
    )
    with after(days=8), django_assert_max_num_queries(80):
        assert purge()["finished emails (sent, failed or no longer needed)"] == 1200
