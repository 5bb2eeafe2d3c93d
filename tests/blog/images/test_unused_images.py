"""The command that finds pictures that no text uses, and deletes them only on request."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from blog.models import Image, Post, PostRevision
from tests.blog.image_files import drawn, file

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.publishing.image_usage")]


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def pictures(alice):
    """One picture that a draft shows and one that nothing shows; both old."""
    made = [
        Image.keep(file(drawn("PNG", size=(60, height))), alice, title)
        for height, title in ((40, "shown"), (50, "forgotten"))
    ]
    Post.objects.create(title="a", slug="a", author=alice, body=f'<img src="{made[0].url}">')
    Image.objects.update(created_at=timezone.now() - timedelta(days=60))
    return made


def run(*arguments):
    out = StringIO()
    call_command("unused_pictures", *arguments, stdout=out)
    return out.getvalue()


def test_without_an_option_unused_pictures_are_only_listed(pictures):
    said = run()
    assert "forgotten" in said
    assert "shown" not in said
    assert "1 image is unused. Nothing was changed" in said
    assert Image.objects.count() == 2


def test_unused_pictures_are_deleted_with_their_files(pictures, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert "1 unused image was deleted." in run("--delete")
    assert Image.objects.get() == pictures[0]
    assert default_storage.exists(pictures[0].file)
    assert not default_storage.exists(pictures[1].file)


def test_a_new_picture_is_kept_until_its_text_is_saved(pictures):
    Image.objects.update(created_at=timezone.now() - timedelta(days=5))
    assert "0 unused images were deleted" in run("--delete")
    assert "1 image is unused" in run("--days", "4")
    assert Image.objects.count() == 2


def test_a_text_that_names_only_a_small_size_uses_the_picture(pictures):
    small = pictures[1].thumbnail
    Post.objects.update(body=f'<p><a href="{small}">small</a></p>')
    assert "shown" in run()
    assert "forgotten" not in run()


@pytest.mark.parametrize("kind", [PostRevision.Kind.AUTOSAVE, PostRevision.Kind.SAVED])
def test_versions_and_drafts_that_can_be_restored_use_their_pictures(pictures, alice, kind):
    shown = {"body": f'<p>ü</p><img src="{pictures[1].url}" alt="">'}
    row = PostRevision.objects.create(author=alice, kind=kind, fields=shown)
    assert "0 unused images were deleted." in run("--delete")
    row.delete()
    assert "1 unused image was deleted." in run("--delete")


def test_a_lead_image_that_is_chosen_but_not_saved_yet_is_used(pictures, alice):
    for chosen in (str(pictures[1].pk), "", "x", None):
        kind = PostRevision.Kind.AUTOSAVE
        PostRevision.objects.create(author=alice, kind=kind, fields={"lead_image": chosen})
    assert "0 unused images were deleted." in run("--delete")
