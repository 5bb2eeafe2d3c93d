"""What is deleted goes to the trash: nobody sees it there, and it can be restored for a month."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils import timezone

from blog.models import Post, PostRevision, PreviewLink, RemovedSource, Tag
from blog.privacy import departure, erase
from blog.publishing import trash
from tests.blog.admin_http import ADD, LIST, change, errors, form, said, typed
from tests.house.purging import purge

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.publishing.trash", "blog.admin.post_form"),
]
TRASH = "/admin/blog/post/trash/"


@pytest.fixture
def desk(signed_in, alice):
    return signed_in(alice)


def at(post, act):
    return f"/admin/blog/post/{post.pk}/{act}/"


def status(post):
    post.refresh_from_db()
    return post.status


@pytest.fixture
def draft(desk):
    desk.post(ADD, form(title="Half a thought"))
    return Post.objects.get()


def test_an_author_deletes_a_draft_restores_it_and_deletes_it_for_good(desk, draft):
    assert "goes to the trash" in desk.get(at(draft, "delete")).text
    assert "in the trash for 30 days" in said(desk.post(at(draft, "delete")))
    assert draft.title not in desk.get(LIST).text.partition('id="result_list"')[2]
    assert draft.title in desk.get(TRASH).text
    assert desk.post(at(draft, "restore")).status_code == 302
    assert status(draft) == "draft"
    assert f'href="{TRASH}"' in desk.get(change(draft)).text
    desk.post(at(draft, "delete"))
    assert "permanently" in desk.get(at(draft, "erase")).text
    assert Post.objects.exists()
    desk.post(at(draft, "erase"))
    assert not Post.objects.exists()
    assert not PostRevision.objects.exists()
    assert "The trash is empty." in desk.get(TRASH).text


def test_an_author_deletes_nothing_that_readers_could_see(desk, published_post, carol):
    gone = published_post(status="draft", was_public=True)
    for post in (published_post(), gone, published_post(author=carol, status="draft")):
        for act in ("delete", "restore", "erase"):
            assert desk.post(at(post, act)).status_code in {403, 404}
    assert not Post.objects.in_trash().exists()


def test_a_post_that_was_published_meanwhile_is_not_deleted(desk, draft, monkeypatch):
    lock = Post.objects.select_for_update

    def published_meanwhile():
        Post.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
        return lock()

    monkeypatch.setattr(Post.objects, "select_for_update", published_meanwhile)
    assert desk.post(at(draft, "delete")).status_code == 403
    assert status(draft) != "trash"


def test_a_public_post_in_the_trash_is_gone_for_readers_and_comes_back(
    signed_in, owner, client, alice, published_post
):
    post, other = published_post(title="By the lake"), published_post(title="Another")
    tag = Tag.objects.create(name="Lake", slug="lake")
    post.tags.add(tag)
    other.tags.add(tag)
    lists = ["/", "/feed/", "/tags/lake/", "/sitemap.xml", "/search/?q=lake", "/archive/"]
    lists.append(other.get_absolute_url())
    link = PreviewLink.objects.make(post, alice, 7).get_absolute_url()
    signed_in(owner).post(at(post, "delete"))
    for someone in (client, signed_in(alice), signed_in(owner)):
        assert someone.get(post.get_absolute_url()).status_code == 410
    for address in lists:
        assert post.get_absolute_url() not in client.get(address).text
    assert client.get(link).status_code == 404
    assert client.get(f"{post.get_absolute_url()}comments/feed/").status_code == 404
    signed_in(owner).post(at(post, "restore"))
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_draft_in_the_trash_is_not_found(desk, client, draft):
    desk.post(at(draft, "delete"))
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_post_whose_date_passed_in_the_trash_comes_back_as_a_draft(desk, draft):
    day = timezone.now() + timedelta(days=1)
    Post.objects.filter(pk=draft.pk).update(status="scheduled", published_at=day)
    desk.post(at(draft, "delete"))
    with time_machine.travel(day + timedelta(hours=1)):
        trash.restore(Post.objects.get())
    assert status(draft) == "draft"


def test_saving_a_post_in_the_trash_says_so_and_loses_nothing(desk, draft):
    desk.post(at(draft, "delete"))
    for act in ("", "publish"):
        answer = desk.post(change(draft), form(title="Written since", act=act))
        assert "is in the trash, so it wasn’t saved" in str(errors(answer))
        assert "Written since" in answer.text
        assert "Restore and save" in answer.text
    assert desk.post(at(draft, "autosave"), typed(title="Written since")).json()["open"]
    desk.post(change(draft), form(title="Written since", act="restore"))
    assert (status(draft), draft.title) == ("draft", "Written since")


def test_the_trash_is_emptied_after_a_month(draft, published_post):
    imported = published_post(source="old.example", source_id="7")
    talked_about = published_post()
    from comments.models import Comment

    for post in (draft, imported):
        trash.move(post)
    Comment.objects.create(post=talked_about, name="Fern", body="A word")
    trash.move(talked_about)
    with time_machine.travel(timezone.now() + trash.KEPT - timedelta(minutes=1)):
        assert not purge()["posts in the trash"]
    with time_machine.travel(timezone.now() + trash.KEPT + timedelta(minutes=1)):
        assert purge()["posts in the trash"] == 2
    assert [*Post.objects.all()] == [talked_about]
    assert RemovedSource.objects.filter(source_id="7").exists()


def test_an_author_who_leaves_takes_unseen_posts_along_and_the_trash_stays_shut(
    alice, owner, draft, published_post
):
    from accounts.privacy.registry import DataSubject

    seen = published_post()
    for post in (draft, seen):
        trash.move(post)
    subject = DataSubject.from_user(alice)
    departure.hide(subject, "everything", {})
    assert {status(draft), status(seen)} == {"trash"}
    erase.posts(subject)
    assert [*Post.objects.values_list("pk", "author")] == [(seen.pk, owner.pk)]


def test_an_author_cannot_bring_back_what_the_owner_deleted(desk, signed_in, owner, alice):
    desk.post(ADD, form(title="Read by many", act="publish"))
    post = Post.objects.get()
    signed_in(owner).post(at(post, "delete"))
    desk = signed_in(alice)
    assert "Restore and save" not in desk.get(change(post)).text
    sent = form(title="Again", body="My words.", act="restore", version=post.version)
    answer = desk.post(change(post), sent)
    assert "The owner of the blog can restore the post." in answer.text
    assert "My words." in answer.text
    assert status(post) == "trash"


def test_the_list_leads_to_the_trash_and_filters_by_what_it_has(desk, draft):
    page = BeautifulSoup(desk.get(LIST).content, "html.parser")
    assert page.select(f'.object-tools a[href="{TRASH}"]')
    statuses = [each.get_text(strip=True) for each in page.select("#changelist-filter li")]
    assert "archived" in statuses
    assert "in the trash" not in statuses
