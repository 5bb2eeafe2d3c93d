"""Contents of a data archive: all of a person's data, and nobody else's name or address."""

import io
import json
import zipfile
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.privacy import archive_format
from accounts.privacy.registry import DataSubject
from comments.guests import session
from comments.models import ReactionKind
from comments.moderation import decisions, writers
from comments.policy import Viewer
from comments.posting import own_comments
from comments.reactions import rules
from comments.reports import rules as reports_rules
from comments.reports.rules import Reporter
from comments.subscriptions.subscribe import SubscriptionRequest, subscribe_account
from tests.comments.factories import say
from tests.comments.mail import verified

pytestmark = pytest.mark.django_db


def packed(subject):
    """Return ``(page, data)`` of the archive of a ``DataSubject``."""
    file = io.BytesIO()
    archive_format.pack(subject, file)
    archive = zipfile.ZipFile(file)
    return archive.read("index.html").decode(), json.loads(archive.read("data.json"))


def records(data, name):
    """Return the records of a section, none where it is not there."""
    return next((each["records"] for each in data["sections"] if each["name"] == name), [])


@pytest.fixture
def post(published_post):
    return published_post(title="Tuesdays", comment_mode="open")


@pytest.fixture
def carol(person):
    """Another reader, of whom nothing may be in bob's archive."""
    return person("carolinchen", display_name="Carola Uniquename")


def test_an_account_gets_all_its_data(bob, mia, carol, post):
    above = say(post, user=carol, name="", body="What do you do on rainy days?")
    own = say(post, parent=above, user=bob, name="", body="I walk, too.")
    kind = ReactionKind.objects.offered().first()
    rules.give(above.pk, kind.pk, session.Reader(Viewer(user=bob)))
    rules.give(own.pk, kind.pk, session.Reader(Viewer(user=carol)))
    subscribe_account(bob, SubscriptionRequest(post=post))
    reports_rules.report(above.pk, Reporter(Viewer(user=bob)), "other", "Please be careful here.")
    reports_rules.report(own.pk, Reporter(Viewer(user=carol)), "other", "Carola says it hurts.")
    decisions.decide([own.pk], "remove", mia, reason="Too short for this evening.")
    bob.bio = "I walk by the lake."
    bob.save()
    page, data = packed(DataSubject.from_user(bob))
    assert records(data, "account")[0]["Bio"] == "I walk by the lake."
    (comment,) = records(data, "comments")
    assert comment["Your comment"] == "I walk, too."
    assert comment["In reply to"] == "What do you do on rainy days?"
    assert comment["Status"] == "removed"
    assert comment["Support from readers"] == {kind.name: 1}
    assert records(data, "reactions")[0]["Reaction"] == kind.name
    assert records(data, "followings")[0]["Followed"] == "Tuesdays"
    assert records(data, "reports")[0]["In your own words"] == "Please be careful here."
    assert records(data, "account")[0]["Username"] == "bob"
    (decision,) = [row for row in records(data, "decisions") if row["Action"] == "removed"]
    assert (decision["By"], decision["Reason"]) == ("a moderator", "Too short for this evening.")
    for told in (page, json.dumps(data)):
        assert "I walk, too." in told
        for other in ("Carola", "carolinchen", "Mia", "mia@", "Alice", "it hurts"):
            assert other not in told


def test_answered_comments_are_included_only_if_they_are_public(bob, mia, post):
    above = say(post, name="Robin", body="A secret that was public.")
    say(post, parent=above, user=bob, name="", body="I see.")
    decisions.decide([above.pk], "remove", mia)
    page, data = packed(DataSubject.from_user(bob))
    assert "A secret" not in page + json.dumps(data)
    assert records(data, "comments")[0]["In reply to"] == "a comment that isn’t available"


def test_the_title_of_a_withdrawn_post_is_not_in_it(bob, post):
    own = say(post, user=bob, name="")
    type(post).objects.filter(pk=post.pk).update(status="draft")
    page, data = packed(DataSubject.from_user(bob))
    assert "Tuesdays" not in page + json.dumps(data)
    assert records(data, "comments")[0]["Your comment"] == own.body


def test_moderators_notes_and_worries_are_not_in_it(bob, mia, post):
    own = say(post, user=bob, name="")
    writers.note(own.pk, mia, "I know her neighbour.")
    writers.ban(own.pk, mia, note="She is a sockpuppet.")
    page, data = packed(DataSubject.from_user(bob))
    assert records(data, "standing")[0]["Status"] == "banned"
    for told in (page, json.dumps(data)):
        assert "neighbour" not in told
        assert "sockpuppet" not in told
    assert any("each other" in each["what"] for each in data["not_here"])


def test_a_guest_gets_data_under_a_verified_address_only(post, bob):
    ada = verified("ada@example.org")
    say(post, name="Wren", body="Verified words.", verified_address=ada, email="ada@example.org")
    say(post, name="Wren", body="Typed words.", email="ada@example.org")
    say(post, user=bob, name="", body="Words of an account.")
    _page, data = packed(DataSubject.of_address(ada))
    assert [each["Your comment"] for each in records(data, "comments")] == ["Verified words."]
    assert records(data, "addresses")[0]["Email address"] == "ada@example.org"
    assert not records(data, "account")


def test_a_guest_learns_nothing_of_an_account_that_claimed_a_comment(bob, post):
    address = verified("bob@example.org")
    say(post, verified_address=address, user=bob, claimed_at="2026-01-01 12:00Z", name="Wren")
    page, data = packed(DataSubject.of_address(address))
    assert "Wren" in page
    assert '"bob"' not in json.dumps(data)
    assert "Bob" not in page


def test_an_address_that_was_never_verified_gives_nothing(post):
    from accounts.mail import address_proofs

    typed = address_proofs.get_or_create_address("ada@example.org")
    say(post, verified_address=typed, body="Whose words?")
    page, data = packed(DataSubject.of_address(typed))
    assert "Whose words" not in page
    assert data["sections"] == []


class Asks(HTMLParser):
    """Collects what a page would fetch, and where its links lead."""

    def __init__(self):
        super().__init__()
        self.fetched, self.links, self.scripts = [], [], 0

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.scripts += tag == "script" or any(name.startswith("on") for name in named)
        self.links += [named["href"]] if tag == "a" else []
        if tag in {"img", "link", "iframe", "video", "audio", "source", "object", "embed"}:
            self.fetched.append(tag)
        self.fetched += [named[name] for name in ("src", "srcset", "background") if name in named]


def test_the_page_opens_from_disk_and_runs_no_markup_of_comments(bob, post):
    evil = (
        '<script>alert(1)</script> <img src="https://evil.example/x.png" onerror=alert(1)> '
        "</span></style> javascript:alert(1) https://evil.example/ 🌱 \u202eevil"
    )
    say(post, user=bob, name="", body=evil)
    type(bob).objects.filter(pk=bob.pk).update(display_name="<b>Bob</b>")
    page, data = packed(DataSubject.from_user(type(bob).objects.get(pk=bob.pk)))
    asks = Asks()
    asks.feed(page)
    assert not asks.fetched
    assert not asks.scripts
    assert all(link.startswith(("#", "http://localhost/")) for link in asks.links)
    assert "url(" not in page
    assert "@import" not in page
    assert records(data, "comments")[0]["Your comment"] == evil


def test_an_author_gets_their_posts_and_a_moderator_their_duty(alice, mia, post):
    from comments.models import DutySlot

    DutySlot.objects.create(weekday=0, starts="20:00", ends="08:00", moderator=mia)
    _page, data = packed(DataSubject.from_user(alice))
    assert [each["Title"] for each in records(data, "posts") if each["Status"]] == ["Tuesdays"]
    own = say(post)
    decisions.decide([own.pk], "hold", mia, reason="I want to ask first.")
    _page, data = packed(DataSubject.from_user(mia))
    assert records(data, "duty")[0]["On-call hours"] == ["Monday 20:00–08:00"]
    (act,) = records(data, "decisions")
    assert (act["By"], act["Reason"]) == ("you", "I want to ask first.")
    assert own.body not in json.dumps(data)


def test_withdrawn_and_disowned_comments_are_not_in_it(bob, post):
    gone, nobodys = say(post, user=bob, name="", body="Gone."), say(post, user=bob, name="")
    own_comments.withdraw(gone.pk)
    own_comments.disown(nobodys.pk)
    _page, data = packed(DataSubject.from_user(bob))
    (comment,) = records(data, "comments")
    assert (comment["Your comment"], comment["Status"]) == ("", "deleted by the writer")


def test_more_comments_cost_no_more_queries(bob, post):
    def count():
        with CaptureQueriesContext(connection) as captured:
            packed(DataSubject.from_user(bob))
        return len(captured)

    say(post, user=bob, name="")
    few = count()
    for _number in range(12):
        say(post, user=bob, name="")
    assert count() == few
