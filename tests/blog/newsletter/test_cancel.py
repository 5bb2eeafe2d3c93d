"""A post waits five minutes before it is sent, and its author can cancel that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Mailing, Post
from blog.newsletter import send
from tests.blog.admin_http import ADD, change, form, said
from tests.blog.mail import reads
from tests.comments.mail import run_due

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.newsletter.send")]
NOON = "2030-05-01 12:00Z"


@pytest.fixture(autouse=True)
def clock(time_machine, monkeypatch):
    monkeypatch.setattr(send, "WAIT", timedelta(minutes=5))
    time_machine.move_to(NOON, tick=False)
    return time_machine


def cancel(desk, post):
    return desk.post(f"/admin/blog/post/{post.pk}/send/cancel/")


def test_a_published_post_is_sent_after_five_minutes(desk, post_office, clock):
    reads()
    assert "Goes out by email at 12:05." in said(desk.post(ADD, form(act="publish", by_mail="on")))
    assert "Cancel" in desk.get(change(Post.objects.get())).text
    run_due()
    clock.shift(timedelta(minutes=4, seconds=59))
    run_due()
    assert not post_office.mails
    clock.shift(timedelta(seconds=1))
    run_due()
    assert len(post_office.mails) == 1


def test_what_was_cancelled_is_not_sent_and_can_be_sent_later(desk, post_office, clock):
    reads()
    desk.post(ADD, form(act="publish", by_mail="on"))
    post = Post.objects.get()
    assert "Nothing was sent." in said(cancel(desk, post))
    clock.shift(timedelta(hours=1))
    run_due()
    assert not post_office.mails
    assert not Mailing.objects.filter(post=post).exists()
    assert desk.get(change(post)).context["sending"].can_send


def test_a_scheduled_post_waits_from_its_date_on(desk, post_office, clock):
    reads()
    at = timezone.now() + timedelta(hours=1)
    desk.post(ADD, form(act="schedule", published_at=at, by_mail="on"))
    post = Post.objects.get()
    clock.move_to(at)
    assert "in a few minutes" in desk.get(change(post)).context["sending"].text
    run_due()
    assert "at 13:05" in desk.get(change(post)).context["sending"].text
    clock.shift(timedelta(minutes=3))
    cancel(desk, post)
    clock.shift(timedelta(minutes=3))
    run_due()
    assert not post_office.mails


def test_it_is_too_late_once_sending_has_begun(desk, post_office, clock):
    reads()
    desk.post(ADD, form(act="publish", by_mail="on"))
    clock.shift(timedelta(minutes=5))
    post = Post.objects.get()
    assert "too late" in said(cancel(desk, post))
    run_due()
    assert len(post_office.mails) == 1
    assert "too late" in said(cancel(desk, post))
    post.refresh_from_db()
    assert post.by_mail


def test_a_post_unpublished_meanwhile_waits_again_when_it_comes_back(desk, post_office, clock):
    reads()
    desk.post(ADD, form(act="publish", by_mail="on"))
    post = Post.objects.get()
    desk.post(change(post), form(act="take-back", by_mail="on"))
    clock.shift(timedelta(minutes=10))
    run_due()
    desk.post(change(post), form(act="publish", by_mail="on"))
    run_due()
    assert not post_office.mails
    clock.shift(timedelta(minutes=5))
    run_due()
    assert len(post_office.mails) == 1


def test_nobody_sends_or_cancels_for_another_author(signed_in, carol, published_post):
    reads()
    post = published_post()
    for act in ("send/", "send/cancel/"):
        assert signed_in(carol).post(f"/admin/blog/post/{post.pk}/{act}").status_code == 404
    assert not Post.objects.get().by_mail
