"""Removal notices: on the writer's receipt, and by mail if they have a verified address."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.mail import address_proofs
from accounts.models import Address, Mail
from comments.care import cases
from comments.models import Comment, RemovalReason
from comments.moderation import decisions, locked_threads, writers
from comments.posting import own_comments
from comments.tree.status import Status
from tests.accounts.smtp_server import html_of, text_of
from tests.comments.factories import say, stored
from tests.comments.http import soup, visit
from tests.comments.mail import everything_in, follows, links_in, run_due, verified
from tests.comments.receipts.test_receipts import link_of

pytestmark = pytest.mark.django_db
REASON = "It names your neighbour – please leave her out & write again <3"
BODY = "Only for readers of the lake."


@pytest.fixture
def post(published_post):
    return published_post(title="An evening by the lake")


@pytest.fixture
def guest(post):
    """A comment of a guest whose address is verified and takes mails that are not discreet."""
    return say(post, verified_address=verified(), name="Wren", body=BODY)


@pytest.fixture
def now(time_machine):
    moment = timezone.now()
    time_machine.move_to(moment, tick=False)
    return moment


def decide(comment, act, who, **options):
    options = {"reason": REASON, **options}
    return decisions.decide([comment.pk], act, who, **options).actions[comment.pk]


def test_the_mail_is_sent_once_the_decision_can_no_longer_be_undone(
    mia, guest, now, time_machine, post_office
):
    decide(guest, "remove", mia, mails_due_at=now + decisions.UNDO_WINDOW)
    time_machine.shift(19)
    run_due()
    assert post_office.mails == []
    time_machine.shift(2)
    run_due()
    assert post_office.to() == ["ada@example.org"]


def test_the_mail_waits_as_long_by_default(mia, guest, now):
    decide(guest, "remove", mia)
    assert Mail.objects.get().due_at == now + timedelta(seconds=20)


def test_the_mail_gives_the_decision_and_the_reason_and_no_text_of_the_comment(
    mia, guest, now, time_machine, post_office
):
    decide(guest, "remove", mia)
    time_machine.shift(60)
    run_due()
    (mail,) = post_office.mails
    for text in (text_of(mail), html_of(mail).replace("&amp;", "&").replace("&lt;", "<")):
        assert REASON in text
        assert "An evening by the lake" in text
        assert "decided not to show it" in text
    assert "Only for" not in everything_in(mail)
    assert "Mia" not in everything_in(mail)
    page = visit(Client(), Client().post(links_in(mail)[0])["Location"])
    assert "A moderator decided not to show your comment." in page.h1.text
    assert REASON in page.text


def test_a_discreet_mail_names_nobody_and_nothing(
    mia, guest, now, time_machine, post_office, settings
):
    settings.DEFAULT_FROM_EMAIL = "The quiet blog <blog@example.org>"
    Address.objects.update(discreet=True)
    decide(guest, "remove", mia)
    time_machine.shift(60)
    run_due()
    whole = everything_in(post_office.mails[0])
    for secret in ("lake", "Wren", "neighbour", "quiet", "Mia", "moderator", "comment", "removed"):
        assert secret not in whole
    assert len(links_in(post_office.mails[0])) == 1


def test_an_account_is_mailed_at_its_verified_address_in_its_discreet_mode(
    mia, bob, post, now, time_machine, post_office
):
    one, other = (say(post, user=bob, name="", body=BODY) for _ in range(2))
    decide(one, "remove", mia)
    time_machine.shift(60)
    run_due()
    follows(bob, post=post, discreet=True)
    decide(other, "remove", mia)
    time_machine.shift(60)
    run_due()
    assert post_office.to() == ["bob@example.org"] * 2
    assert ["lake" in everything_in(mail) for mail in post_office.mails] == [True, False]


def test_an_unverified_address_gets_no_mail(mia, post, person):
    known = address_proofs.get_or_create_address("wren@example.org")
    Address.objects.filter(pk=known.pk).update(verified_at=timezone.now())
    carol = person("carol", verified=False)
    for fields in ({"email": "wren@example.org"}, {"user": carol, "name": ""}, {}):
        decide(say(post, **fields), "remove", mia)
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("act", "tell", "mailed"),
    [
        ("remove", None, True),
        ("remove", True, True),
        ("remove", False, False),
        ("spam", None, False),
        ("spam", True, True),
        ("hold", None, False),
        ("keep", None, False),
    ],
)
def test_a_removal_sends_the_mail_and_spam_only_on_request(mia, guest, act, tell, mailed):
    decide(guest, act, mia, tell=tell)
    assert Mail.objects.exists() == mailed


def test_a_decision_without_effect_sends_no_mail(mia, owner, guest):
    decide(guest, "remove", mia)
    decisions.decide([guest.pk], "remove", owner, "another")
    assert Mail.objects.count() == 1


def undone(guest, action, mia, owner):
    decisions.undo_action(action, owner)


def restored(guest, action, mia, owner):
    decisions.decide([guest.pk], "restore", owner)


def withdrawn(guest, action, mia, owner):
    own_comments.withdraw(guest.pk)


def disowned(guest, action, mia, owner):
    own_comments.disown(guest.pk)


def purged(guest, action, mia, owner):
    Comment.objects.purge(stored(guest))


def stopped(guest, action, mia, owner):
    Address.objects.update(stopped_at=timezone.now())


@pytest.mark.parametrize("event", [undone, restored, withdrawn, disowned, purged, stopped])
def test_a_changed_situation_cancels_the_mail(
    mia, owner, guest, now, time_machine, post_office, event
):
    action = decide(guest, "remove", mia)
    event(guest, action, mia, owner)
    time_machine.shift(3600)
    run_due()
    assert post_office.mails == []


@pytest.mark.parametrize("event", [undone, restored])
def test_of_two_removals_only_the_lasting_one_is_mailed(
    mia, owner, guest, now, time_machine, post_office, event
):
    event(guest, decide(guest, "remove", mia), mia, owner)
    decide(guest, "remove", owner, reason="Another reason.")
    decisions.decide([guest.pk], "keep", mia)
    time_machine.shift(60)
    run_due()
    (mail,) = post_office.mails
    assert "Another reason." in text_of(mail)


def test_the_outbox_does_not_store_whose_comment_it_was(mia, guest, now, time_machine, post_office):
    decide(guest, "remove", mia)
    time_machine.shift(60)
    run_due()
    assert len(post_office.mails) == 1
    own_comments.disown(guest.pk)
    assert list(Mail.objects.values_list("to_address", "arguments")) == [("", {})]


def test_a_dead_mail_server_delays_the_mail(mia, guest, now, time_machine, settings, post_office):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    decide(guest, "remove", mia)
    time_machine.shift(60)
    run_due()
    assert Mail.objects.waiting().count() == 1
    settings.EMAIL_PORT = port
    time_machine.shift(3600)
    run_due()
    assert post_office.to() == ["ada@example.org"]


# -- on the receipt ----------------------------------------------------------------------


def words_on(comment):
    return soup(Client().get(link_of(comment))).text


def test_the_receipt_gives_the_reason_as_long_as_the_decision_stands(mia, owner, guest):
    action = decide(guest, "remove", mia)
    assert REASON in words_on(guest)
    assert "You can delete it permanently at any time." in words_on(guest)
    decisions.undo_action(action, owner)
    assert REASON not in words_on(guest)
    assert "Your comment is public." in words_on(guest)


def test_no_private_word_of_moderators_is_on_the_receipt(mia, owner, guest):
    decide(guest, "remove", mia)
    writers.note(guest.pk, mia, "Private one.")
    writers.ban(guest.pk, mia, note="Private two.")
    locked_threads.lock(guest.pk, mia)
    cases.open_case(guest, "Private three.", who=mia)
    decisions.decide([guest.pk], "keep", owner, "Private four.")
    text = words_on(guest)
    assert REASON in text
    assert "Private" not in text


def test_the_receipt_of_a_held_comment_is_kind(mia, guest):
    decide(guest, "hold", mia)
    text = words_on(guest)
    assert "It was public before. A moderator will review it before it appears again." in text
    assert "A moderator wants to look at it again." in text
    assert REASON in text


def test_the_receipt_of_an_imported_hidden_comment_names_no_decision(post):
    comment = say(post, status=Status.SPAM, source="elsewhere", source_id="1")
    text = words_on(comment)
    assert "Your comment isn’t visible." in text
    assert "A moderator decided" not in text


# -- the owner's reasons -----------------------------------------------------------------


def test_a_few_reasons_are_shipped_and_they_are_kind():
    offered = list(RemovalReason.objects.offered())
    assert 3 <= len(offered) <= 6
    for reason in offered:
        assert not re.search(r"!|\b(violat|inappropriate|forbidden|rule|warn)", reason.text)
        assert len(reason.text) < 400


def test_only_the_owner_edits_the_reasons(signed_in, mia, alice, owner):
    address = "/admin/comments/removalreason/"
    for other in (mia, alice):
        assert signed_in(other).get(address).status_code == 403
        assert (
            signed_in(other).post(f"{address}add/", {"name": "a", "text": "b"}).status_code == 403
        )
    new = {"name": "Too long ago", "text": "A kind word.", "position": 9, "is_offered": "on"}
    assert signed_in(owner).post(f"{address}add/", new).status_code == 302
    assert RemovalReason.objects.offered().last().text == "A kind word."
    RemovalReason.objects.filter(text="A kind word.").update(is_offered=False)
    assert not RemovalReason.objects.offered().filter(text="A kind word.").exists()
