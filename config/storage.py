"""Where files are kept: style sheets joined into one, and uploads named by what they hold.

A name made from the content never means anything else, so that browsers may keep such a
file for a year, and the same picture is stored once.
"""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The style sheets in the one order in which they work; collectstatic joins them into one.
STYLES = [
    f"css/{name}.css"
    for name in "tokens base layout post list conversation form account print".split()
]
STYLE_SHEET = "css/hearth.css"


class JoinedStatic(CompressedManifestStaticFilesStorage):
    """Static files with hashed names, compressed; STYLES are one file, STYLE_SHEET."""

    joins_styles = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            self._join_styles()
            paths = paths | {STYLE_SHEET: (self, STYLE_SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join_styles(self):
        texts = [Path(self.path(name)).read_text(encoding="utf-8") for name in STYLES]
        self.delete(STYLE_SHEET)
        self.save(STYLE_SHEET, ContentFile("\n".join(texts).encode()))

    def compress_files(self, paths):
        # At most starts nearly all is as it was, and the compressing takes longest.
        return super().compress_files([name for name in paths if not self._is_compressed(name)])

    def _is_compressed(self, name):
        file, smaller = Path(self.path(name)), Path(f"{self.path(name)}.gz")
        return smaller.exists() and smaller.stat().st_mtime >= file.stat().st_mtime


class Uploads(FileSystemStorage):
    """Uploaded files as FOLDER/ab/cdef....jpg, where abcdef... is the SHA-256 of the content.

    Who deletes a file makes sure that nothing else shows it: what is the same is stored once.
    """

    def save(self, name, content, max_length=None):
        """Store `content` and return the name it got: the folder and the ending of `name` stay."""
        if not hasattr(content, "chunks"):
            content = File(content, name)
        name = content_name(name, content)
        if max_length and len(name) > max_length:
            raise ValueError(f"{name} is longer than {max_length} signs.")
        if not self.exists(name):
            self._write(Path(self.path(name)), content)
        return name

    def _write(self, path, content):
        """The file appears complete or not at all, also when the machine stops half-way."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                os.fchmod(file.fileno(), self.file_permissions_mode or 0o644)
            os.replace(draft, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(draft)
            raise


def content_name(name, content):
    """Return the name for `content` (a django File) in the folder and with the ending of `name`."""
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    found, given = digest.hexdigest(), PurePosixPath(str(name).replace("\\", "/"))
    named = PurePosixPath(found[:2], found[2:34] + given.suffix.lower())
    if given.match(f"*/{named}") or given == named:
        return str(given)
    return str(given.parent / named)
