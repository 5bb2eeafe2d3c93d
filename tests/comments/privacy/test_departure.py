"""Erasure: what is hidden at once, what is deleted a day later, and what stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.mail import address_proofs
from accounts.mail.mailboxes import Recipient
from accounts.models import Address, Archive, ErasedKey, ErasureRequest, Mail, StoppedAddress
from accounts.privacy import departure, registry
from accounts.privacy.registry import DataSubject
from blog.models import ContentNote, Subscription
from blog.newsletter import subscribe
from comments.audit_log import history
from comments.models import Comment, ModerationAction, Reaction, Report, Reputation
from comments.moderation import decisions
from comments.policy import is_banned
from comments.threads import fragment_cache
from comments.tree.status import Status
from config import due_work
from config.caching import page_cache
from tests.comments.factories import differences, say, stored
from tests.comments.mail import verified
from tests.comments.personal_data import (
    EMAIL,
    MARK,
    a_day_passes,
    cached,
    holds,
    known_everywhere,
    leave,
    places,
    tomorrow,
    undeclared,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases(
        "accounts.models.erasure",
        "accounts.privacy.departure",
        "accounts.management",
        "accounts.due_rows",
    ),
]


@pytest.fixture
def post(published_post):
    return published_post(comment_mode="open", title="The coat", slug="the-coat")


def test_after_a_full_erasure_no_table_or_cache_holds_personal_data(
    client, signed_in, person, post, mia, settings
):
    settings.PAGE_CACHE = True
    user, written = known_everywhere(person, post, mia)
    with cached() as kept:
        assert MARK in client.get(post.get_absolute_url()).text.lower()
        for path in ("/feed/", "/comments/feed/", f"/search/?q={MARK}"):
            client.get(path)
        assert MARK in client.get(f"/people/{MARK}/").text.lower()
    assert any(holds(value) for _key, value, _seconds in kept)
    signed_in(user)
    found = places()
    assert len(found) > 15, found
    assert undeclared(found) == set()
    leave(user)
    a_day_passes()
    assert places() == set()
    # Cached data of this person was stored before the request, and has expired by now.
    seconds = departure.GRACE.total_seconds()
    assert all(timeout <= seconds for _key, value, timeout in kept if holds(value))
    assert not get_user_model().objects.filter(pk=user.pk).exists()
    assert not Session.objects.exists()
    assert not Subscription.objects.exists()
    assert not differences()
    assert stored(written["typed"]).body == "It is not hers."
    assert stored(written["answered"]).status == Status.WITHDRAWN
    gone = [written[name].pk for name in ("alone", "waiting", "guest", "spam", "below")]
    assert not Comment.objects.filter(pk__in=gone).exists()


def test_decisions_stay_without_texts_and_names(person, post, mia):
    user, written = known_everywhere(person, post, mia)
    leave(user)
    a_day_passes()
    about = ModerationAction.objects.filter(comment_key=written["alone"].pk)
    assert {"keep", "withdraw"} <= set(about.values_list("act", flat=True))
    assert set(about.values_list("reason", "verdict")) == {("", "")}
    assert about.filter(act="keep", who=mia).exists()
    # The person's own report still counts; reports about the person are not searched here.
    assert list(Report.objects.values_list("reason", "text", "user")) == [("unkind", "", None)]


def test_comments_are_hidden_from_everybody_at_once(client, signed_in, person, post, mia):
    user, written = known_everywhere(person, post, mia)
    leave(user, "words")
    for address in (post.get_absolute_url(), "/feed/", "/comments/feed/"):
        assert MARK not in client.get(address).text.lower()
    assert "No results for all of these words." in client.get(f"/search/?q={MARK}").text
    as_mia = signed_in(mia)
    for address in ("all/", "waiting/", "decided/", f"{written['alone'].pk}/"):
        page = as_mia.get(f"/admin/queue/{address}").text
        for words in ("Answered", "Other", "Held", "Buy"):
            assert f"{words} {MARK}" not in page, (address, words)


def test_erasing_comments_leaves_the_account_and_tombstones(client, person, post, mia):
    user, _written = known_everywhere(person, post, mia)
    leave(user, "words")
    a_day_passes()
    assert get_user_model().objects.filter(pk=user.pk).exists()
    assert not Comment.objects.filter(body__icontains=MARK).exists()
    assert not Comment.objects.filter(user=user).exists()
    assert not ErasureRequest.objects.exists()
    assert user.reactions.exists()
    page = client.get(post.get_absolute_url()).text
    assert "The writer deleted this comment." in page
    assert "I hear you." in page
    assert not differences()


def test_the_profile_page_is_gone_at_once_and_returns_if_the_erasure_is_undone(
    client, person, post, mia
):
    user, _written = known_everywhere(person, post, mia)
    assert client.get(f"/people/{MARK}/").status_code == 200
    erasure = leave(user)
    assert client.get(f"/people/{MARK}/").status_code == 404
    departure.cancel(erasure.pk)
    assert client.get(f"/people/{MARK}/").status_code == 200


def test_whatever_leaves_with_words_is_hidden_at_once_and_comes_back(person, post, mia):
    user, written = known_everywhere(person, post, mia)
    empty = registry.emptied("comments.Comment", registry.Event.WITHDRAWN)
    rows = Comment.objects.filter(pk=written["alone"].pk)
    # A value in each column, as the next one that somebody declares would have.
    given = {"name": MARK, "email": "typed@example.org", "submission": "s", "same_words": "w"}
    given |= {
        "content_note": ContentNote.objects.first(),
        "verified_address": Address.objects.first(),
    }
    rows.update(**given, held_because="first-comment")
    before = rows.values(*empty).get()
    assert not [name for name in empty if before[name] == empty[name]]
    erasure = leave(user)
    hidden = rows.values(*empty).get()
    assert [name for name in empty if hidden[name] != empty[name]] == ["verified_address"]
    assert departure.cancel(erasure.pk)
    assert rows.values(*empty).get() == before | {"submission": None}


def test_what_others_did_meanwhile_does_not_keep_words_from_coming_back(person, post, mia):
    """The note of a comment is deleted, and its form is sent once more."""
    user, written = known_everywhere(person, post, mia)
    note = ContentNote.objects.create(name="Storms")
    rows = Comment.objects.filter(pk=written["alone"].pk)
    rows.update(content_note=note, submission="s")
    body = rows.get().body
    erasure = leave(user)
    note.delete()
    Comment.objects.filter(pk=say(post).pk).update(submission="s")
    assert departure.cancel(erasure.pk)
    back = rows.get()
    assert (back.body, back.content_note, back.submission) == (body, None, None)


def test_the_notes_of_comments_that_come_back_are_read_once(person, post):
    wren = person("wren")
    for _ in range(3):
        say(post, user=wren, name="")
    erasure = leave(wren)
    with CaptureQueriesContext(connection) as seen:
        assert departure.cancel(erasure.pk)
    asked = [each for each in seen if 'FROM "blog_contentnote"' in each["sql"]]
    assert len(asked) == 1


@pytest.mark.parametrize(("kind", "stays"), [("words", True), ("everything", False)])
def test_comments_written_meanwhile_stay_if_the_person_stays(person, post, mia, kind, stays):
    user, _written = known_everywhere(person, post, mia)
    leave(user, kind)
    later = say(post, name="", user=user, body="One more thing.")
    a_day_passes()
    assert Comment.objects.filter(pk=later.pk, body="One more thing.").exists() is stays


def test_undoing_the_erasure_restores_everything(client, person, post, mia):
    user, _written = known_everywhere(person, post, mia)

    def state():
        rows = Comment.objects.order_by("pk")
        return list(rows.values_list("pk", "body", "body_html", "status", "name", "held_because"))

    before, page = state(), client.get(post.get_absolute_url()).content
    erasure = leave(user)
    assert state() != before
    assert departure.cancel(erasure.pk)
    assert state() == before
    assert client.get(post.get_absolute_url()).content.count(b"<article") == page.count(b"<article")
    a_day_passes()
    assert state() == before
    assert not differences()
    assert not departure.cancel(erasure.pk)


def test_after_a_day_the_erasure_cannot_be_undone(person, post, mia):
    user, _written = known_everywhere(person, post, mia)
    erasure = leave(user)
    with tomorrow():
        assert not departure.cancel(erasure.pk)


def test_requesting_an_erasure_twice_makes_one(person, post, mia):
    user, _written = known_everywhere(person, post, mia)
    first = leave(user, "words")
    second = leave(user, "everything")
    assert (second.pk, second.kind, second.due_at) == (first.pk, "words", first.due_at)
    assert Mail.objects.filter(name="leaving").count() == 1
    a_day_passes()
    a_day_passes()
    assert get_user_model().objects.filter(pk=user.pk).exists()


def test_a_moderators_decision_meanwhile_restores_nothing(person, post, mia):
    user, written = known_everywhere(person, post, mia)
    key = written["waiting"].pk
    leave(user)
    outcome = decisions.decide([key], "approve", mia)
    assert outcome.changed == []
    assert "The writer has deleted this comment." in outcome.sentences[key]
    a_day_passes()
    assert decisions.decide([key], "approve", mia).changed == []
    assert not Comment.objects.filter(pk=key).exists()


def test_undoing_the_erasure_keeps_an_earlier_decision_of_a_moderator(person, post, mia):
    user, written = known_everywhere(person, post, mia)
    key = written["alone"].pk
    decisions.decide([key], "remove", mia, reason="Not here, please")
    erasure = leave(user)
    departure.cancel(erasure.pk)
    assert stored(written["alone"]).status == Status.REMOVED
    assert history.deciding_action(stored(written["alone"])).reason == "Not here, please"


def test_a_ban_stays_as_a_hash_and_applies_to_the_same_address_again(person, post, mia):
    user, _written = known_everywhere(person, post, mia)
    leave(user)
    a_day_passes()
    row = Reputation.objects.in_force().filter(kind="banned")
    assert row.exists()
    assert set(row.values_list("note", "action")) == {("", None)}
    assert is_banned(None, verified(EMAIL))
    assert not is_banned(None, verified("somebody.else@example.org"))


def test_a_stop_of_all_mails_outlives_the_erased_address(person, post):
    address = verified(EMAIL)
    address_proofs.stop_mail(EMAIL)
    departure.request_erasure(
        DataSubject.of_address(Address.objects.get(pk=address.pk)), "everything"
    )
    a_day_passes()
    assert not Address.objects.exists()
    assert StoppedAddress.objects.count() == 1
    assert Address.objects.has_stopped(EMAIL.upper())
    assert address_proofs.get_or_create_address(f"{MARK.title()}@EXAMPLE.org").stopped_at
    assert not Address.objects.has_stopped("somebody.else@example.org")


def test_a_guest_is_erased_with_everything_under_the_verified_address(person, post):
    address = verified(EMAIL)
    hers = say(post, name=MARK, email=EMAIL, verified_address=address)
    typed = say(post, name="Wren", email=EMAIL)
    subscribe.save_preferences(
        Recipient(address=address), Subscription.Rhythm.WEEKLY, discreet=True
    )
    Archive.objects.create(address=address, expires_at=timezone.now() + timedelta(days=9))
    departure.request_erasure(DataSubject.of_address(address), "everything")
    assert stored(hers).body == ""
    a_day_passes()
    assert not Subscription.objects.exists()
    assert not Archive.objects.exists()
    assert not Comment.objects.filter(pk=hers.pk).exists()
    assert (stored(typed).email, stored(typed).name) == ("", "Wren")
    assert places() == set()


def test_an_unverified_address_erases_nothing(post):
    address = address_proofs.get_or_create_address(EMAIL)
    assert DataSubject.of_address(address) == DataSubject()
    with pytest.raises(ValueError, match="nobody"):
        departure.request_erasure(DataSubject.of_address(address), "everything")


def test_an_interrupted_erasure_continues_where_it_stopped(person, post, mia, monkeypatch):
    user, _written = known_everywhere(person, post, mia)
    leave(user)

    def die(subject):
        raise OSError("pulled the plug")

    with tomorrow():
        with monkeypatch.context() as patched:
            patched.setattr("comments.privacy.erase.reports", die)
            assert due_work.do_due() == ["accounts.privacy.departure"]
        assert not Reaction.objects.exists()
        assert get_user_model().objects.filter(pk=user.pk).exists()
        assert departure.due_since() is None  # the dead worker's claim lasts for a while
    with tomorrow(seconds=departure.CLAIM.total_seconds()):
        assert due_work.do_due() == []
    assert places() == set()


def test_comments_left_half_hidden_by_a_dead_process_are_hidden_by_the_next(
    person, post, mia, monkeypatch
):
    user, written = known_everywhere(person, post, mia)

    def die(*args):
        raise OSError("pulled the plug")

    with monkeypatch.context() as patched:
        patched.setattr("comments.privacy.departure.hide", die)
        with pytest.raises(OSError, match="plug"):
            leave(user)
    assert stored(written["alone"]).body
    with time_machine.travel(timezone.now() + departure.HIDING * 2):
        assert departure.due_since()
        assert due_work.do_due() == []
    assert stored(written["alone"]).body == ""


def test_a_restored_backup_is_erased_again(person, post, mia, tmp_path, capsys):
    user, _written = known_everywhere(person, post, mia)
    words = say(post, name="", user=mia, body="Mia's words")
    answered = say(post, words, name="Wren", body="Yes")
    leave(mia, "words")
    leave(user)
    users = list(get_user_model().objects.filter(pk=user.pk).values())
    rows = list(Comment.objects.filter(pk=words.pk).values("pk", "body", "user_id", "disowned"))
    a_day_passes()
    call_command("erase_again", "--list")
    (tmp_path / "erased.txt").write_text(capsys.readouterr().out)
    ErasedKey.objects.all().delete()
    # The backup contains both people.
    get_user_model().objects.bulk_create([get_user_model()(**users[0])])
    Comment.objects.filter(pk=rows[0]["pk"]).update(body=f"{MARK} again", user=mia)
    assert places()
    call_command("erase_again", str(tmp_path / "erased.txt"))
    assert "Erased again: 2" in capsys.readouterr().out
    assert places() == set()
    assert stored(answered).body == "Yes"
    call_command("erase_again")
    assert "Erased again: 0" in capsys.readouterr().out


def test_an_invalid_list_of_hashes_erases_nothing(tmp_path, bob):
    (tmp_path / "other.txt").write_text("bob\n")
    with pytest.raises(CommandError, match="isn’t a list printed by --list"):
        call_command("erase_again", str(tmp_path / "other.txt"))
    with pytest.raises(CommandError, match="can’t be read"):
        call_command("erase_again", str(tmp_path / "nothing.txt"))
    assert not ErasedKey.objects.exists()


def test_no_cache_keeps_a_page_longer_than_the_day_of_grace():
    longest = max(page_cache.KEPT_FOR, fragment_cache.KEPT_FOR)
    assert longest <= departure.GRACE.total_seconds()


@pytest.mark.django_db(transaction=True)
def test_a_simultaneous_decision_and_erasure_are_both_kept(person, post, mia):
    user = person(MARK)
    keys = [say(post, name="", user=user, body=f"Words {number}").pk for number in range(6)]

    def decide():
        try:
            return [decisions.decide([key], "remove", mia).changed for key in keys]
        finally:
            connection.close()

    def ask():
        try:
            return leave(user).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        deciding, asking = pool.submit(decide), pool.submit(ask)
        decided_first, erasure = (
            [key for keys in deciding.result() for key in keys],
            asking.result(),
        )
    assert set(Comment.objects.values_list("status", "body")) == {(Status.WITHDRAWN, "")}
    assert not differences()
    assert departure.cancel(erasure)
    back = dict(Comment.objects.values_list("pk", "status"))
    removed = [key for key in keys if back[key] == Status.REMOVED]
    assert removed == decided_first
    assert not differences()


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_workers_erase_once(person, post, mia):
    user, _written = known_everywhere(person, post, mia)
    leave(user)

    def work():
        try:
            return due_work.do_due()
        finally:
            connection.close()

    with tomorrow(), ThreadPoolExecutor(2) as pool:
        assert [each.result() for each in [pool.submit(work), pool.submit(work)]] == [[], []]
    assert places() == set()
    assert not differences()
