"""Images of an imported blog, from a copy of its uploads folder.

A file is only copied if its first bytes identify it as an image; SVG, which can contain scripts,
never is. File names are derived from the content, so that a second run finds what the first one
copied. Nothing outside the folder is ever read.
"""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.refusal import Refused
from blog.import_loader.report import Report
from blog.importers.survey import Survey, host_of

UPLOADS = re.compile(r"/wp-content/uploads/(?:sites/\d+/)?(.+)")
HOSTED = re.compile(r"/(\d{4}/\d\d/.+)")  # where wordpress.com keeps the files of a blog
CACHES = re.compile(r"i\d\.wp\.com")  # /old.example.org/wp-content/uploads/...
RESIZED = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)|-scaled(?=\.\w+$)")
MAX_BYTES = 50_000_000
MAGIC = (
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"....ftypavi[fs]", re.DOTALL), "avif"),
)


class Pictures:
    """Finds and copies the files of an export's image addresses; ``discard`` undoes that."""

    def __init__(
        self, folder: str | None, survey: Survey, report: Report, dry_run: bool = False
    ) -> None:
        """``folder`` may be None. Raises Refused if it does not exist."""
        if folder is not None and not os.path.isdir(folder):
            raise Refused(gettext("--media: there is no folder %s.") % folder)
        self._root = Path(os.path.realpath(folder)) if folder is not None else None
        self._hosts, self._report, self._dry_run = survey.hosts, report, dry_run
        self._known, self._met, self._copied = {}, set(), []

    def find(self, address: str) -> str | None:
        """Return the new URL of a file of the old blog, or None."""
        name = self.name_of(address)
        return name and default_storage.url(name)

    def name_of(self, address: str) -> str | None:
        """Return the storage name of a file of the old blog, copied on first use, or None."""
        if self._root is None or not address:
            return None
        if address not in self._known:
            self._known[address] = self._look(address)
        return self._known[address]

    def discard(self) -> None:
        """Delete the files that this run copied."""
        for name in self._copied:
            default_storage.delete(name)

    def _look(self, address):
        path = self._path_of(address)
        if path is None:
            return None
        self._report.count("pictures", "found")
        file = self._file(path) or self._file(RESIZED.sub("", path))
        if file is None:
            self._report.count("pictures", "skipped")
            return None
        kind = _kind_of(file)
        if kind is None:
            self._report.count("pictures", "skipped")
            self._report.problem(_("Files that aren’t images and were kept as links"), path[:200])
            return None
        return self._copy(file, kind)

    def _path_of(self, address):
        """Return the path in the uploads folder, or None if it is not a file of the old blog."""
        try:
            parts = urlsplit(address)
            host, path = host_of(address), unquote(parts.path)
        except ValueError:
            return None
        if CACHES.fullmatch(host):
            host, slash, remainder = path.strip("/").partition("/")
            host, path = host.lower().removeprefix("www."), slash + remainder
        if host and host not in self._hosts:
            return None
        match = UPLOADS.search(path)
        if not match and host.endswith(".files.wordpress.com"):
            match = HOSTED.fullmatch(path)
        return match[1] if match and "\0" not in path else None

    def _file(self, path):
        """Return the file at a path, or None: also if ".." or a symlink leaves the folder."""
        try:
            file = Path(os.path.realpath(self._root / path.lstrip("/\\")))
            inside = file.is_relative_to(self._root) and file.is_file()
            return file if inside and file.stat().st_size <= MAX_BYTES else None
        except (OSError, ValueError):
            return None

    def _copy(self, file, kind):
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            name = f"imported/{digest[:2]}/{digest[2:34]}.{kind}"
            url = default_storage.url(name)
            if not url.startswith("/") or url.startswith("//"):
                self._report.count("pictures", "skipped")
                return None  # external storage: browsers would contact another host
            if name in self._met or default_storage.exists(name):
                self._report.count("pictures", "here")
                return name
            self._met.add(name)
            self._report.count("pictures", "new")
            if not self._dry_run:
                opened.seek(0)
                self._copied.append(default_storage.save(name, File(opened)))
                name = self._copied[-1]
        return name


def _kind_of(file):
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
    except OSError:
        return None
    return next((kind for pattern, kind in MAGIC if pattern.match(head)), None)
