"""Where uploaded files are kept: a folder of this machine, or a bucket that UPLOADS_URL names.

Either way readers fetch them from us, under MEDIA_URL and its policy (config/media.py).
"""

from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = {"s3": "https", "s3+http": "http"}
EXPECTED = "UPLOADS_URL has to be like s3://KEY:SECRET@s3.example.org/bucket?region=eu-central-1."


def storage(url):
    """Return the entry of STORAGES for uploads; `url` is UPLOADS_URL, empty for a folder.

    Raises ImproperlyConfigured, and never repeats the secret.
    """
    if not url:
        return {"BACKEND": "config.storage.Uploads"}
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
    return {"BACKEND": "config.bucket.Bucket", "OPTIONS": options}
