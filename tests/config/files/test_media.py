"""Uploaded files can be viewed or downloaded, and can run nothing."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

YEAR = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "secret-key").write_text("secret")
    return settings.MEDIA_ROOT


def stored(name, content=b"the lake"):
    return default_storage.url(default_storage.save(name, ContentFile(content)))


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("jpg", "image/jpeg"),
        ("JPEG", "image/jpeg"),
        ("png", "image/png"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("avif", "image/avif"),
    ],
)
def test_a_picture_is_shown(client, ending, kind):
    answer = client.get(stored(f"pictures/lake.{ending}"))
    assert answer.content == b"the lake"
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.js", "a.pdf", "a.jpg.html", "a", "a.xml"])
def test_any_other_file_is_a_download(client, name):
    answer = client.get(stored(name, b"<script>alert(1)</script>"))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["a.jpg", "a.svg"])
def test_uploads_are_served_under_a_policy_of_their_own(client, name):
    answer = client.get(stored(name))
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == YEAR
    assert not answer.cookies


def test_a_long_file_arrives_whole(client):
    content = bytes(range(256)) * 20_000
    answer = client.get(stored("long.jpg", content))
    assert answer.getvalue() == content
    assert answer.headers["Content-Length"] == str(len(content))


def test_a_file_put_there_by_hand_is_not_cached_for_ever(client, media):
    media.mkdir()
    (media / "by-hand.jpg").write_bytes(b"x")
    assert client.get("/media/by-hand.jpg").headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "pictures",
        "pictures/",
        "nothing.jpg",
        "../secret-key",
        "%2e%2e/secret-key",
        "pictures/../../secret-key",
        "..%5csecret-key",
        "/etc/passwd",
        "a%00.jpg",
        ".hidden",
        "pictures/.draft",
    ],
)
def test_no_file_outside_the_media_folder_is_served(client, db, media, path):
    stored("pictures/lake.jpg")
    for hidden in (".hidden", "pictures/.draft"):
        (media / hidden).write_text("secret")
    answer = client.get(f"/media/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_media_refuses_post_requests(client):
    assert client.post(stored("a.jpg")).status_code == 405


def test_media_costs_no_query(client, django_assert_num_queries, db):
    address = stored("a.jpg")
    with django_assert_num_queries(0):
        client.get(address)


def test_the_file_name_is_a_hash_of_the_content(media):
    first = stored("pictures/my holiday.JPG")
    assert re.fullmatch(r"/media/pictures/[0-9a-f]{2}/[0-9a-f]{32}\.jpg", first)
    assert stored("pictures/other.jpg") == first
    assert stored("pictures/other.jpg", b"the sea") != first
    assert len([path for path in media.rglob("*") if path.is_file()]) == 2


def test_a_file_name_that_is_a_hash_stays(media):
    name = default_storage.save("pictures/lake.jpg", ContentFile(b"the lake"))
    default_storage.delete(name)
    assert default_storage.save(name, ContentFile(b"the lake")) == name


def test_an_interrupted_upload_leaves_nothing(media):
    class Breaking(ContentFile):
        reading = 0

        def chunks(self, *args):
            self.reading += 1
            yield b"the "
            if self.reading > 1:
                raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        default_storage.save("a.jpg", Breaking(b"the lake"))
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_nothing_is_written_outside_the_media_folder(media):
    with pytest.raises(Exception, match="outside"):
        default_storage.save("../../a.jpg", ContentFile(b"x"))
