"""A form that is sent twice creates one comment."""

from dataclasses import replace

import pytest
from django.test import Client

from accounts.refusal import Refused
from comments.models import Comment
from comments.policy import Viewer, may_see
from comments.posting import create
from comments.tree.status import Status
from tests.comments.factories import differences, say
from tests.comments.http import reply_url, send, visit
from tests.threads import at_once

pytestmark = pytest.mark.both_databases("comments.models.comment")


@pytest.mark.django_db
def test_the_same_form_sent_twice_makes_one_comment_and_leads_to_it_both_times(
    client, published_post
):
    parent = say(published_post())
    for target in (parent.post, parent):
        form = visit(client, reply_url(target)).select_one("form#answer")
        mark = form.select_one("[name=submission]")["value"]
        first = send(client, target, submission=mark)
        second = send(client, target, submission=mark)
        assert first["Location"] == second["Location"]
    assert Comment.objects.filter(name="Ada").count() == 2


@pytest.mark.django_db
def test_each_form_has_a_token_of_its_own(client, published_post):
    post = published_post()
    marks = {visit(client, reply_url(post)).select_one("[name=submission]")["value"] for _ in "ab"}
    assert len(marks) == 2


@pytest.mark.django_db
def test_a_refused_form_keeps_its_token(client, published_post):
    response = send(client, published_post(), "", submission="one-form")
    assert 'value="one-form"' in response.text


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"body": "Other words."}, {"name": "Bea"}])
def test_the_same_form_with_another_text_makes_a_second_comment(client, published_post, change):
    post = published_post()
    send(client, post, submission="one-form")
    send(client, post, **{"submission": "one-form", **change})
    assert Comment.objects.count() == 2


@pytest.mark.django_db
def test_the_same_text_as_a_reply_to_somebody_else_is_another_comment(client, published_post):
    parent = say(published_post())
    for target in (parent.post, parent, published_post()):
        send(client, target, submission="one-form")
    assert Comment.objects.filter(name="Ada").count() == 3


@pytest.mark.django_db
def test_the_same_text_in_two_forms_makes_two_comments(client, published_post):
    post = published_post()
    send(client, post, submission="one-form")
    send(client, post, submission="another-form")
    assert Comment.objects.count() == 2


@pytest.mark.django_db
def test_one_form_sent_by_two_people_in_one_browser_makes_two_comments(
    signed_in, bob, person, published_post
):
    post = published_post()
    for user in (bob, person("carol")):
        send(signed_in(user), post, submission="one-form")
    assert list(Comment.objects.order_by("pk").values_list("user__username", flat=True)) == [
        "bob",
        "carol",
    ]


@pytest.mark.django_db
def test_a_form_without_a_token_is_recognised_by_its_browser(published_post):
    post, browser = published_post(), Client(enforce_csrf_checks=True)
    token = visit(browser, reply_url(post)).select_one("[name=csrfmiddlewaretoken]")["value"]
    for _ in range(2):
        assert send(browser, post, csrfmiddlewaretoken=token).status_code == 302
    assert Comment.objects.count() == 1


@pytest.mark.django_db
def test_sending_again_does_not_restore_a_removed_comment(client, published_post):
    post = published_post()
    send(client, post, submission="one-form")
    comment = Comment.objects.get()
    Comment.objects.filter(pk=comment.pk).update(status=Status.REMOVED)
    response = send(client, post, submission="one-form")
    assert response.status_code == 302
    assert "A quiet word." not in client.get(response["Location"]).text
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["open", "moderated"])
@pytest.mark.parametrize("below", [False, True])
def test_the_same_form_sent_at_the_same_time_makes_one_comment(published_post, mode, below):
    post = published_post(comment_mode=mode)
    parent = say(post).pk if below else None
    words = {"body": "At once.", "name": "Ada"}
    answer = create.Answer(post.pk, words, parent=parent, token="one")
    keys = at_once(*[lambda: create.post_comment(answer).pk] * 4)
    comment = Comment.objects.get(body="At once.")
    assert keys == [comment.pk] * 4
    assert may_see(comment, Viewer(own=frozenset(keys)))
    assert not differences()


@pytest.mark.django_db
def test_a_form_sent_again_after_the_conversation_closed_leads_to_its_comment(published_post):
    post = published_post(comment_mode="open")
    answer = create.Answer(post.pk, {"body": "Once.", "name": "Ada"}, token="one")
    first = create.post_comment(answer)
    type(post).objects.filter(pk=post.pk).update(comment_mode="closed")
    assert create.post_comment(answer) == first
    with pytest.raises(Refused):
        create.post_comment(replace(answer, token="two"))
    assert Comment.objects.get() == first
