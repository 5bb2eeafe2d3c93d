"""Content notes on comments: one topic of the blog's vocabulary, honoured wherever it is shown."""

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusal import Refused
from blog.models import ContentNote, Post
from comments.guests import receipt_tokens
from comments.models import Comment, ModerationAction
from comments.moderation import content_notes
from comments.posting import create, own_comments
from comments.subscriptions import emails
from comments.tree.status import Status
from tests.comments.factories import say
from tests.comments.http import articles, only_comment, reply_url, send, soup, visit

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
QUEUE = "/admin/queue/"


@pytest.fixture
def grief():
    return ContentNote.objects.get(name="grief")


@pytest.fixture
def illness():
    return ContentNote.objects.get(name="illness")


def noted(post, note, **fields):
    return say(post, content_note=note, **fields)


def closed(page, key):
    """Return the <details> of a comment; fail if there is none."""
    return articles(page)[key].select_one("details.note")


def form_of(response):
    return BeautifulSoup(response.content, "html.parser").select_one("form#answer")


def test_the_form_offers_the_vocabulary_in_its_order_and_none_first(client, published_post):
    ContentNote.objects.filter(name="eating").update(retired=True)
    options = visit(client, reply_url(published_post())).select("[name=content_note] option")
    assert [option.text for option in options] == [
        *["none", "grief", "illness", "self-harm", "violence", "addiction"]
    ]


def test_without_a_vocabulary_the_form_asks_nothing(client, published_post):
    ContentNote.objects.all().delete()
    post = published_post()
    assert not visit(client, reply_url(post)).select("[name=content_note]")
    assert send(client, post).status_code == 302


def test_a_comment_with_a_note_is_closed_below_its_heading(client, published_post, grief):
    post = published_post(comment_mode="open")
    send(client, post, "Hard words.", content_note=grief.pk)
    comment = only_comment()
    assert comment.content_note == grief
    client.cookies.clear()
    note = closed(visit(client, post.get_absolute_url()), comment.pk)
    assert "open" not in note.attrs
    assert note.summary.text == "Content note: grief"
    assert "Hard words." in note.select_one(".e-content").text
    assert note.find_parent("article").h3.text.strip() == "Ada"
    assert not note.select(".p-author, .u-url, .dt-published")


def test_a_comment_without_a_note_has_no_extra_element(client, published_post):
    comment = say(published_post())
    article = articles(visit(client, comment.get_absolute_url()))[comment.pk]
    assert not article.select("details, summary")


def test_the_choice_survives_a_preview_and_a_refused_form(client, published_post, grief):
    post = published_post()
    typed = {"name": "", "body": "Hard words.", "content_note": grief.pk}
    failed = client.post(reply_url(post), typed)
    assert failed.status_code == 422
    shown = client.post(f"/comments/preview/?to={reply_url(post)}", typed)
    for response in (failed, shown):
        chosen = form_of(response).select_one("[name=content_note] option[selected]")
        assert chosen.text == "grief"
    note = soup(shown).select_one(".preview details.note")
    assert note.summary.text == "Content note: grief"
    assert "open" in note.attrs


@pytest.mark.parametrize("wrong", ["999999", "grief", "-1", "9" * 30, "٣", "\x00"])
def test_a_note_that_is_not_in_the_vocabulary_is_refused_and_no_word_is_lost(
    client, published_post, wrong
):
    answer = send(client, published_post(), "Hard words.", content_note=wrong)
    assert answer.status_code == 422
    form = form_of(answer)
    assert "This content note is no longer available." in form.text
    assert form.textarea.text.strip() == "Hard words."
    assert not Comment.objects.exists()


def test_a_retired_note_is_refused_for_a_new_comment(client, published_post, grief):
    ContentNote.objects.filter(pk=grief.pk).update(retired=True)
    assert send(client, published_post(), content_note=grief.pk).status_code == 422


def test_a_second_note_is_refused(client, published_post, grief, illness):
    answer = send(client, published_post(), content_note=[grief.pk, illness.pk])
    assert answer.status_code == 422
    assert "A comment can have one content note." in form_of(answer).text
    assert not Comment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_note_that_is_deleted_while_somebody_writes_loses_no_word(
    client, published_post, monkeypatch
):
    gone, original = ContentNote.objects.create(name="gone"), create.post_comment

    def too_late(*told):
        gone.delete()
        return original(*told)

    monkeypatch.setattr(create, "post_comment", too_late)
    answer = send(client, published_post(), "Hard words.", content_note=gone.pk)
    assert answer.status_code == 409
    assert "The content note you chose is no longer there." in answer.text
    assert "Hard words." in BeautifulSoup(answer.content, "html.parser").textarea.text
    assert not Comment.objects.exists()


def test_the_note_is_kept_in_quotations_branches_and_further_parts(client, published_post, grief):
    post = published_post(comment_mode="open")
    root = noted(post, grief)
    below = [say(post, root) for _ in range(7)]
    for address in (reply_url(root), f"/comments/{root.pk}/after/{below[4].pk}/"):
        assert visit(client, address).select_one("blockquote.quoted details.note .prose")
    assert closed(visit(client, f"/comments/{root.pk}/thread/"), root.pk)


def test_feeds_show_the_note_before_the_text(client, published_post, grief):
    comment = noted(published_post(title="The lake"), grief, name="Ana", body="Hard words.")
    for address in ("/comments/feed/", f"/posts/{comment.post.slug}/comments/feed/"):
        entry = ElementTree.fromstring(client.get(address).content).find(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}title") == "Ana on The lake · Content note: grief"
        text = BeautifulSoup(entry.findtext(f"{ATOM}content"), "html.parser")
        assert text.details.summary.text == "Content note: grief"
        assert "Hard words." in text.details.p.text


def test_the_authors_replies_quote_the_note_and_not_the_text(client, alice, published_post, grief):
    post = published_post()
    say(post, noted(post, grief, body="Hard words."), user=alice, name="")
    quoted = visit(client, f"{post.get_absolute_url()}?order=author").select_one(".quoted")
    assert "Content note: grief" in quoted.text
    assert "Hard words." not in quoted.text


@pytest.mark.parametrize("discreet", [False, True])
def test_a_mail_contains_the_note_and_not_the_text(published_post, grief, discreet):
    comment = noted(published_post(), grief, body="Hard words.")
    subscription = SimpleNamespace(is_discreet=discreet, comment_id=None, post_id=comment.post_id)
    said = str(emails.context_of(subscription, [comment]))
    assert "Hard words." not in said
    assert ("Content note: grief" in said) == (not discreet)


# -- the writer ----------------------------------------------------------------------------


@pytest.fixture
def own(signed_in, bob, published_post):
    """Bob's approved comment, and bob's client."""
    return say(published_post(comment_mode="moderated"), user=bob, name=""), signed_in(bob)


def edit(client, comment, **fields):
    return client.post(f"/comments/{comment.pk}/receipt/edit/", {"body": comment.body, **fields})


def test_a_writer_adds_a_note_without_being_held_again(own, grief):
    comment, client = own
    assert edit(client, comment, content_note=grief.pk).status_code == 302
    comment.refresh_from_db()
    assert (comment.content_note, comment.status, comment.edited_at) == (
        *(grief, Status.APPROVED, None),
    )
    assert ModerationAction.objects.get(comment=comment).who is None
    receipt = visit(client, f"/comments/{comment.pk}/receipt/")
    assert receipt.select_one("details.note[open] summary").text == "Content note: grief"
    assert "A moderator added the content note" not in receipt.text
    listed = visit(client, "/account/comments/").select_one("details.note")
    assert "open" not in listed.attrs


def test_removing_a_note_counts_as_an_edit_of_the_text(own, grief):
    comment, client = own
    edit(client, comment, content_note=grief.pk)
    edit(client, comment, content_note="")
    comment.refresh_from_db()
    assert (comment.content_note, comment.status) == (None, Status.PENDING)


def test_the_edit_form_keeps_a_note_that_was_retired_meanwhile(own, grief):
    comment, client = own
    edit(client, comment, content_note=grief.pk)
    ContentNote.objects.filter(pk=grief.pk).update(retired=True)
    form = visit(client, f"/comments/{comment.pk}/receipt/edit/")
    assert form.select_one("[name=content_note] option[selected]").text == "grief"
    edit(client, comment, body="Other words.", content_note=grief.pk)
    comment.refresh_from_db()
    assert (comment.content_note, comment.body) == (grief, "Other words.")


def test_a_note_retired_while_the_edit_was_open_changes_nothing(own, grief):
    comment, _client = own
    ContentNote.objects.filter(pk=grief.pk).update(retired=True)
    with pytest.raises(Refused, match="no longer available"):
        own_comments.edit(comment.pk, comment.body, note=grief.pk)


def test_an_edit_keeps_a_note_that_a_moderator_put_there_meanwhile(own, grief, illness, mia):
    comment, client = own
    for before, meanwhile in ((None, grief.pk), (grief.pk, illness.pk), (illness.pk, None)):
        form = visit(client, f"/comments/{comment.pk}/receipt/edit/")
        opened = form.select_one("[name=opened]")["value"]
        content_notes.change(comment.pk, meanwhile, mia)
        words = f"Other words than with {before}."
        edit(client, comment, body=words, content_note=before or "", opened=opened)
        comment.refresh_from_db()
        assert (comment.content_note_id, comment.body) == (meanwhile, words)


def test_the_writers_own_choice_in_the_form_counts(own, grief, illness, mia):
    comment, client = own
    for chosen in (grief.pk, illness.pk, None):
        form = visit(client, f"/comments/{comment.pk}/receipt/edit/")
        opened = form.select_one("[name=opened]")["value"]
        edit(client, comment, content_note=chosen or "", opened=opened)
        comment.refresh_from_db()
        assert comment.content_note_id == chosen


def test_nobody_else_sets_a_note(client, published_post, grief):
    comment = say(published_post())
    assert edit(client, comment, content_note=grief.pk).status_code == 404
    assert receipt_tokens.is_valid(comment, "x" * 43) is False


def test_a_withdrawn_comment_keeps_no_note(published_post, grief):
    comment = noted(published_post(), grief)
    own_comments.withdraw(comment.pk)
    comment.refresh_from_db()
    assert comment.content_note is None


def test_saving_a_stale_comment_restores_no_note(published_post, grief, mia):
    comment = noted(published_post(), grief)
    old = Comment.objects.get(pk=comment.pk)
    content_notes.change(comment.pk, None, mia)
    old.save(update_fields=["body"])
    assert Comment.objects.get().content_note is None


# -- the moderator -------------------------------------------------------------------------


def put(client, comment, note):
    return client.post(f"{QUEUE}{comment.pk}/note/", {"note": note}, follow=True)


def test_a_moderator_puts_a_note_on_a_comment_and_it_is_logged(
    client, signed_in, mia, published_post, grief
):
    post = published_post()
    comment = say(post, say(post), body="Hard words.")
    before = visit(client, post.get_absolute_url())
    assert not before.select("details.note")
    revision = Post.objects.get().revision
    assert (
        "Changed the content note of Wren’s comment." in put(signed_in(mia), comment, grief.pk).text
    )
    client.logout()
    assert closed(visit(client, post.get_absolute_url()), comment.pk)
    assert Post.objects.get().revision != revision
    action = ModerationAction.objects.get()
    assert (action.act, action.who, action.verdict) == ("note", mia, "grief")
    comment.refresh_from_db()
    assert (comment.status, comment.edited_at) == (Status.APPROVED, None)


def test_a_moderator_removes_a_note_and_a_repeated_choice_changes_nothing(
    signed_in, mia, published_post, grief
):
    comment, client = noted(published_post(), grief), signed_in(mia)
    assert "Nothing was changed." in put(client, comment, grief.pk).text
    assert "Changed the content note of Wren’s comment." in put(client, comment, "").text
    comment.refresh_from_db()
    assert comment.content_note is None
    assert ModerationAction.objects.count() == 1


def test_a_card_shows_the_note_closed_and_offers_another(signed_in, mia, published_post, grief):
    post = published_post()
    comment = say(post, noted(post, grief, body="Above."), body="Below.")
    content_notes.change(comment.pk, grief.pk, mia)
    for address in (f"{QUEUE}all/", f"{QUEUE}{comment.pk}/"):
        card = visit(signed_in(mia), address).select_one(f"#card-{comment.pk}")
        assert "Below." in card.select_one("details.note:not([open]) .words").text
        assert "Above." in card.select_one("details.answered:not([open]) > div").text
        assert "Above." not in card.select_one(".answered summary").text
    panel = visit(signed_in(mia), f"{QUEUE}{comment.pk}/panels/").select_one("[data-panel=note]")
    assert panel.select_one("option[selected]").text == "grief"


@pytest.mark.parametrize("wrong", ["999999", "grief", "9" * 30])
def test_moderators_cannot_choose_a_note_that_is_not_offered(signed_in, mia, published_post, wrong):
    comment = say(published_post())
    assert "no longer available" in put(signed_in(mia), comment, wrong).text
    comment.refresh_from_db()
    assert comment.content_note is None


def test_non_moderators_set_no_note(client, signed_in, alice, bob, published_post, grief):
    comment = say(published_post())
    for user in (None, bob, alice):
        here = signed_in(user) if user else client
        assert here.post(f"{QUEUE}{comment.pk}/note/").status_code in {302, 403}
    assert not ModerationAction.objects.exists()


def test_a_moderator_learns_nothing_of_a_draft(signed_in, mia, published_post, grief):
    comment = say(published_post(status="draft", title="Not for anybody yet"))
    page = put(signed_in(mia), comment, grief.pk).text
    assert "This comment no longer exists" in page
    assert "Not for anybody yet" not in page
    comment.refresh_from_db()
    assert comment.content_note is None


def test_a_moderators_reason_stays_on_the_receipt_after_a_note_is_set(
    signed_in, bob, mia, published_post, grief
):
    from comments.moderation import decisions

    comment = say(published_post(), user=bob, name="")
    decisions.decide([comment.pk], "remove", mia, reason="Too close to home.")
    content_notes.change(comment.pk, grief.pk, mia)
    page = visit(signed_in(bob), f"/comments/{comment.pk}/receipt/")
    assert "Too close to home." in page.text
    assert "A moderator added the content note" in page.text


# -- what it costs ---------------------------------------------------------------------------


@pytest.mark.usefixtures("without_page_cache")
def test_notes_cost_no_query(client, signed_in, mia, published_post, grief):
    counts = []
    for note in (None, grief):
        post = published_post()
        for _ in range(6):
            noted(post, note)
        post.content_notes.set([note] if note else [])
        addresses = (post.get_absolute_url(), "/comments/feed/", "/", "/feed/")
        with CaptureQueriesContext(connection) as captured:
            assert all(client.get(address).status_code == 200 for address in addresses)
        counts.append(len(captured))
    assert counts[0] == counts[1]
