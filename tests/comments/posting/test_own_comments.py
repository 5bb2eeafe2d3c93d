"""Editing, withdrawing and disowning one's own comments: when, and what readers see."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils import timezone

from accounts.refusal import Refused
from blog.models import Post
from comments.models import Comment, ConversationSettings, ModerationAction, Phrase
from comments.moderation import decisions
from comments.posting import own_comments
from comments.spam import pipeline
from comments.tree.status import Status
from tests.comments.factories import differences, say, stored
from tests.comments.http import articles, send, soup, text_of, visit
from tests.comments.receipts.test_receipts import link_of, own

pytestmark = pytest.mark.django_db
NEW = "\n Other words – 🌱 <b>\n"


def opened(client, address):
    """Return the hidden timestamp of an edit form, and its text."""
    form = soup(client.get(address)).select_one("form#answer")
    return form.select_one("[name=opened]")["value"], text_of(form.textarea)


def change(client, address, body=NEW, **fields):
    return client.post(address, {"body": body, **fields})


def later(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def count(post):
    return Post.objects.get(pk=post.pk).comment_count


def last_act():
    return ModerationAction.objects.first()


def test_without_moderation_edits_appear_at_once_and_are_marked(client, published_post):
    post = published_post(comment_mode="open")
    comment = say(post, body="First words.")
    address = link_of(comment, "edit/")
    assert opened(client, address)[1] == "First words."
    assert "Your edit appears right away" in client.get(address).text
    assert change(client, address).status_code == 302
    article = articles(visit(client, post.get_absolute_url()))[comment.pk]
    assert "Other words – 🌱 <b>" in article.text
    assert article.select_one(".edited")
    assert stored(comment).body == NEW
    assert (last_act().act, last_act().who) == ("edit", None)
    assert not differences()


def test_with_moderation_the_form_says_so_and_the_old_text_disappears_at_once(
    client, mia, published_post
):
    post = published_post(comment_mode="moderated")
    comment = say(post, body="First words.")
    address = link_of(comment, "edit/")
    assert (
        "Sending this hides your comment right away, the old text too." in client.get(address).text
    )
    change(client, address)
    page = visit(client, post.get_absolute_url())
    assert "First words." not in page.text
    assert "Other words" not in page.text
    assert (stored(comment).status, count(post)) == (Status.PENDING, 0)
    assert stored(comment).held_because == "edited"
    assert not differences()
    decisions.decide([comment.pk], "approve", mia)
    assert "Other words" in visit(client, post.get_absolute_url()).text
    assert not differences()


def test_an_edit_by_a_known_account_is_not_held_and_a_guests_is(
    client, signed_in, bob, published_post
):
    post = published_post(comment_mode="first-timers")
    known, guest = say(post, user=bob, name=""), say(post)
    change(signed_in(bob), own(known, "edit/"))
    change(client, link_of(guest, "edit/"))
    assert stored(known).status == Status.APPROVED
    assert stored(guest).status == Status.PENDING


def test_a_comment_that_was_never_visible_can_be_edited_without_limit(client, published_post):
    comment = say(published_post(comment_mode="open"), status=Status.PENDING)
    address = link_of(comment, "edit/")
    with later(60 * 24 * 90):
        assert change(client, address).status_code == 302
    assert (stored(comment).body, stored(comment).status) == (NEW, Status.PENDING)


def test_half_an_hour_after_a_comment_appeared_it_can_no_longer_be_edited(client, published_post):
    comment = say(published_post(comment_mode="open"))
    address = link_of(comment, "edit/")
    with later(29):
        assert change(client, address, "In time.").status_code == 302
    with later(31):
        response = client.get(address)
        assert response.status_code == 403
        assert "This comment can no longer be edited." in response.text
        late = change(client, address)
    assert late.status_code == 409
    assert text_of(BeautifulSoup(late.content, "html.parser").select_one("textarea#kept")) == NEW
    assert stored(comment).body == "In time."


def test_a_visible_reply_ends_editing_and_a_hidden_one_does_not(client, mia, published_post):
    post = published_post(comment_mode="open")
    comment = say(post)
    answer = say(post, comment, status=Status.PENDING)
    address = link_of(comment, "edit/")
    assert client.get(address).status_code == 200
    decisions.decide([answer.pk], "approve", mia)
    assert client.get(address).status_code == 403
    assert change(client, address).status_code == 409
    decisions.decide([answer.pk], "remove", mia)
    assert client.get(address).status_code == 200


def test_a_guests_name_goes_with_the_words_that_they_take_back(client, mia, published_post):
    post = published_post(comment_mode="open")
    comment = say(post, name="Quillfeather", email="typed@example.org")
    say(post, comment, name="Wren")
    own_comments.withdraw(comment.pk)
    row = stored(comment)
    assert (row.name, row.email, row.body, row.disowned) == ("", "", "", False)
    page = visit(client, post.get_absolute_url()).text
    assert "The writer deleted this comment." in page
    assert "Quillfeather" not in page
    assert client.get(link_of(comment), follow=True).status_code == 200
    client.force_login(mia, backend="django.contrib.auth.backends.ModelBackend")
    assert "Quillfeather" not in client.get(f"/admin/queue/{comment.pk}/").text
    assert not differences()


@pytest.mark.parametrize("otherwise", ["withdrawn", "changed and held"])
def test_once_answered_editing_stays_closed(client, published_post, otherwise):
    post = published_post(comment_mode="open")
    comment = say(post)
    answer = say(post, comment)
    if otherwise == "withdrawn":
        own_comments.withdraw(answer.pk)
    else:
        Post.objects.filter(pk=post.pk).update(comment_mode="moderated")
        own_comments.edit(answer.pk, "Other words.")
    assert stored(answer).status != Status.APPROVED
    assert client.get(link_of(comment, "edit/")).status_code == 403
    assert change(client, link_of(comment, "edit/")).status_code == 409


def test_a_reply_that_moderators_refused_is_no_answer(client, mia, published_post):
    comment = say(published_post(comment_mode="open"))
    answer = say(comment.post, comment)
    decisions.decide([answer.pk], "spam", mia)
    assert client.get(link_of(comment, "edit/")).status_code == 200


def test_the_edit_form_says_where_the_checks_will_hold_it(client, mia, published_post):
    post = published_post(comment_mode="open")
    Phrase.objects.create(kind=Phrase.Kind.HOLD, text="turnips")
    comment = say(post, body="I grow turnips.", status=Status.PENDING)
    decisions.decide([comment.pk], "approve", mia)
    address = link_of(comment, "edit/")
    page = client.get(address).text
    assert "Sending this hides your comment right away, the old text too." in " ".join(page.split())
    assert "Your edit appears right away" not in page
    change(client, address, "I grow turnips and beans.")
    assert stored(comment).status == Status.PENDING
    other = say(post, body="I grow beans.")
    assert "until then, the whole comment is hidden" in client.get(link_of(other, "edit/")).text


def test_the_edit_form_sends_no_words_to_the_spam_service(client, published_post, monkeypatch):
    asked = []
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *args: asked.append(args))
    ConversationSettings.objects.update(
        spam_service="https://spam.example.org/", spam_service_key="k"
    )
    comment = say(published_post(comment_mode="open"), body="I grow beans.")
    assert "Your edit appears right away" in client.get(link_of(comment, "edit/")).text
    assert asked == []


def test_only_what_was_changed_in_public_is_marked_as_edited(client, mia, published_post):
    post = published_post(comment_mode="moderated")
    comment = say(post, status=Status.PENDING)
    address = link_of(comment, "edit/")
    change(client, address, "Before anybody read it.")
    decisions.decide([comment.pk], "approve", mia)

    def marks():
        article = articles(visit(client, post.get_absolute_url()))[comment.pk]
        own_page = soup(client.get(link_of(stored(comment)), follow=True))
        return bool(article.select_one(".edited")), "edited" in own_page.select_one("main").text

    assert marks() == (False, False)
    change(client, link_of(stored(comment), "edit/"), "After somebody may have read it.")
    decisions.decide([comment.pk], "approve", mia)
    assert marks() == (True, True)


def test_a_form_opened_in_time_is_accepted_a_little_late(client, published_post):
    comment = say(published_post(comment_mode="open"))
    address = link_of(comment, "edit/")
    mark, _words = opened(client, address)
    with later(65):
        assert change(client, address, opened=mark).status_code == 409
    with later(55):
        assert change(client, address, opened=mark + "x").status_code == 409
        assert change(client, address, opened=mark).status_code == 302
    assert stored(comment).body == NEW


def test_the_timestamp_of_another_comments_form_is_refused(client, published_post):
    post = published_post(comment_mode="open")
    one, other = say(post), say(post)
    mark, _words = opened(client, link_of(other, "edit/"))
    address = link_of(one, "edit/")
    with later(40):
        assert change(client, address, opened=mark).status_code == 409


@pytest.mark.parametrize("status", [Status.SPAM, Status.REMOVED])
def test_a_refused_comment_cannot_be_edited(client, published_post, status):
    comment = say(published_post(), status=status)
    address = link_of(comment, "edit/")
    assert client.get(address).status_code == 403
    assert change(client, address).status_code == 409
    assert stored(comment).body == comment.body


def test_a_refused_form_keeps_every_word_and_its_timestamp(client, published_post):
    comment = say(published_post())
    ConversationSettings.objects.update(max_length=100)
    address = link_of(comment, "edit/")
    mark, _words = opened(client, address)
    words = "\n" + "é" * 101
    response = change(client, address, words, opened=mark)
    assert response.status_code == 422
    form = BeautifulSoup(response.content, "html.parser").select_one("form#answer")
    assert text_of(form.textarea) == words
    assert form.select_one("[name=opened]")["value"] == mark
    assert stored(comment).body == comment.body


def test_saving_the_same_text_is_no_edit(client, published_post):
    comment = say(published_post(comment_mode="moderated"))
    change(client, link_of(comment, "edit/"), comment.body)
    assert stored(comment).status == Status.APPROVED
    assert not ModerationAction.objects.exists()


def test_an_edit_is_decided_by_the_settings_after_the_checks(client, published_post, monkeypatch):
    run_checks = pipeline.run_checks

    def slowly(submission):
        ConversationSettings.objects.update(default_mode="moderated")
        return run_checks(submission)

    ConversationSettings.objects.update(default_mode="open")
    comment = say(published_post(comment_mode="default"))
    monkeypatch.setattr(pipeline, "run_checks", slowly)
    own_comments.edit(comment.pk, NEW)
    assert stored(comment).status == Status.PENDING


CLOSED = [{"comment_mode": "closed"}, {"status": "archived"}, {"comment_mode": "hidden"}]


@pytest.mark.parametrize("fields", CLOSED)
@pytest.mark.parametrize("status", [s for s in Status if s != Status.WITHDRAWN])
def test_a_comment_can_be_withdrawn_at_any_time_and_anywhere(
    client, published_post, fields, status
):
    post = published_post(**fields)
    comment = say(post, status=status, email="wren@example.org")
    address = link_of(comment, "withdrawal/")
    with later(60 * 24 * 200):
        client.post(address)
        client.post(address)
    gone = stored(comment)
    assert (gone.status, gone.body, gone.body_html) == (Status.WITHDRAWN, "", "")
    assert gone.email == ""
    assert count(post) == 0
    assert ModerationAction.objects.count() == 1
    assert (last_act().act, last_act().from_status) == ("withdraw", status)
    assert not differences()


def test_a_tombstone_stays_only_where_somebody_replied(client, published_post):
    post = published_post()
    alone, answered = say(post), say(post)
    reply = say(post, answered)
    for comment in (alone, answered):
        client.post(link_of(comment, "withdrawal/"))
    shown = articles(visit(client, post.get_absolute_url()))
    assert list(shown) == [answered.pk, reply.pk]
    assert "The writer deleted this comment." in shown[answered.pk].text
    assert "Wren" not in shown[answered.pk].text
    assert not differences()


def test_a_withdrawn_comment_does_not_come_back(client, mia, published_post):
    comment = say(published_post())
    client.post(link_of(comment, "withdrawal/"))
    assert decisions.decide([comment.pk], "restore", mia).changed == []
    with pytest.raises(Refused):
        own_comments.edit(comment.pk, "Once more.")


def test_sending_the_form_again_after_a_withdrawal_makes_a_new_comment(client, published_post):
    post = published_post()
    for _ in range(2):
        assert send(client, post, submission="the-same-form").status_code == 302
        client.post(link_of(Comment.objects.last(), "withdrawal/"))
    assert Comment.objects.filter(status=Status.WITHDRAWN).count() == 2


def test_a_disowned_comment_keeps_its_text_and_loses_its_name(signed_in, alice, published_post):
    post = published_post(status="archived")
    comment = say(post, user=alice, name="", body="Still true.")
    reply = say(post, comment)
    client = signed_in(alice)
    assert "“a reader”" in client.get(own(comment, "disowning/")).text
    assert client.post(own(comment, "disowning/")).status_code == 302
    client.logout()
    shown = articles(visit(client, post.get_absolute_url()))
    assert "Still true." in shown[comment.pk].text
    assert shown[comment.pk].h3.text == "a reader"
    assert not shown[comment.pk].select(".badge")
    assert list(shown) == [comment.pk, reply.pk]
    row = stored(comment)
    assert (row.user_id, row.name, row.email, row.disowned) == (None, "", "", True)
    assert (last_act().act, last_act().who) == ("disown", None)
    assert not differences()


def test_the_blogs_name_for_disowned_writers_changes_at_once_everywhere(client, published_post):
    post = published_post()
    comment = say(post, email="wren@example.org")
    address, feed = post.get_absolute_url(), f"{post.get_absolute_url()}comments/feed/"
    assert "Wren" in client.get(address).text
    assert "Wren" in client.get(feed).text
    client.post(link_of(comment, "disowning/"))
    client.cookies.clear()
    for text in (client.get(address).text, client.get(feed).text):
        assert "Wren" not in text
        assert "a reader" in text
    row = ConversationSettings.get()
    row.reader_word = "someone at the hearth"
    row.save()
    for text in (client.get(address).text, client.get(feed).text):
        assert "someone at the hearth" in text


def test_after_disowning_the_account_lists_nothing_and_the_link_still_works(
    signed_in, bob, published_post
):
    comment = say(published_post(), user=bob, name="")
    client = signed_in(bob)
    private = link_of(comment)
    client.post(own(comment, "disowning/"))
    assert client.get(own(comment)).status_code == 404
    assert client.post(own(comment, "withdrawal/")).status_code == 404
    client.post(f"{private}withdrawal/")
    assert stored(comment).status == Status.WITHDRAWN


def test_a_feed_of_disowned_comments_costs_no_more_queries(
    client, published_post, django_assert_max_num_queries, without_page_cache
):
    post = published_post()
    for _ in range(10):
        own_comments.disown(say(post).pk)
    with django_assert_max_num_queries(8):
        assert client.get("/comments/feed/").text.count("a reader") >= 10
