"""Uploads in an S3 bucket, by one setting; readers still fetch them from this site, as safely."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from blog.models import Image
from config.files import uploads
from tests.blog.image_files import UPLOAD, drawn, file
from tests.house import s3_server


@pytest.fixture
def bucket(settings):
    server = s3_server.serve()
    settings.STORAGES = settings.STORAGES | {"default": uploads.storage(server.url)}
    yield server
    server.shutdown()


def test_without_the_setting_uploads_are_stored_locally():
    assert uploads.storage("") == {"BACKEND": "config.files.storage.Uploads"}


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (
            "s3://key:se%2Fcret@s3.example.org/bucket?region=eu-central-1",
            {
                "bucket_name": "bucket",
                "location": "",
                "endpoint_url": "https://s3.example.org",
                "access_key": "key",
                "secret_key": "se/cret",
                "region_name": "eu-central-1",
            },
        ),
        ("s3:///bucket/blog/files", {"bucket_name": "bucket", "location": "blog/files"}),
        (
            "s3+http://127.0.0.1:9000/bucket",
            {"bucket_name": "bucket", "location": "", "endpoint_url": "http://127.0.0.1:9000"},
        ),
    ],
)
def test_the_setting_names_the_bucket(url, options):
    assert uploads.storage(url)["OPTIONS"] == options


@pytest.mark.parametrize(
    "url",
    [
        "/srv/media",
        "https://s3.example.org/bucket",
        "s3://key:topsecret@s3.example.org/",
        "s3://key:topsecret@s3.example.org:x/bucket",
        "s3://key:topsecret@s3.example.org/bucket?acl=public",
        "s3://[topsecret/bucket",
    ],
)
def test_an_invalid_setting_is_refused_without_showing_the_secret(url):
    with pytest.raises(ImproperlyConfigured, match="UPLOADS_URL must look like") as refused:
        uploads.storage(url)
    assert "topsecret" not in str(refused.value)


def test_hearth_starts_with_the_setting(hearth):
    code = "import config.settings as s; print(s.STORAGES['default']['OPTIONS']['bucket_name'])"
    assert hearth("-c", code, UPLOADS_URL="s3:///bucket").stdout.strip() == "bucket"


def test_stored_files_are_served_from_here_under_the_upload_policy(client, bucket):
    name = default_storage.save("pictures/lake.jpg", ContentFile(b"the lake"))
    assert list(bucket.files) == [f"/pictures/blog/{name}"]
    assert default_storage.url(name) == f"/media/{name}"
    answer = client.get(f"/media/{name}")
    assert answer.getvalue() == b"the lake"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_same_file_is_stored_once(bucket):
    names = {default_storage.save("a.jpg", ContentFile(b"the lake")) for _ in range(2)}
    assert len(names) == len(bucket.files) == 1
    assert sum(method == "PUT" for method, _path in bucket.asked) == 1


@pytest.mark.parametrize("path", ["nothing.jpg", "", "../secret", "pictures/.hidden"])
def test_a_missing_file_is_not_found(client, bucket, db, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_a_picture_is_uploaded_shown_and_deleted(
    client, signed_in, alice, bucket, django_capture_on_commit_callbacks
):
    told = signed_in(alice).post(UPLOAD, {"file": file(drawn("PNG", size=(60, 40)))}).json()
    assert len(bucket.files) == 3
    assert client.get(told["src"]).status_code == 200
    assert client.get(told["thumbnail"]).headers["Content-Type"] == "image/webp"
    with django_capture_on_commit_callbacks(execute=True):
        Image.objects.get().delete()
    assert bucket.files == {}


def test_a_site_without_a_bucket_loads_no_library_for_it():
    code = "import sys, config.wsgi; print(sorted({'boto3', 'botocore'} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
