"""File storages: static files with styles and scripts bundled, and uploads named by content hash.

A content-addressed name never refers to anything else, so browsers may cache such a file for a
year, and identical files are stored once.
"""

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The style sheets in the order of the cascade; collectstatic joins them into one.
STYLES = [
    f"css/{name}.css"
    for name in (
        "base/tokens base/base base/prose base/code base/layout base/button base/form blog/list "
        "blog/post blog/after blog/content-note blog/help-block blog/pages comments/conversation "
        "comments/comment comments/news comments/break-banner comments/reply-panel "
        "account/account base/languages base/contrast base/print base/fallback"
    ).split()
]
STYLE_SHEET = "css/hearth.css"
# The parts of our one script, a module. None imports or exports anything: they share
# `window.hearth`, which the first of them creates.
SCRIPTS = [
    f"js/site/{name}.js"
    for name in (
        "main relative-times drafts character-counter stale-forms reply-panel keyboard-shortcuts "
        "reactions collapse news content-notes"
    ).split()
]
SCRIPT = "js/hearth.js"
# A derived file, such as a thumbnail, in a folder with the name of its original.
MADE_FROM = re.compile(r"(?:\w[\w.-]*/)*[0-9a-f]{2}/[0-9a-f]{32}/\w+\.\w+", re.ASCII)


def joined_styles(texts: Iterable[str]) -> str:
    """Return the style sheets joined into one."""
    return "\n".join(texts)


def joined_scripts(texts: Iterable[str]) -> str:
    """Return the scripts joined into one module, each in a block of its own, so in its own scope.

    Comment lines and indentation are removed to save bytes, so no part may contain a multi-line
    string.
    """
    return "\n".join(f"{{\n{_without_comments(text)}\n}}" for text in texts)


def _without_comments(text):
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


class JoinedStatic(CompressedManifestStaticFilesStorage):
    """Compressed static files with hashed names; STYLES and SCRIPTS become one file each."""

    joins = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            self._join(STYLES, STYLE_SHEET, joined_styles)
            self._join(SCRIPTS, SCRIPT, joined_scripts)
            paths = paths | {name: (self, name) for name in (STYLE_SHEET, SCRIPT)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _join(self, names, into, joined):
        texts = [Path(self.path(name)).read_text(encoding="utf-8") for name in names]
        self.delete(into)
        self.save(into, ContentFile(joined(texts).encode()))

    def create_compressor(self, **options):
        return _Compressor(**options)

    def compress_files(self, paths):
        # At most starts nearly nothing has changed, and compressing takes longest.
        changed = {name for name in paths if not self._is_compressed(name)}
        # Nearly every file has two names; the second one gets what was compressed for the first.
        first = set({Path(self.path(name)).read_bytes(): name for name in changed}.values())
        for names in (first, changed - first):
            yield from super().compress_files(names)

    def _is_compressed(self, name):
        """By what it holds: files with a hash in their name are written anew at each start."""
        path = Path(self.path(name))
        with suppress(OSError, EOFError, zlib.error):  # missing, or cut off by a crash
            return gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()
        return False


class _Compressor(Compressor):
    """A compressor that takes the same content once."""

    compress_brotli = staticmethod(cache(Compressor.compress_brotli))


class Uploads(FileSystemStorage):
    """Uploads stored as FOLDER/ab/cdef....jpg, where abcdef... is the SHA-256 of the content.

    Files derived from it are FOLDER/ab/cdef.../NAME, and keep that name. Code that deletes a file
    has to make sure that nothing else uses it, since identical files are stored once.
    """

    def save(self, name, content, max_length=None):
        """Store `content` and return its name, which keeps the folder and extension of `name`."""
        content = content if hasattr(content, "chunks") else File(content, name)
        name = content_name(name, content)
        if max_length and len(name) > max_length:
            raise ValueError(f"{name} is longer than {max_length} characters.")
        if not self.exists(name):
            self._write(Path(self.path(name)), content)
        return name

    def _write(self, path, content):
        """Write the file atomically: it appears complete or not at all, even after a crash."""
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


def content_name(name: str, content: File) -> str:
    """Return the hash-based name for `content`, with the folder and extension of `name`."""
    if MADE_FROM.fullmatch(str(name)):
        return str(name)
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    found, given = digest.hexdigest(), PurePosixPath(str(name).replace("\\", "/"))
    named = PurePosixPath(found[:2], found[2:34] + given.suffix.lower())
    if given.match(f"*/{named}") or given == named:
        return str(given)
    return str(given.parent / named)
