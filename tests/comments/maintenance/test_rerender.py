"""Rerendering: stored HTML follows changed markup rules, and no edit is lost."""

import pytest
from django.core.management import call_command

from comments import markup
from comments.models import Comment


@pytest.fixture
def comment(published_post):
    post = published_post(slug="lake", comment_mode="open")
    return Comment.objects.create(post=post, name="Ana", body="*words*", status=1)


@pytest.fixture
def newer_rules(monkeypatch):
    monkeypatch.setattr(markup, "RENDER_VERSION", markup.RENDER_VERSION + 1)
    render = markup.render
    monkeypatch.setattr(markup, "render", lambda body: render(body).replace("<em>", "<em >"))


def test_old_html_is_rerendered_and_readers_see_it_at_once(client, comment, newer_rules, capsys):
    assert "<em>words</em>" in client.get("/posts/lake/").text
    call_command("rerender_comments")
    assert "1 comment was re-rendered." in capsys.readouterr().out
    assert "<em >words</em>" in client.get("/posts/lake/").text
    comment.refresh_from_db()
    assert (comment.body, comment.render_version) == ("*words*", markup.RENDER_VERSION)


def test_html_of_the_current_rules_is_left_alone(comment, capsys):
    before = Comment.objects.values().get()
    call_command("rerender_comments")
    assert "0 comments" in capsys.readouterr().out
    assert Comment.objects.values().get() == before


def test_an_edit_made_meanwhile_wins(comment, newer_rules, monkeypatch):
    render = markup.render

    def slowly(body):
        if body == "*words*":
            Comment.objects.filter(pk=comment.pk).update(body="other", body_html="<p>other</p>")
        return render(body)

    monkeypatch.setattr(markup, "render", slowly)
    call_command("rerender_comments")
    comment.refresh_from_db()
    assert comment.body_html == "<p>other</p>"


def test_many_comments_are_rerendered_in_batches(published_post, newer_rules, monkeypatch):
    monkeypatch.setattr("comments.maintenance.rerender.BATCH", 3)
    post = published_post()
    for number in range(8):
        Comment.objects.create(post=post, name="Ana", body=f"{number}", status=1)
    Comment.objects.update(render_version=0)
    call_command("rerender_comments")
    assert set(Comment.objects.values_list("render_version", flat=True)) == {markup.RENDER_VERSION}
    call_command("check_comment_tree")
