"""Guests' subscriptions: each one is confirmed through a mail to the guest's address."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Address
from comments.models import Subscription
from tests.accounts.smtp_server import text_of
from tests.comments.factories import say
from tests.comments.http import only_comment, send, soup
from tests.comments.mail import everything_in, follows, links_in, one_click, run_due, verified

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("comments.models.subscriptions", "comments.subscriptions.subscribe"),
]
ADA = "ada@example.org"
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to("2030-05-01 12:00Z", tick=False)


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake", slug="lake", comment_mode="open")


def wish(client, address="/posts/lake/following/", **fields):
    return client.post(address, {"email": ADA, "rhythm": "at-once", "discreet": "on", **fields})


def press_proof(client, post_office):
    """Have the mail sent, and press the button behind its link; return where it leads."""
    run_due()
    (path,) = links_in(post_office.mails[-1])
    assert client.get(path).status_code == 200
    return client.post(path)["Location"]


def boxes(client, where):
    """Return whether each subscription is ticked on the confirmation page, by its key."""
    page = soup(client.get(where))
    return {int(box["value"]): box.has_attr("checked") for box in page.select("[name=following]")}


def go_the_whole_way(client, post_office, **fields):
    """Press the button in the mail, and tick everything on the page it leads to."""
    where = press_proof(client, post_office)
    wishes = [*boxes(client, where)]
    return client.post(where, {"act": "follow", "following": wishes, "discreet": "on"} | fields)


def test_a_ticked_box_leads_to_a_proof_and_then_to_mails(client, post, post_office):
    send(client, post, email=ADA, follow="on", discreet="on")
    comment = only_comment()
    send(Client(), comment, "Too early.", name="Wren")
    go_the_whole_way(Client(), post_office)
    assert post_office.to() == [ADA]
    send(Client(), comment, "In time.", name="Wren")
    run_due()
    assert post_office.to() == [ADA, ADA]
    assert post_office.mails[1]["Subject"] == "There’s something new for you"


def test_the_proof_mail_does_not_name_the_subscription(client, post, post_office):
    send(client, post, "Words of mine.", email=ADA, follow="on")
    run_due()
    said = everything_in(post_office.mails[0])
    assert not [w for w in ("lake", "Words", "Ada ", "comment", "answer", "Hearth") if w in said]
    assert "List-Unsubscribe" not in post_office.mails[0]


def test_without_the_box_no_mail_goes_anywhere(client, post, post_office):
    send(client, post, email=ADA)
    run_due()
    assert post_office.mails == []
    assert not Address.objects.exists()


def test_the_box_without_an_address_asks_for_one_and_keeps_every_word(client, post):
    answer = send(client, post, "Words of mine.", follow="on")
    assert answer.status_code == 422
    assert "Where should we send the emails?" in answer.text
    assert "Words of mine." in answer.text
    assert not post.comments.exists()


@pytest.mark.parametrize("email", ["ada", "ada@example.org\nBcc: eve@example.org", "a@ex\x00.org"])
def test_without_an_address_there_is_no_subscription(client, post, email):
    assert send(client, post, email=email, follow="on").status_code == 422
    assert wish(client, email=email).status_code == 422
    assert not Subscription.objects.exists()
    assert not Address.objects.exists()


def test_discreet_mode_is_preselected_and_can_be_unticked(client, post, post_office):
    form = soup(client.get("/posts/lake/reply/"))
    assert form.select_one("[name=discreet]").has_attr("checked")
    assert not form.select_one("[name=follow]").has_attr("checked")
    send(client, post, email=ADA, follow="on")
    where = press_proof(client, post_office)
    page = soup(client.get(where))
    assert page.select_one("[name=discreet]").has_attr("checked")
    client.post(where, {"act": "follow", "following": [*boxes(client, where)]})
    assert not Address.objects.get().discreet
    send(Client(), only_comment(), name="Wren")
    run_due()
    assert post_office.mails[1]["Subject"] == "Wren replied on An evening by the lake"


def test_a_preview_keeps_the_boxes_as_ticked(client, post):
    fields = {"name": "Ada", "body": "Words.", "email": ADA, "follow": "on"}
    page = soup(client.post("/comments/preview/?to=/posts/lake/reply/", fields))
    assert page.select_one("[name=follow]").has_attr("checked")
    assert not page.select_one("[name=discreet]").has_attr("checked")


def test_several_subscriptions_wait_for_one_mail(client, post, post_office):
    send(client, post, email=ADA, follow="on", discreet="on")
    assert "Check your inbox" in wish(client).text
    wish(client, "/following/", rhythm="weekly")
    go_the_whole_way(Client(), post_office)
    assert len(post_office.mails) == 1
    assert Subscription.objects.active().count() == 3


def test_subscribing_a_strangers_address_sends_one_mail_a_day(
    client, post, post_office, time_machine
):
    for _ in range(5):
        wish(client)
        send(client, post, email=ADA, follow="on")
    run_due()
    time_machine.shift(A_DAY)
    wish(client)
    run_due()
    assert post_office.to() == [ADA, ADA]
    send(Client(), post, name="Wren")
    run_due()
    assert len(post_office.mails) == 2


def test_after_one_confirmation_another_is_possible_on_the_same_day(client, post, post_office):
    wish(client)
    go_the_whole_way(client, post_office)
    wish(client, "/following/")
    go_the_whole_way(client, post_office)
    assert len(post_office.mails) == 2
    assert Subscription.objects.active().count() == 2


def test_typing_a_verified_address_starts_and_changes_nothing(client, post, post_office):
    address = verified(ADA, discreet=True)
    follows(address, Subscription.Rhythm.WEEKLY, post=post)
    wish(client, discreet="")
    wish(client, "/following/", discreet="")
    row = Subscription.objects.get(post=post)
    assert (row.rhythm, row.confirmed_at.year) == ("weekly", 2020)
    assert Subscription.objects.active().get() == row
    go_the_whole_way(Client(), post_office)
    address.refresh_from_db()
    assert address.discreet
    assert Subscription.objects.active().count() == 2


def test_a_discreet_subscription_is_not_made_open_by_another(client, post, post_office):
    wish(client)
    wish(client, discreet="")
    wish(client, "/following/", discreet="")
    where = press_proof(Client(), post_office)
    assert soup(client.get(where)).select_one("[name=discreet]").has_attr("checked")
    assert Address.objects.get().discreet


def test_an_unconfirmed_subscription_expires_after_a_week(client, post, time_machine):
    from accounts.mail import links

    wish(client)
    time_machine.shift(timedelta(days=7, seconds=1))
    late = links.make_link("prove", address=Address.objects.get()).removeprefix("http://localhost")
    assert client.post(late).status_code == 200
    assert not Subscription.objects.active().exists()


def test_a_link_scanner_confirms_and_ends_nothing(client, post, post_office):
    wish(client)
    run_due()
    for path in links_in(post_office.mails[0]):
        client.get(path)
    assert not Subscription.objects.active().exists()
    go_the_whole_way(Client(), post_office)
    send(Client(), post, name="Wren")
    run_due()
    for path in [*links_in(post_office.mails[1]), one_click(post_office.mails[1])]:
        client.get(path)
        client.head(path)
    assert Subscription.objects.active().count() == 1


def test_a_used_and_a_forged_link_do_nothing(client, post, post_office):
    wish(client)
    go_the_whole_way(client, post_office)
    (path,) = links_in(post_office.mails[0])
    assert client.post(path).status_code == 404
    assert client.post(f"{path[:-5]}xxxx/").status_code == 404


def test_subscribing_again_after_a_stop_brings_only_the_new_mails(
    client, post, post_office, time_machine
):
    address = verified(ADA)
    follows(address)
    Subscription.objects.update(created_at="2030-04-01 12:00Z")
    Address.objects.update(stopped_at="2030-04-02 12:00Z")
    wish(client)
    assert not Subscription.objects.active().exists()
    go_the_whole_way(client, post_office)
    assert Subscription.objects.active().get().post == post


def test_a_held_comment_can_be_subscribed_to(client, published_post, post_office, mia):
    from comments.moderation import decisions

    post = published_post(comment_mode="moderated")
    send(client, post, email=ADA, follow="on")
    go_the_whole_way(Client(), post_office)
    comment = only_comment()
    decisions.decide([comment.pk], "approve", mia)
    answer = say(post, comment, 0)
    decisions.decide([answer.pk], "approve", mia)
    run_due()
    assert len(post_office.mails) == 2


def test_a_form_sent_twice_makes_one_subscription(client, post, post_office):
    for _ in range(2):
        send(client, post, email=ADA, follow="on", submission="the-same-form")
    assert Subscription.objects.count() == 1


def test_a_dead_mail_server_does_not_lose_a_subscription(client, post, post_office, time_machine):
    post_office.close()
    assert send(client, post, email=ADA, follow="on").status_code == 302
    run_due()
    assert "link" not in [mail["Subject"] for mail in post_office.mails]
    post_office.open()
    time_machine.shift(60)
    go_the_whole_way(Client(), post_office)
    assert Subscription.objects.active().count() == 1
    assert "confirm your email address" in text_of(post_office.mails[0])


def test_the_proof_alone_starts_no_subscription_that_a_stranger_typed(client, post, post_office):
    send(client, post, email=ADA)
    hers = only_comment()
    client.post(f"/comments/{hers.pk}/receipt/proof/")
    wish(Client(), "/following/", discreet="")
    where = press_proof(client, post_office)
    assert [*boxes(client, where).values()] == [False]
    assert "All conversations (Right away)" in " ".join(soup(client.get(where)).text.split())
    client.post(where)
    assert not Subscription.objects.active().exists()
    assert Address.objects.get().discreet


def test_only_subscriptions_from_this_browser_are_preselected(client, post, post_office):
    send(client, post, email=ADA, follow="on", discreet="on")
    where = press_proof(client, post_office)
    assert [*boxes(client, where).values()] == [True]
    assert [*boxes(Client(), where).values()] == [False]
    wish(Client(), "/following/")
    assert [*boxes(client, where).values()] == [False, False]


def test_only_ticked_subscriptions_begin(client, post, published_post, post_office):
    wish(client)
    wish(client, "/following/")
    follows_of_another = wish(Client(), email="bea@example.org")
    assert follows_of_another.status_code == 200
    mine = Subscription.objects.get(address__email=ADA, post=post)
    others = Subscription.objects.get(address__email="bea@example.org")
    run_due()
    (path,) = links_in(next(m for m in post_office.mails if m["To"] == ADA))
    where = client.post(path)["Location"]
    answer = client.post(where, {"act": "follow", "following": [others.pk, "x", "9" * 30]})
    assert not Subscription.objects.active().exists()
    assert "You’re following" not in answer.text
    assert "Please choose at least one." in client.post(where, {"act": "follow"}).text
    answer = client.post(where, {"act": "follow", "following": mine.pk, "discreet": "on"})
    assert "You’re following what you chose." in answer.text
    assert Subscription.objects.active().get() == mine


def test_a_stranger_cannot_change_a_pending_subscription(client, post, post_office):
    wish(client, rhythm="weekly")
    wish(Client(), rhythm="at-once", discreet="")
    row = Subscription.objects.get()
    assert (row.rhythm, row.discreet) == ("weekly", True)
    page = client.get(press_proof(client, post_office))
    assert "Conversation on “An evening by the lake” (Weekly" in " ".join(soup(page).text.split())


def test_mails_that_a_guest_made_open_stay_open(client, post, post_office):
    follows(verified(ADA))
    wish(client)
    where = press_proof(client, post_office)
    assert not soup(client.get(where)).select_one("[name=discreet]").has_attr("checked")
