"""The storage for uploads: a local folder, or the S3 bucket that UPLOADS_URL names.

Either way readers fetch them from this site, under MEDIA_URL and its policy
(config/files/media.py).
"""

from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from botocore.config import Config
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from config.files.storage import content_name

SCHEMES = {"s3": "https", "s3+http": "http"}
EXPECTED = "UPLOADS_URL has to be like s3://KEY:SECRET@s3.example.org/bucket?region=eu-central-1."


def storage(url: str) -> dict[str, Any]:
    """Return the entry of STORAGES for uploads; `url` is UPLOADS_URL, "" for a local folder.

    Raises ImproperlyConfigured; the message never repeats the secret.
    """
    if not url:
        return {"BACKEND": "config.files.storage.Uploads"}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(EXPECTED) from None
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    asked = parse_qs(parts.query)
    if parts.scheme not in SCHEMES or not bucket or asked.keys() - {"region"}:
        raise ImproperlyConfigured(EXPECTED)
    options = {"bucket_name": bucket, "location": folder}
    if parts.hostname:
        host = f"{parts.hostname}:{port}" if port else parts.hostname
        options["endpoint_url"] = f"{SCHEMES[parts.scheme]}://{host}"
    if parts.username and parts.password:
        options["access_key"] = unquote(parts.username)
        options["secret_key"] = unquote(parts.password)
    if "region" in asked:
        options["region_name"] = asked["region"][0]
    return {"BACKEND": "config.files.uploads.Bucket", "OPTIONS": options}


# Providers other than Amazon often support neither the newer checksums nor virtual-hosted
# buckets; and a bucket that hangs must not hang a worker with it.
CLIENT = Config(
    s3={"addressing_style": "path"},
    signature_version="s3v4",
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=5,
    read_timeout=20,
    retries={"max_attempts": 2},
)


class Bucket(S3Storage):
    """Like config.files.storage.Uploads, in an S3 bucket. Nothing in it needs to be public."""

    def __init__(self, **options):
        super().__init__(client_config=CLIENT, default_acl=None, file_overwrite=True, **options)

    def save(self, name, content, max_length=None):
        """Store `content` and return its name, which keeps the folder and extension of `name`."""
        content = content if hasattr(content, "chunks") else File(content, name)
        name = content_name(name, content)
        if max_length and len(name) > max_length:
            raise ValueError(f"{name} is longer than {max_length} signs.")
        return name if self.exists(name) else super().save(name, content)

    def url(self, name, *args, **kwargs):
        """Return the URL on this site, so that readers' browsers contact nobody else."""
        return settings.MEDIA_URL + quote(name)
