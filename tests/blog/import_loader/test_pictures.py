"""Imported pictures come from a copy of the uploads folder; nothing else is read."""

import base64

import pytest
from django.core.files.storage import default_storage

from accounts.refusal import Refused
from blog.models import Post
from tests.blog.importing import move_in, post
from tests.blog.wxr_samples import ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("blog.import_loader")]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    (folder / "2014" / "03").mkdir(parents=True)
    (folder / "2014" / "03" / "lake.png").write_bytes(PNG)
    return folder


def image(name, host=ADDRESS):
    return f'<img src="{host}/wp-content/uploads/{name}" alt="Lake">'


def stored():
    try:
        return [
            file
            for folder in default_storage.listdir("imported")[0]
            for file in default_storage.listdir(f"imported/{folder}")[1]
        ]
    except FileNotFoundError:
        return []


@pytest.mark.parametrize(
    "name",
    [
        "2014/03/lake.png",
        "2014/03/lake-300x200.png",
        "2014/03/lake-scaled.png",
        "2014/03/lake.png?w=3",
    ],
)
def test_a_picture_that_is_there_is_served_from_here(uploads, name):
    report = move_in(post(body=image(name)), media=uploads)
    body = Post.objects.get().body
    assert 'src="/media/imported/' in body
    assert 'alt="Lake"' in body
    assert len(stored()) == 1
    assert report.counts["pictures"]["new"] == 1


def test_without_the_folder_or_the_file_a_picture_becomes_a_link(uploads):
    move_in(post(body=image("2014/03/lake.png")))
    report = move_in(post(post_id=2, body=image("2014/03/no.png")), media=uploads)
    assert [("<img" in p.body, "Image: Lake" in p.body) for p in Post.objects.all()] == [
        (False, True)
    ] * 2
    assert report.counts["pictures"]["skipped"] == 1
    assert stored() == []


def test_a_second_copy_of_a_picture_is_not_stored(uploads):
    (uploads / "same.png").write_bytes(PNG)
    report = move_in(post(body=image("same.png") + image("2014/03/lake.png")), media=uploads)
    assert len(stored()) == 1
    assert report.counts["pictures"]["here"] == 1


@pytest.mark.parametrize("name", ["../secret.png", "..%2Fsecret.png", "link.png", "%2Fsecret.png"])
def test_nothing_outside_of_the_folder_is_read(uploads, name):
    (uploads.parent / "secret.png").write_bytes(PNG)
    (uploads / "link.png").symlink_to(uploads.parent / "secret.png")
    move_in(post(body=image(name)), media=uploads)
    assert stored() == []


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b""])
def test_a_file_that_is_no_picture_stays_a_link(uploads, content):
    (uploads / "odd.png").write_bytes(content)
    report = move_in(post(body=image("odd.png")), media=uploads)
    assert stored() == []
    assert ["odd.png"] in report.problems.values()


def test_a_picture_of_another_blog_is_not_stored(uploads):
    move_in(post(body=image("2014/03/lake.png", "https://other.example.net")), media=uploads)
    assert stored() == []


def test_a_gallery_finds_the_pictures_that_it_names(uploads):
    address = f"{ADDRESS}/wp-content/uploads/2014/03/lake.png"
    attachment = post(
        post_id=9,
        post_type="attachment",
        title="The lake",
        attachment_url=address,
        status="inherit",
    )
    move_in(post(body='[gallery ids="9"]'), attachment, media=uploads)
    assert 'src="/media/imported/' in Post.objects.get().body


def test_a_dry_run_copies_nothing(uploads):
    dry = move_in(post(body=image("2014/03/lake.png")), media=uploads, dry_run=True)
    assert stored() == []
    assert dry.counts["pictures"]["new"] == 1


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(Refused, match="no folder"):
        move_in(post(), media=tmp_path / "nothing")
