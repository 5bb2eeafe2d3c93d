"""Access to the queue: only moderators can act, and only by POST."""

import pytest
from django.test import Client

from blog.models import Blog, ContentNote
from comments.audit_log import history
from comments.care import cases
from comments.models import CareCase, Comment, ModerationAction, Reputation, ReviewLock, WriterNote
from comments.moderation import decisions
from comments.tree.status import Status
from comments.tree.transactions import in_transaction
from tests.comments.queue_http import status, waiting

pytestmark = pytest.mark.django_db
DECISIONS = "approve approve-and-trust hold spam remove restore keep".split()


@pytest.fixture
def note():
    """A content note that moderators may put on a comment."""
    return ContentNote.objects.first() or ContentNote.objects.create(name="grief")


def presses(comment, colleague):
    """Return ``[(address, form fields)]`` of every button about a comment."""
    note = ContentNote.objects.first()
    about = [("decision", {"act": act}) for act in DECISIONS]
    about += [("writer", {"act": act}) for act in ("trust", "ban")]
    about += [
        ("note", {"note": note.pk}),
        ("private-note", {"text": "She is new."}),
        ("lock", {"act": "lock"}),
        ("care", {"act": "care"}),
        ("care/colleague", {"to": colleague.pk}),
        ("care/closing", {"decision": "answered"}),
        ("answer", {"body": "Welcome.", "submission": "0" * 32}),
        ("claim", {"cards": f"{comment.pk}-0"}),
    ]
    sent = [(f"{comment.pk}/{tail}/", {"seen": 0, **data}) for tail, data in about]
    chosen = [("bulk/", {"act": act, "chosen": f"{comment.pk}-0"}) for act in ("approve", "spam")]
    return [(f"/admin/queue/{tail}", data) for tail, data in sent + chosen]


def nothing_was_done(comment):
    """Return whether a comment, its writer and its thread are unchanged."""
    kept = Comment.objects.values("status", "locked_at", "content_note", "queue_priority").get(
        pk=comment.pk
    )
    was = {
        "status": comment.status,
        "locked_at": None,
        "content_note": None,
        "queue_priority": comment.queue_priority,
    }
    made = [
        Reputation,
        WriterNote,
        CareCase,
        ReviewLock,
        ModerationAction.objects.filter(comment=comment),
    ]
    return (
        kept == was
        and not any(getattr(each, "objects", each).exists() for each in made)
        and not Comment.objects.filter(parent=comment).exists()
    )


def test_only_moderators_decide(client, signed_in, bob, alice, mia, person, published_post, note):
    comment = waiting(published_post(), user=bob, name="")
    for user in (None, bob, alice, person("staff", is_staff=True)):
        client.logout()
        if user:
            signed_in(user)
        for address, data in [*presses(comment, mia), ("/admin/queue/undo/", {"action": 1})]:
            answer = client.post(address, data)
            assert answer.status_code in {302, 403}, address
            assert answer.status_code == 403 or answer["Location"].startswith("/admin/login/")
    assert nothing_was_done(comment)


def test_comments_on_a_draft_cannot_be_acted_on(
    signed_in, mia, bob, owner, person, published_post, note
):
    draft = published_post(status="draft", published_at=None)
    comment, other = waiting(draft, user=bob, name=""), waiting(draft)
    decisions.decide([other.pk], "spam", owner)
    action, client = ModerationAction.objects.get(), signed_in(mia)
    nora = person("nora", group="Moderators", is_staff=True)
    for address, data in presses(comment, nora):
        client.post(address, data)
    client.post("/admin/queue/undo/", {"action": action.pk})
    assert nothing_was_done(comment)
    assert status(other) == Status.SPAM


def test_get_requests_never_decide(signed_in, mia, bob, person, published_post, note):
    comment, client = waiting(published_post(), user=bob, name=""), signed_in(mia)
    nora = person("nora", group="Moderators", is_staff=True)
    for address, data in [*presses(comment, nora), ("/admin/queue/undo/", {"action": 1})]:
        assert client.get(address, data).status_code == 405, address
    assert nothing_was_done(comment)


def test_every_button_does_something_for_a_moderator(signed_in, mia, person, published_post, note):
    """Otherwise the tests above would prove nothing."""
    nora = person("nora", group="Moderators", is_staff=True)
    client = signed_in(mia)
    # Each decision needs its own status; two buttons need an open case.
    before = {"hold": "approve", "restore": "spam"}
    for place in range(len(presses(waiting(published_post()), nora))):
        comment = waiting(published_post(), user=person(f"reader{place}"), name="")
        address, data = presses(comment, nora)[place]
        if "/care/c" in address:
            in_transaction(lambda comment=comment: cases.open_case(comment, "a phrase"))
        if first := before.get(data.get("act")):
            decisions.decide([comment.pk], first, mia)
        known = (
            ModerationAction.objects.count(),
            WriterNote.objects.count(),
            ReviewLock.objects.count(),
        )
        data |= {"seen": history.newest_actions([comment.pk])[comment.pk]}
        client.post(address, data)
        now = (
            ModerationAction.objects.count(),
            WriterNote.objects.count(),
            ReviewLock.objects.count(),
        )
        assert now != known, (address, data)


def test_an_empty_or_invalid_request_does_nothing(
    signed_in, mia, bob, person, published_post, note
):
    comment, client = waiting(published_post(), user=bob, name=""), signed_in(mia)
    nora = person("nora", group="Moderators", is_staff=True)
    addresses = {address for address, _data in presses(comment, nora)}
    for address in sorted(addresses - {f"/admin/queue/{comment.pk}/care/"}):
        for data in ({}, {"act": "nonsense", "note": "nonsense", "to": "x", "decision": "x"}):
            if "/claim/" not in address:
                assert client.post(address, {"seen": 0, **data}).status_code < 500, address
    ReviewLock.objects.all().delete()  # the comment's page was shown again, and read
    assert nothing_was_done(comment)


def test_an_expired_session_is_reported_and_leads_back(client, signed_in, mia, published_post):
    comment = waiting(published_post())
    sent = {"act": "approve", "who": mia.pk}
    answer = client.post(f"/admin/queue/{comment.pk}/decision/", sent)
    assert "You’ve been signed out, so nothing was changed." in answer.text
    assert "/login/?next=/admin/" in answer.text
    by_script = {"HX-Request": "true"}
    answer = client.post(f"/admin/queue/{comment.pk}/decision/", {"act": "x"}, headers=by_script)
    assert answer.status_code == 401
    assert status(comment) == Status.PENDING


def test_a_request_without_a_csrf_token_decides_nothing(mia, published_post):
    comment, client = waiting(published_post()), Client(enforce_csrf_checks=True)
    client.force_login(mia, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/admin/queue/{comment.pk}/decision/", {"act": "approve"})
    assert answer.status_code == 403
    assert "Not sent yet" in answer.text
    assert status(comment) == Status.PENDING


@pytest.mark.parametrize("back", ["//[", "http://[::1", "\0", "/admin/queue/care/\0"])
def test_an_invalid_return_address_leads_to_the_list(signed_in, mia, published_post, back):
    comment, client = waiting(published_post()), signed_in(mia)
    sent = {"act": "approve", "back": back, "seen": "0"}
    answer = client.post(f"/admin/queue/{comment.pk}/decision/", sent)
    assert answer["Location"] == "/admin/"
    assert status(comment) == Status.APPROVED
    assert client.get(f"/admin/queue/{comment.pk}/panels/", {"back": back}).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "2001-01-01", "0001-01-01", "soon"])
def test_an_impossible_end_of_a_ban_is_refused(signed_in, mia, bob, published_post, day):
    Blog.objects.update(time_zone="America/New_York")  # where that day ends in the year 10000
    comment, client = waiting(published_post(), user=bob, name=""), signed_in(mia)
    sent = {"act": "ban", "until": day, "seen": "0"}
    assert client.post(f"/admin/queue/{comment.pk}/writer/", sent).status_code == 302
    assert not Reputation.objects.exists()
