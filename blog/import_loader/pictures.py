"""Pictures of an old blog, found in a copy of its uploads folder.

A file is served from here only when its first bytes say that it is a picture; SVG, which
can hold scripts, never is. Names are made from the content, so that a second run finds
what the first has copied. Nothing outside of the folder is ever read.
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
from blog.importers.survey import host_of

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
    """Finds the files of an export's addresses and copies them; ``discard`` takes them back."""

    def __init__(self, folder, survey, report, dry_run=False):
        """``folder`` may be None. Raises Refused when it is no folder."""
        if folder is not None and not os.path.isdir(folder):
            raise Refused(gettext("--media: there is no folder %s.") % folder)
        self._root = Path(os.path.realpath(folder)) if folder is not None else None
        self._hosts, self._report, self._dry_run = survey.hosts, report, dry_run
        self._known, self._met, self._copied = {}, set(), []

    def find(self, address):
        """Return the address here of a file of the old blog, or None."""
        name = self.name_of(address)
        return name and default_storage.url(name)

    def name_of(self, address):
        """Return the name in the storage of a file of the old blog, or None."""
        if self._root is None or not address:
            return None
        if address not in self._known:
            self._known[address] = self._look(address)
        return self._known[address]

    def discard(self):
        """Delete what this run has copied."""
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
            self._report.problem(_("Files that are no pictures and stay links"), path[:200])
            return None
        return self._copy(file, kind)

    def _path_of(self, address):
        """Return the path below the uploads folder, None for what is not of the old blog."""
        try:
            parts = urlsplit(address)
            host, path = host_of(address), unquote(parts.path)
        except ValueError:
            return None
        if CACHES.fullmatch(host):
            host, slash, rest = path.strip("/").partition("/")
            host, path = host.lower().removeprefix("www."), slash + rest
        if host and host not in self._hosts:
            return None
        found = UPLOADS.search(path)
        if not found and host.endswith(".files.wordpress.com"):
            found = HOSTED.fullmatch(path)
        return found[1] if found and "\0" not in path else None

    def _file(self, path):
        """Return the real file at a path, None outside of the folder: ".." and links lead there."""
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
                return None  # a storage elsewhere: readers' browsers would have to ask there
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
