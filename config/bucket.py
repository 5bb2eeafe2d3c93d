"""Uploads in a bucket of S3 or of what speaks like it, loaded only where UPLOADS_URL is set."""

from urllib.parse import quote

from botocore.config import Config
from django.conf import settings
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from config.storage import content_name

# Others than Amazon often know neither the newer checksums nor hosts named after buckets; and a
# bucket that hangs must not hang a worker with it.
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
    """As config.storage.Uploads, elsewhere. Nothing in it needs to be public."""

    def __init__(self, **options):
        super().__init__(client_config=CLIENT, default_acl=None, file_overwrite=True, **options)

    def save(self, name, content, max_length=None):
        """Store `content` and return the name it got: the folder and the ending of `name` stay."""
        content = content if hasattr(content, "chunks") else File(content, name)
        name = content_name(name, content)
        if max_length and len(name) > max_length:
            raise ValueError(f"{name} is longer than {max_length} signs.")
        return name if self.exists(name) else super().save(name, content)

    def url(self, name, *args, **kwargs):
        """Return where readers find it: here, so that their browsers ask nobody else."""
        return settings.MEDIA_URL + quote(name)
