"""Retention periods of removed texts and of spam."""

import pytest

from comments.care import cases as care_cases
from comments.guests import receipt_tokens
from comments.models import Comment, Report, checks
from comments.models.checks import CheckOutcome, Verdict
from comments.moderation import decisions
from comments.tree.manager import ThreadManager
from comments.tree.status import Status
from comments.tree.transactions import in_transaction
from tests.comments.factories import differences, say, stored
from tests.comments.http import visit
from tests.house.purging import after, everything, purge

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.tree.counters")]


@pytest.fixture
def post(published_post):
    """A post published at NOON, as all comments here are."""
    with after():
        yield published_post(comment_mode="open")


def test_removed_texts_are_deleted_after_thirty_days_and_the_tombstone_stays(
    client, signed_in, post, mia
):
    comment = say(post, body="Hurtful words.", receipt="r")
    answer = say(post, comment, body="An answer.")
    Comment.objects.filter(pk=comment.pk).update(same_words="w")
    checks.replace_results(comment.pk, [CheckOutcome("words", Verdict.HOLD, "word: hurtful")])
    Report.objects.create(comment=comment, reason="unkind", text="She says: hurtful words.")
    with after(days=20):
        decisions.decide([comment.pk], "remove", mia)
    with after(days=49):
        assert purge()["text of removed comments"] == 0
        assert stored(comment).body
    with after(days=51):
        assert purge()["text of removed comments"] == 1
        row = stored(comment)
        assert (row.body, row.body_html, row.same_words, row.status) == ("", "", None, 3)
        assert "hurtful" not in str(everything()).lower()
        page = client.get(post.get_absolute_url()).text
        assert f'id="comment-{comment.pk}"' in page
        assert "An answer." in page
        outcome = decisions.decide([comment.pk], "restore", mia)
        assert outcome.sentences[comment.pk] == "This comment no longer has any text."
        assert stored(answer).is_visible
        card = visit(signed_in(mia), f"/admin/queue/{comment.pk}/").select_one("article.card")
        assert [button.text for button in card.select(".decide button")] == ["Spam"]
        link = f"/comments/{comment.pk}/receipt/{receipt_tokens.renew(row)}/"
        assert "The text was deleted 30 days after that." in client.get(link, follow=True).text
    assert differences() == []


@pytest.mark.parametrize("act", ["remove", "spam"])
def test_a_typed_address_goes_with_the_words_of_a_refused_comment(post, mia, act):
    """Also where an earlier version had emptied the words alone."""
    comment, before = (say(post, email="typed@example.org") for _ in range(2))
    for each in (comment, before):
        say(post, each, body="An answer.")
    stays = say(post, email="stays@example.org")
    with after():
        decisions.decide([comment.pk, before.pk], act, mia)
    empty = {"body": "", "body_html": "", "submission": None, "same_words": None}
    Comment.objects.filter(pk=before.pk).update(**empty)
    kind = {"remove": "text of removed comments", "spam": "text of spam that has replies"}[act]
    with after(days=29):
        assert purge()[kind] == 0
        assert (stored(comment).email, stored(before).email) == ("typed@example.org",) * 2
    with after(days=31):
        assert purge()[kind] == 2
        assert purge()[kind] == 0
    assert (stored(comment).email, stored(before).email) == ("", "")
    assert stored(stays).email == "stays@example.org"
    assert "typed@example.org" not in str(everything())


def test_restoring_a_comment_restarts_the_period(post, mia):
    comment = say(post)
    decisions.decide([comment.pk], "remove", mia)
    with after(days=29):
        decisions.decide([comment.pk], "restore", mia)
        action = decisions.decide([comment.pk], "remove", mia).actions[comment.pk]
    with after(days=40):
        assert purge()["text of removed comments"] == 0
        decisions.undo_action(action, mia)
    with after(days=80):
        assert purge()["text of removed comments"] == 0
    assert stored(comment).body


def test_spam_is_deleted_with_spam_below_it_or_emptied_if_it_has_replies(post, mia):
    alone, below = say(post), say(post)
    spam_below = say(post, below)
    answered, deep = say(post), None
    deep = say(post, say(post, answered), body="Somebody was kind to it.")
    elsewhere = say(post)
    referred = say(post)
    Comment.objects.plain().filter(pk=elsewhere.pk).update(reply_to=referred.pk)
    spam = [alone, below, spam_below, answered, deep.parent, referred]
    decisions.decide([each.pk for each in spam], "spam", mia)
    with after(days=31):
        told = purge("--dry-run")
        assert purge() == told
    assert (told["spam"], told["text of spam that has replies"]) == (3, 3)
    left = set(Comment.objects.values_list("pk", flat=True))
    assert left == {answered.pk, deep.parent_id, deep.pk, elsewhere.pk, referred.pk}
    assert [stored(each).body for each in (answered, deep.parent, referred)] == ["", "", ""]
    assert stored(deep).body == "Somebody was kind to it."
    assert differences() == []


def test_comments_with_an_open_care_case_are_skipped(post, mia):
    removed, spam, root = say(post, body="One."), say(post, body="Two."), say(post, body="Three.")
    reply = say(post, root, body="Four.")
    decisions.decide([removed.pk], "remove", mia)
    decisions.decide([spam.pk, root.pk, reply.pk], "spam", mia)
    cases = [
        in_transaction(lambda c=c: care_cases.open_case(c, "worry")) for c in (removed, spam, reply)
    ]
    with after(days=90):
        told = purge()
        assert (told["spam"], told["text of removed comments"]) == (0, 0)
        assert [stored(each).body for each in (removed, spam, reply)] == ["One.", "Two.", "Four."]
        assert stored(root).body == ""  # this one has no open case
        for case in cases:
            care_cases.close_case(case.pk, mia)
        told = purge()
        assert (told["spam"], told["text of removed comments"]) == (3, 1)
    assert differences() == []


def test_a_killed_purge_leaves_a_consistent_state_and_continues_later(post, mia, monkeypatch):
    root = say(post)
    spam = [say(post, root, body=f"Spam {number}") for number in range(7)]
    decisions.decide([each.pk for each in spam], "spam", mia)
    monkeypatch.setattr("comments.privacy.retention.ONE_BY_ONE", 2)
    whole, calls = ThreadManager.purge, []

    def killed_in_the_middle(manager, node):
        calls.append(node.pk)
        done = whole(manager, node)
        if len(calls) == 4:
            raise KeyboardInterrupt  # after the deletion, before its transaction ends
        return done

    monkeypatch.setattr(ThreadManager, "purge", killed_in_the_middle)
    with after(days=31):
        with pytest.raises(KeyboardInterrupt):
            purge()
        assert Comment.objects.count() == 1 + 4
        assert differences() == []
        assert purge()["spam"] == 4
    assert Comment.objects.get().pk == root.pk
    assert differences() == []


def test_a_hidden_status_alone_deletes_nothing(post, bob):
    waits = say(post, status=Status.PENDING, body="Waits for a year.")
    own = say(post, user=bob, name="", body="Hers.")
    with after(days=800):
        purge()
    assert [stored(each).body for each in (waits, own)] == ["Waits for a year.", "Hers."]
