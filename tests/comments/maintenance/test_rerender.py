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


IMPORTED = {
    "2\\*3\\*4 \\_so\\_ 1\\. \\# \\\\": "<p>2*3*4 _so_ 1. # \\</p>",
    "`code` and **bold**": "<p>`code` and <strong>bold</strong></p>",
    "8. tea\n9. milk": "<p>8. tea<br>\n9. milk</p>",
    "one\ntwo\n\n> said\n\n- a\n  - b": (
        "<p>one<br>\ntwo</p>\n<blockquote>\n<p>said</p>\n</blockquote>\n"
        "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"
    ),
}
BEFORE = {
    "`code` and **bold**": "<p><code>`code`</code> and <strong>bold</strong></p>",
    "8. tea\n9. milk": '<ol start="8">\n<li>tea</li>\n<li>milk</li>\n</ol>',
}


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "html"), IMPORTED.items())
def test_what_an_earlier_import_wrote_shows_what_the_old_blog_did(published_post, body, html):
    post = published_post()
    Comment.objects.create(post=post, name="Ana", body=body, source="wordpress:a", source_id="1")
    Comment.objects.update(render_version=2, body_html=BEFORE.get(body, html))
    call_command("rerender_comments")
    comment = Comment.objects.get()
    assert (comment.body_html, comment.body_html) == (html, markup.render(comment.body))


@pytest.mark.django_db
def test_what_was_typed_here_stays_as_it_was_typed(published_post):
    post, typed = published_post(), "2\\*3 and `code`"
    Comment.objects.create(post=post, name="Ana", body=typed, status=1)
    edited = {"source": "wordpress:a", "source_id": "1", "edited_at": post.published_at}
    Comment.objects.create(post=post, name="Ana", body=typed, status=1, **edited)
    Comment.objects.update(render_version=2, body_html="<p>2*3 and <code>code</code></p>")
    call_command("rerender_comments")
    shown = Comment.objects.values_list("body", "body_html")
    assert set(shown) == {(typed, f"<p>{typed}</p>")}
