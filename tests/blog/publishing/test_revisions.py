"""Revisions: each save keeps a version, diffs are readable, restoring never overwrites."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from blog.models import ContentNote, Image, Post, PostRevision, Tag
from blog.publishing import revisions
from tests.blog.admin_http import ADD, change, errors, form, said
from tests.blog.image_files import drawn, file

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.models.revisions", "blog.publishing.revisions"),
]


def of(post, *more):
    return "/".join([f"/admin/blog/post/{post.pk}/versions", *map(str, more), ""])


def saved(post):
    return list(post.revisions.saved())


@pytest.fixture
def post(published_post):
    return published_post(title="First", body="<p>The lake was still.</p>", slug="lake")


def save(desk, post, **fields):
    version = Post.objects.get(pk=post.pk).version
    return desk.post(change(post), form(slug=post.slug, version=version, **fields))


def test_each_saving_keeps_a_version_and_the_one_before_it(desk, alice, post):
    save(desk, post, title="Second", body="<p>The lake was calm.</p>")
    newest, first = saved(post)
    assert (first.fields["title"], newest.fields["title"]) == ("First", "Second")
    assert (first.author, newest.author) == (alice, alice)
    assert newest.version == Post.objects.get().version
    save(desk, post, title="Third")
    assert [row.fields["title"] for row in saved(post)] == ["Third", "Second", "First"]


def test_a_new_post_has_its_first_version(desk):
    desk.post(ADD, form())
    [row] = saved(Post.objects.get())
    assert row.fields["title"] == "A quiet day"


def test_a_difference_is_said_in_words_and_marked_not_only_by_colour(desk, post):
    note = ContentNote.objects.create(name="grief, old")
    save(
        desk,
        post,
        title="First light",
        body="<p>The lake was <b>calm</b>.</p><p>And deep.</p>",
        tags="Water",
        content_notes=[note.pk],
    )
    newest, first = saved(post)
    assert "This is the oldest version kept." in desk.get(of(post, first.pk)).text
    page = BeautifulSoup(desk.get(of(post, newest.pk)).text, "html.parser")
    changed, back = page.select(".difference")
    assert [each.text for each in changed.select("ins")] == [
        f"added: {words} (end) " for words in (" light", "Water", "grief, old", "calm", "And deep.")
    ]
    assert [each.text for each in changed.select("del")] == ["removed: still (end) "]
    assert back.text.strip() == "No differences."
    assert "<b>calm</b>" not in str(changed)


def test_a_change_of_a_link_alone_is_described_as_such(desk, post):
    save(desk, post, title="First", body='<p>The <a href="/">lake</a> was still.</p>')
    page = desk.get(of(post, saved(post)[0].pk)).text
    assert "The wording is the same" in page


def test_a_picture_in_both_versions_is_no_difference(desk, alice, post, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    image = Image.keep(file(drawn(size=(900, 600))), alice)
    picture = f'<img src="{image.url}" alt="Still" width="900" height="600">'
    shown = f"<p>The lake</p><figure>{picture}</figure>"
    save(desk, post, title="First", body=shown)
    opened = post.version = Post.objects.get(pk=post.pk).version
    save(desk, post, title="Theirs", body=shown)
    mine = form(slug=post.slug, title="Mine", body=shown, version=opened)
    page = desk.post(change(post), mine).text
    assert "Mine" in page
    assert "replace it with mine" in page
    assert "The wording is the same" not in page


def test_restoring_a_version_keeps_the_current_one(desk, alice, post):
    grief = ContentNote.objects.create(name="old grief")
    post.tags.add(Tag.objects.create(name="Lake", slug="lake"))
    post.content_notes.add(grief)
    save(desk, post, title="Second", body="<p>Other words.</p>", tags="Sea, Sand", excerpt="E")
    Tag.objects.get(name="Lake").delete()
    first = saved(post)[-1]
    page = BeautifulSoup(desk.get(of(post, first.pk)).text, "html.parser")
    seen = page.select_one("form [name=version]")["value"]
    assert "Readers see this right away" in page.text
    answer = desk.post(of(post, first.pk, "return"), {"version": seen})
    assert answer["Location"] == change(post)
    post = Post.objects.get()
    assert (post.title, post.body, post.excerpt) == ("First", "<p>The lake was still.</p>", "")
    assert [tag.name for tag in post.tags.all()] == ["Lake"]
    assert list(post.content_notes.all()) == [grief]
    assert (post.status, post.slug) == ("published", "lake")
    rows = saved(post)
    assert [row.kind for row in rows] == ["restored", "saved", "saved"]
    assert rows[1].fields["title"] == "Second"
    assert "The lake was still." in Client().get("/posts/lake/").text
    assert "The lake" in Client().get("/search/?q=still").text


def test_restoring_is_refused_over_a_version_that_was_not_seen(desk, post):
    save(desk, post, title="Second")
    first, seen = saved(post)[1], Post.objects.get().version
    save(desk, post, title="Third")
    for version in (seen, "", "²", "x"):
        answer = desk.post(of(post, first.pk, "return"), {"version": version})
        assert "Someone saved this post in the meantime." in said(answer)
    assert Post.objects.get().title == "Third"


def test_versions_do_not_pile_up(desk, post, monkeypatch):
    monkeypatch.setattr(revisions, "MOST_SAVED", 3)
    for number in range(5):
        save(desk, post, title=f"{number}")
    assert [row.fields["title"] for row in saved(post)] == ["4", "3", "2"]


def test_the_list_of_versions_costs_the_same_for_many(desk, post, django_assert_max_num_queries):
    for number in range(9):
        save(desk, post, title=f"{number}")
    with django_assert_max_num_queries(10):
        assert desk.get(of(post)).text.count("</li>") >= 10


def test_versions_are_deleted_with_their_post(signed_in, owner, desk, post):
    save(desk, post, title="Second")
    signed_in(owner).post(f"/admin/blog/post/{post.pk}/delete/")
    assert PostRevision.objects.exists()
    signed_in(owner).post(f"/admin/blog/post/{post.pk}/erase/")
    assert not PostRevision.objects.exists()


# -- two people, two tabs --------------------------------------------------------------------


def test_the_second_to_save_sees_both_versions_and_overwrites_nothing(desk, owner, post):
    opened = Post.objects.get().version
    second = Client()
    second.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    assert save(second, post, title="The owner's", author=post.author_id).status_code == 302
    mine = form(slug="lake", version=opened, title="Mine", body="<p>My own.</p>")
    answer = desk.post(change(post), mine)
    assert "This post was saved elsewhere after you opened it." in str(errors(answer)["__all__"])
    assert Post.objects.get().title == "The owner's"
    page = BeautifulSoup(answer.text, "html.parser")
    both = page.select_one(".desk-meanwhile")
    assert "owner saved a newer version (" in both.text
    assert "removed: The owner" in both.text
    assert "added: My own." in both.text
    assert page.select_one("#id_title").text.strip() == "Mine"
    assert page.select_one("[name=version]")["value"] == str(opened)
    assert desk.post(change(post), mine).status_code == 200  # pressing again is no answer
    over = both.select_one("[name=over]")
    assert not over.has_attr("checked")
    assert desk.post(change(post), mine | {"over": over["value"]}).status_code == 302
    assert Post.objects.get().title == "Mine"
    assert [row.fields["title"] for row in saved(post)] == ["Mine", "The owner's", "First"]


def test_having_seen_one_version_does_not_permit_overwriting_a_later_one(desk, post):
    opened = Post.objects.get().version
    save(desk, post, title="Second")
    over = Post.objects.get().version
    save(desk, post, title="Third")
    mine = form(slug="lake", version=opened, over=over, title="Mine")
    assert "__all__" in errors(desk.post(change(post), mine))
    assert Post.objects.get().title == "Third"


def test_a_status_changed_in_the_list_is_not_undone_by_an_open_form(desk, post):
    opened = Post.objects.get().version
    desk.post("/admin/blog/post/", {"action": "archive", "_selected_action": [post.pk]})
    answer = desk.post(change(post), form(slug="lake", version=opened))
    assert "__all__" in errors(answer)
    assert Post.objects.get().status == "archived"


def test_comments_and_reading_are_no_newer_version(desk, post):
    from comments.models import Comment
    from comments.tree.status import Status

    opened = Post.objects.get().version
    Comment(post=post, name="Fern", body="A word", status=Status.APPROVED).save()
    assert Post.objects.get().revision > post.revision
    mine = form(slug="lake", version=opened, title="Mine")
    assert desk.post(change(post), mine).status_code == 302


# -- whose -----------------------------------------------------------------------------------


def test_only_those_who_may_change_the_post_see_its_versions(desk, carol, mia, bob, post):
    save(desk, post, title="Second")
    row = saved(post)[1]
    hers = Post.objects.create(author=carol, title="Hers")
    for person, found in ((carol, {404}), (mia, {403, 404}), (bob, {302}), (None, {302})):
        client = Client()
        if person:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for address in (of(post), of(post, row.pk)):
            assert client.get(address).status_code in found, (person, address)
        for address in (of(post, row.pk, "return"), f"/admin/blog/post/{post.pk}/copy/"):
            assert client.post(address, {"version": 2}).status_code in found, (person, address)
        if person == carol:  # nor through a post of their own
            assert client.get(of(hers, row.pk)).status_code == 404
            assert client.post(of(hers, row.pk, "return"), {"version": 1}).status_code == 404
    assert Post.objects.get(pk=post.pk).title == "Second"


def test_get_requests_change_nothing(desk, post):
    save(desk, post, title="Second")
    row = saved(post)[1]
    for address in (of(post, row.pk, "return"), f"/admin/blog/post/{post.pk}/copy/"):
        assert desk.get(address).status_code == 405
    assert Post.objects.count() == 1
