"""Where files are kept: styles and scripts joined into one each, uploads named by what they hold.

A name made from the content never means anything else, so that browsers may keep such a
file for a year, and the same picture is stored once.
"""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The style sheets in the one order in which they work; collectstatic joins them into one.
STYLES = [
    f"css/{name}.css"
    for name in (
        "base/tokens base/base base/layout blog/post blog/featured-image blog/post-list "
        "blog/search comments/conversation comments/comment comments/news blog/content-note "
        "base/form blog/help-block comments/break-banner comments/reply-panel account/account "
        "base/print"
    ).split()
]
STYLE_SHEET = "css/hearth.css"
# The parts of our one script, a module. None imports or exports anything: what one part has for
# the others hangs on `window.hearth`, which the first of them makes.
SCRIPTS = [
    f"js/site/{name}.js"
    for name in (
        "main relative-times drafts character-counter reply-panel keyboard-shortcuts reactions "
        "collapse news content-notes"
    ).split()
]
SCRIPT = "js/hearth.js"
# A file that was made from another, in the folder that has that one's name.
MADE_FROM = re.compile(r"(?:\w[\w.-]*/)*[0-9a-f]{2}/[0-9a-f]{32}/\w+\.\w+", re.ASCII)


def joined_styles(texts):
    """Return one style sheet."""
    return "\n".join(texts)


def joined_scripts(texts):
    """Return one module in which each part has names of its own, as it has when served alone.

    Lines of comments and indentation stay behind: a reader's phone has no use for them. No
    part may hold a text of several lines.
    """
    return "\n".join(f"{{\n{_without_comments(text)}\n}}" for text in texts)


def _without_comments(text):
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


class JoinedStatic(CompressedManifestStaticFilesStorage):
    """Static files with hashed names, compressed; STYLES and SCRIPTS are one file each."""

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

    def compress_files(self, paths):
        # At most starts nearly all is as it was, and the compressing takes longest.
        return super().compress_files([name for name in paths if not self._is_compressed(name)])

    def _is_compressed(self, name):
        file, smaller = Path(self.path(name)), Path(f"{self.path(name)}.gz")
        return smaller.exists() and smaller.stat().st_mtime >= file.stat().st_mtime


class Uploads(FileSystemStorage):
    """Uploaded files as FOLDER/ab/cdef....jpg, where abcdef... is the SHA-256 of the content.

    What is made from such a file is FOLDER/ab/cdef.../NAME, and keeps that name. Who deletes a
    file makes sure that nothing else shows it: what is the same is stored once.
    """

    def save(self, name, content, max_length=None):
        """Store `content` and return the name it got: the folder and the ending of `name` stay."""
        content = content if hasattr(content, "chunks") else File(content, name)
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
