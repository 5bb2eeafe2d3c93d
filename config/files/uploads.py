"""The storage for uploads: a local folder, or the S3 bucket that UPLOADS_URL names.

Either way readers fetch them from this site, under MEDIA_URL and its policy
(config/files/media.py). The bucket's own module loads a large library, so only a site that has one
loads it (config/files/bucket.py).
"""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = {"s3": "https", "s3+http": "http"}
EXPECTED = "UPLOADS_URL must look like s3://KEY:SECRET@s3.example.org/bucket?region=eu-central-1."


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
    return {"BACKEND": "config.files.bucket.Bucket", "OPTIONS": options}
