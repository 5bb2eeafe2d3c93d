"""Newsletter subscriptions: double opt-in, the same answers for all, changing and unsubscribing."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.mail import address_proofs
from accounts.models import Address, Mail
from blog.models import Subscription
from blog.newsletter import subscribe
from tests.accounts.smtp_server import text_of
from tests.blog.mail import AT_ONCE, WEEKLY, reads
from tests.comments.http import soup
from tests.comments.mail import links_in, one_click, run_due, verified

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.newsletter.subscribe", "blog.models.subscriptions"),
]
HERE = "/subscribe/"
FORM = {"email": "ada@example.org", "rhythm": "at-once", "discreet": "on"}
A_TOKEN = "a" * 43


def press(path, **fields):
    """Press a button on a page linked from a mail, in a browser without cookies."""
    return Client().post(path, fields)


def behind_the_proof(post_office):
    """Run the worker, press the link of the newest mail, and return where it leads."""
    run_due()
    [link] = links_in(post_office.mails[-1])
    return press(link)["Location"]


def test_a_guest_confirms_twice_and_gets_the_next_post(client, post_office, published_post):
    assert client.post(HERE, FORM | {"rhythm": "weekly"}).status_code == 200
    run_due()
    [link] = links_in(post_office.mails[0])
    assert Client().get(link).status_code == 200
    page = press(link)["Location"]
    assert not Subscription.objects.active().exists(), "the press alone confirms nothing"
    shown = soup(Client().get(page))
    assert shown.select_one("[name=rhythm][value=weekly]").has_attr("checked")
    answer = press(page, rhythm="at-once")
    assert "You’ll get new posts by email from now on" in answer.text
    published_post(title="A walk", by_mail=True)
    run_due()
    assert post_office.mails[-1]["Subject"] == "A walk"
    assert post_office.to() == ["ada@example.org"] * 2


@pytest.mark.parametrize("discreet", [True, False])
def test_the_choices_typed_before_are_shown_after_the_proof_and_not_asked_again(
    client, post_office, discreet
):
    client.post(
        HERE,
        {"email": "ada@example.org", "rhythm": "weekly"} | ({"discreet": "on"} if discreet else {}),
    )
    shown = soup(Client().get(behind_the_proof(post_office)))
    assert "Weekly, on Sunday evening" in shown.select_one("form > p").text
    assert ("don’t mention the blog" in shown.select_one("form > p").text) is discreet
    assert not [
        field
        for field in shown.select("form input[type=radio]")
        if not field.find_parent("details")
    ]
    assert shown.select_one("details [name=discreet]").has_attr("checked") is discreet


def test_the_form_never_preselects_less_discreet_mails_than_chosen(client, post_office):
    verified("ada@example.org")
    Address.objects.update(discreet=True)
    client.post(HERE, {"email": "ada@example.org", "rhythm": "weekly"})
    shown = soup(Client().get(behind_the_proof(post_office)))
    assert shown.select_one("[name=discreet]").has_attr("checked")


def test_declining_the_subscription_stores_nothing(client, post_office, published_post):
    client.post(HERE, FORM)
    page = behind_the_proof(post_office)
    assert "You won’t get new posts by email" in press(page, act="stop").text
    assert not Subscription.objects.exists()
    published_post(by_mail=True)
    run_due()
    assert len(post_office.mails) == 1


def test_every_address_gets_the_same_answer(client, bob):
    reads("reads@example.org")
    verified("known@example.org")
    emails = ["reads@example.org", "known@example.org", "bob@example.org", "new@example.org"]
    assert len({Client().post(HERE, FORM | {"email": each}).text for each in emails}) == 1


def test_typing_a_strangers_address_repeatedly_sends_one_mail(client, post_office):
    for rhythm in ("at-once", "weekly", "weekly"):
        client.post(HERE, FORM | {"rhythm": rhythm, "email": "Ada@Example.org"})
    run_due()
    assert len(post_office.mails) == 1
    assert Subscription.objects.get().rhythm == AT_ONCE, "the first wish is not another's to change"


def test_the_form_changes_nothing_for_an_existing_subscriber(client, post_office):
    reads("ada@example.org", AT_ONCE)
    before = Subscription.objects.values().get()
    client.post(HERE, FORM | {"rhythm": "weekly"})
    assert Subscription.objects.values().get() == before
    assert not Address.objects.get().discreet


def test_an_unconfirmed_subscription_expires(client, post_office, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    client.post(HERE, FORM)
    time_machine.move_to("2030-05-08 12:01Z", tick=False)
    run_due()
    assert not Subscription.objects.exists()


def test_a_confirmation_pass_works_for_fifteen_minutes_and_one_address(client, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    mailbox = reads()
    page = subscribe.page_path(mailbox)
    assert Client().get(page).status_code == 200
    for forged in (page.replace("/subscribe/", "/subscribe/x"), f"{HERE}{A_TOKEN}/", f"{HERE}x/"):
        assert Client().get(forged).status_code == 404
        assert press(forged, act="stop").status_code == 404
    from accounts.mail import mailboxes

    other = mailboxes.make_pass_token(mailbox, "proof")
    assert press(f"{HERE}{other}/", act="stop").status_code == 404
    time_machine.shift(15 * 60 + 1)
    assert press(page, act="stop").status_code == 404
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "no address"},
        {"email": ""},
        {"email": "a@example.org\r\nBcc: b@example.org"},
        {"email": f"{'a' * 260}@example.org"},
        {"rhythm": "hourly"},
        {"rhythm": "daily"},
        {"rhythm": ""},
    ],
)
def test_an_invalid_form_is_refused_and_keeps_what_was_typed(client, fields):
    answer = client.post(HERE, FORM | fields)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert not Subscription.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.usefixtures("one_minute")
def test_a_flood_of_subscriptions_is_slowed(client, settings):
    settings.COMMENTS_A_MINUTE = 2
    codes = [client.post(HERE, FORM | {"email": f"a{n}@example.org"}) for n in range(4)]
    assert [each.status_code for each in codes] == [200, 429, 429, 429]
    assert int(codes[-1]["Retry-After"]) > 0
    assert "a3@example.org" in codes[-1].text
    elsewhere = client.post(HERE, FORM | {"email": "b@example.org"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_a_form_on_another_site_cannot_subscribe(bob):
    checked = Client(enforce_csrf_checks=True)
    assert checked.post(HERE, FORM).status_code == 403
    assert checked.post(subscribe.page_path(reads()), {"act": "stop"}).status_code == 403
    checked.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert checked.post(HERE, {"rhythm": "at-once"}).status_code == 403


def test_one_field_on_a_page_that_is_the_same_for_all_is_enough(bob, post_office):
    checked = Client(enforce_csrf_checks=True)
    answer = checked.post(f"{HERE}now/", {"email": FORM["email"]})
    assert "Check your inbox" in answer.text
    run_due()
    assert post_office.mails[-1]["To"] == FORM["email"]
    refused = checked.post(f"{HERE}now/", {"email": "no address"})
    assert refused.status_code == 422
    assert f'action="{HERE}" novalidate' in refused.text
    assert checked.get(f"{HERE}now/").status_code == 405
    checked.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert checked.post(f"{HERE}now/", {"email": FORM["email"]})["Location"] == HERE


def test_reading_pages_lead_to_the_form_and_set_no_cookie(client, published_post):
    post = published_post()
    for address in ("/", post.get_absolute_url()):
        answer = client.get(address)
        assert soup(answer).select_one(f'.masthead a[href="{HERE}"]'), address
        assert soup(answer).select_one(f'main form[action="{HERE}now/"]'), address
        assert not answer.cookies
        assert "public" in answer["Cache-Control"]
    assert "no-store" in client.get(HERE)["Cache-Control"]


def test_no_blog_page_can_take_the_reserved_address():
    from blog.permalinks import RESERVED

    assert "subscribe" in RESERVED


# -- with an account -----------------------------------------------------------------------


def test_a_signed_in_reader_begins_changes_and_ends_on_one_page(signed_in, bob):
    reader = signed_in(bob)
    assert not soup(reader.get(HERE)).select_one("[name=email]")
    assert reader.post(HERE, {"rhythm": "at-once"})["Location"] == HERE
    page = reader.get(HERE).text
    assert "New posts are sent to bob@example.org." in page
    assert BeautifulSoup(page, "html.parser").select_one("[value=at-once]").has_attr("checked")
    reader.post(HERE, {"rhythm": "weekly", "discreet": "on"})
    row = Subscription.objects.get()
    assert (row.rhythm, row.discreet) == (WEEKLY, True)
    assert HERE in reader.get("/account/following/").text, "the account's pages lead to it"
    reader.post(HERE, {"act": "stop"})
    assert not Subscription.objects.exists()


def test_an_account_needs_a_verified_address(person, signed_in):
    carol = signed_in(person("carol", verified=False))
    sentence = soup(carol.get(HERE)).find("a", string="confirm your email address").parent
    assert sentence.text == "Please confirm your email address first."
    assert carol.post(HERE, {"rhythm": "at-once"}).status_code == 422
    assert not Subscription.objects.exists()


def test_one_mailbox_gets_one_mail_however_it_is_subscribed(
    bob, signed_in, post_office, published_post
):
    reads("Bob@example.org")
    Subscription.objects.create(subscriber=f"u{bob.pk}", user=bob, confirmed_at="2020-01-01 12:00Z")
    published_post(by_mail=True)
    run_due()
    assert len(post_office.mails) == 1
    signed_in(bob).post(HERE, {"rhythm": "at-once"})
    assert Subscription.objects.get().user == bob, "the account takes the guest's over"


# -- out of a mail -------------------------------------------------------------------------


@pytest.fixture
def mail(post_office, published_post):
    """A function that mails a new post to the subscribers; returns the newest mail."""

    def send(**fields):
        published_post(by_mail=True, **fields)
        run_due()
        return post_office.mails[-1]

    return send


def test_one_click_in_a_mail_program_unsubscribes_without_cookies(
    mail, post_office, published_post
):
    reads()
    sent = mail()
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = one_click(sent)
    assert Client().get(way_out).status_code == 200
    assert Subscription.objects.count() == 1, "looking ends nothing"
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(way_out, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Subscription.objects.exists()
    assert press(way_out).status_code == 200, "pressing again is as well"
    published_post(by_mail=True)
    run_due()
    assert len(post_office.mails) == 1


def test_the_same_link_opens_the_page_of_choices(mail):
    reads()
    [way_out] = {path for path in links_in(mail()) if path.startswith("/m/")}
    assert soup(Client().get(way_out)).select_one("button[value=choose]")
    page = press(way_out, choice="choose")["Location"]
    assert "How often would you like new posts?" in Client().get(page).text
    press(page, rhythm="weekly", discreet="on")
    row = Subscription.objects.select_related("address").get()
    assert (row.rhythm, row.is_discreet) == (WEEKLY, True)
    assert press(page, rhythm="hourly").status_code == 422
    press(page, act="stop")
    assert "You don’t get new posts by email" in Client().get(page).text
    press(page, rhythm="weekly")
    assert Subscription.objects.active().exists(), "who comes by their mail may begin again"


def test_forged_and_expired_links_do_nothing(mail, time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)
    reads()
    way_out = one_click(mail())
    assert press(f"/m/{A_TOKEN}/").status_code == 404
    time_machine.move_to("2031-06-01 12:00Z", tick=False)
    assert press(way_out).status_code == 404
    assert Subscription.objects.count() == 1


def test_stopping_new_posts_leaves_answers_and_stopping_all_ends_both(
    client, post_office, published_post, bob
):
    from accounts.mail import mailboxes
    from comments import models as conversation
    from tests.comments.mail import follows

    follows(bob)
    mailbox = reads(bob)
    published_post(by_mail=True)
    run_due()
    press(one_click(post_office.mails[-1]))
    assert not Subscription.objects.exists()
    assert conversation.Subscription.objects.exists()
    reads(bob)
    mailboxes.unsubscribe_all(mailbox.key)
    assert not Subscription.objects.exists()
    assert not conversation.Subscription.objects.exists()
    assert address_proofs.mail_stopped_at("bob@example.org")


def test_an_old_link_says_that_all_mails_are_stopped(mail):
    from accounts.mail import mailboxes

    mailbox = reads()
    way_out = one_click(mail())
    mailboxes.unsubscribe_all(mailbox.key)
    assert "You’ve been unsubscribed" in press(way_out, choice="choose").text


def test_subscribing_after_stopping_all_mails_needs_a_new_proof(client, post_office):
    from accounts.mail import mailboxes

    mailboxes.unsubscribe_all(reads().key)
    client.post(HERE, FORM)
    page = behind_the_proof(post_office)
    press(page, rhythm="at-once")
    assert Subscription.objects.active().exists()


def test_the_page_leads_to_other_unconfirmed_subscriptions(client, post_office, published_post):
    post = published_post(comment_mode="open")
    client.post(f"{post.get_absolute_url()}following/", {"email": FORM["email"], "rhythm": "daily"})
    client.post(HERE, FORM)
    page = behind_the_proof(post_office)
    assert page.startswith(HERE)
    on = re.search(r'href="(/comments/proof/[^"]+)"', press(page, rhythm="at-once").text)
    assert "What would you like emails about?" in Client().get(on[1]).text


def test_the_pages_name_nobody_and_are_not_cached_by_others(mail):
    mailbox = reads()
    page = Client().get(subscribe.page_path(mailbox))
    assert "ada" not in page.text
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert "noindex" in page["X-Robots-Tag"]


def test_deleting_the_address_ends_the_subscription(mail, post_office):
    reads()
    Address.objects.all().delete()
    assert not Subscription.objects.exists()


# -- who sees it ---------------------------------------------------------------------------


def test_the_owner_sees_numbers_and_rows_and_nobody_else_does(signed_in, owner, alice, mia, bob):
    reads()
    reads(bob, WEEKLY)
    subscribe.subscribe_guest("wren@example.org", AT_ONCE, True)
    address = "/admin/blog/subscription/"
    for person in (alice, mia):
        assert signed_in(person).get(address).status_code == 403
    page = signed_in(owner).get(address).text
    assert "Right away: 1. Weekly: 1. Unconfirmed: 1." in page
    row = Subscription.objects.get(user=bob)
    assert signed_in(owner).post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Subscription.objects.filter(user=bob).exists()


def test_the_proof_mail_does_not_name_the_subscription(client, post_office):
    client.post(HERE, FORM)
    run_due()
    assert "post" not in text_of(post_office.mails[0]).lower()


def test_the_page_says_which_of_four_things_it_did(client, post_office):
    client.post(HERE, FORM)
    page = behind_the_proof(post_office)
    assert soup(press(page, act="stop")).h1.text == "You’re not subscribed"
    client.post(HERE, FORM | {"email": "eve@example.org"})
    page = behind_the_proof(post_office)
    assert soup(press(page, rhythm="at-once")).h1.text == "You’re subscribed"
    assert soup(press(page, rhythm="weekly")).h1.text == "Preferences saved"
    assert soup(press(page, act="stop")).h1.text == "You’ve been unsubscribed"
