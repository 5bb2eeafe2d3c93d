"""The storage for uploads in an S3 bucket; see :mod:`config.files.uploads`."""

from urllib.parse import quote

from botocore.config import Config
from django.conf import settings
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from config.files.storage import content_name

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
            raise ValueError(f"{name} is longer than {max_length} characters.")
        return name if self.exists(name) else super().save(name, content)

    def url(self, name, *args, **kwargs):
        """Return the URL on this site, so that readers' browsers contact nobody else."""
        return settings.MEDIA_URL + quote(name)
