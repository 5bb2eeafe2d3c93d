"""The newsletter in the post form: the tick, the number of subscribers, and test mails."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Mail
from blog.models import ContentNote, Mailing, Post, PostRevision
from tests.accounts.smtp_server import html_of, text_of
from tests.blog.admin_http import ADD, change, errors, form, said, typed
from tests.blog.mail import WEEKLY, reads
from tests.comments.mail import links_in, run_due

pytestmark = pytest.mark.django_db
TRIAL = "/admin/blog/post/trial/"


def tick(answer):
    """Return the tick in the form, and the sentence below it."""
    page = BeautifulSoup(answer.text, "html.parser")
    return page.select_one("[name=by_mail]"), page.select_one("#id_by_mail_helptext").text


def test_nothing_is_ticked_until_somebody_ticks_it(desk, published_post):
    for address in (ADD, change(published_post(status="draft"))):
        box, words = tick(desk.get(address))
        assert not box.has_attr("checked")
        assert "No subscribers yet." in words


def test_the_form_says_how_many_subscribers_and_never_who(desk, bob):
    reads()
    reads(bob, WEEKLY)
    reads("gone@example.org").address.delete()
    answer = desk.get(ADD)
    assert "Subscribers: 1 right away, 1 in the Sunday digest." in tick(answer)[1]
    assert "Email it to 2 subscribers" in answer.text
    assert "ada@" not in answer.text
    assert "Bob" not in answer.text


def test_publishing_with_the_tick_sends_it_and_says_so(desk, post_office):
    reads()
    answer = desk.post(ADD, form(act="publish", by_mail="on"))
    assert answer.status_code == 302
    run_due()
    assert post_office.to() == ["ada@example.org"]
    page = desk.get(change(Post.objects.get()))
    assert not page.context["sending"].can_send, "what went out cannot be called back"
    assert "to 1 subscriber who gets posts right away." in page.text
    desk.post(change(Post.objects.get()), form(act="take-back"))
    box, words = tick(desk.get(change(Post.objects.get())))
    assert box.has_attr("disabled")
    assert "to 1 subscriber who gets posts right away." in words


def test_publishing_without_the_tick_sends_nothing_and_later_it_still_can(desk, post_office):
    reads()
    assert "by email" not in said(desk.post(ADD, form(act="publish")))
    run_due()
    assert not post_office.mails
    post = Post.objects.get()
    send = f"/admin/blog/post/{post.pk}/send/"
    assert send in desk.get(change(post)).text
    assert "Send to 1 subscriber now?" in desk.get(send).text
    run_due()
    assert not post_office.mails
    desk.post(send)
    run_due()
    assert len(post_office.mails) == 1


def test_saving_a_sent_post_does_not_send_it_again(desk, post_office):
    reads()
    desk.post(ADD, form(act="publish", by_mail="on"))
    run_due()
    post = Post.objects.get()
    desk.post(change(post), form(slug=post.slug, title="Changed"))
    post.refresh_from_db()
    assert (post.title, post.by_mail) == ("Changed", True)
    run_due()
    assert len(post_office.mails) == 1


def test_an_unsaved_draft_of_a_sent_post_keeps_the_tick(desk, published_post):
    post = published_post(by_mail=True)
    run_due()
    Post.objects.update(status="draft")
    desk.post(f"/admin/blog/post/{post.pk}/autosave/", typed(title="Later", slug=post.slug))
    draft = PostRevision.objects.unsaved().get()
    assert tick(desk.get(f"{change(post)}?draft={draft.pk}"))[0].has_attr("checked")


def test_a_page_is_not_sent(desk):
    answer = desk.post(ADD, form(kind="page", by_mail="on"))
    assert "Only posts can be sent by email." in str(errors(answer)["by_mail"])


def test_a_post_that_was_sent_can_become_a_page(desk, published_post):
    post = published_post(by_mail=True)
    run_due()
    post.refresh_from_db()
    sent = form(title=post.title, kind="page", version=post.version, slug=post.slug)
    assert desk.post(change(post), sent).status_code == 302
    post.refresh_from_db()
    assert (post.kind, post.by_mail) == ("page", False)


def test_a_duplicated_post_is_not_ticked(desk, published_post):
    post = published_post(by_mail=True)
    desk.post(f"/admin/blog/post/{post.pk}/copy/", form())
    assert not Post.objects.exclude(pk=post.pk).get().by_mail


def test_an_author_sees_no_address_anywhere_and_mails_no_post_of_another(desk, published_post, bob):
    other = published_post(author=bob)
    assert desk.post(f"/admin/blog/post/{other.pk}/trial/", typed()).status_code == 404
    assert not Mail.objects.exists()


# -- test mails ----------------------------------------------------------------------------


def test_a_test_mail_sends_the_unsaved_form_to_the_author_alone(desk, post_office):
    reads()
    answer = desk.post(TRIAL, typed(title="Not saved", body="<p>My words.</p>"))
    assert "on its way to alice@example.org" in answer.text
    assert not Post.objects.exists()
    run_due()
    [mail] = post_office.mails
    assert (mail["To"], mail["Subject"]) == ("alice@example.org", "Test: Not saved")
    assert "My words." in text_of(mail)
    assert "My words." in html_of(mail)
    assert not Mailing.objects.exists()
    way_out = links_in(mail)[-1]
    assert "This was a test email" in Client().get(way_out).text
    assert Client().post(way_out).status_code == 200


def test_a_test_mail_leaves_out_the_text_behind_a_content_note(desk, post_office):
    note = ContentNote.objects.get(name="grief")
    desk.post(TRIAL, typed(body="<p>My words.</p>", content_notes=[note.pk]))
    run_due()
    assert "Content note: grief" in text_of(post_office.mails[0])
    assert "My words." not in html_of(post_office.mails[0])


def test_a_test_mail_is_sent_even_if_the_form_was_saved_meanwhile(desk, post_office):
    desk.post(TRIAL, typed(title="Saved at once"))
    desk.post(ADD, typed(title="Saved at once"))
    assert not PostRevision.objects.unsaved().exists()
    run_due()
    assert post_office.mails[0]["Subject"] == "Test: Saved at once"


def test_a_test_mail_reaches_an_author_who_stopped_all_other_mails(desk, alice, post_office):
    from accounts.mail import mailboxes

    mailboxes.unsubscribe_all(reads(alice).key)
    desk.post(TRIAL, typed())
    run_due()
    assert len(post_office.mails) == 1


def test_a_test_mail_needs_a_verified_address_and_a_text_that_fits(person, signed_in, monkeypatch):
    dora = signed_in(person("dora", group="Authors", is_staff=True, verified=False))
    assert "Tests go to your own address" in dora.post(TRIAL, typed()).text
    monkeypatch.setattr("blog.markup.MAX_LENGTH", 10)
    assert dora.post(TRIAL, typed(body="x" * 11)).status_code == 413
    assert not Mail.objects.exists()


def test_only_authors_can_send_a_test_mail(signed_in, bob, mia, client):
    for person in (bob, mia):
        assert signed_in(person).post(TRIAL, typed()).status_code in {302, 403}
    assert Client().post(TRIAL, typed()).status_code == 302
    assert not Mail.objects.exists()
    assert not PostRevision.objects.exists()


def test_a_get_request_sends_no_test_mail(desk):
    assert desk.get(TRIAL).status_code == 405
