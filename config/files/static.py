"""Static files as WhiteNoise serves them, ahead of all other middleware, and those of packages."""

import re
from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.middleware import WhiteNoiseMiddleware

# Of all that packages bring, the few files that pages load: {linked as: (package, folder)}.
PACKAGE_FILES = {
    "htmx/htmx-2.min.js": ("django_htmx", "static/django_htmx"),
    "prose/editor.js": ("django_prose_editor", "static/django_prose_editor"),
}
SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=.*\s*\Z")


class StaticFiles(WhiteNoiseMiddleware):
    """A file with a hash in its name may be kept for a year, and is never asked for again."""

    def add_cache_headers(self, headers, path, url):
        headers["X-Content-Type-Options"] = "nosniff"
        if self.immutable_file_test(path, url):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            super().add_cache_headers(headers, path, url)


class SourceMapStrippingStorage(FileSystemStorage):
    """Leaves out the line that names a source map, which is not among what is taken."""

    def _open(self, name, mode="rb"):
        return ContentFile(SOURCE_MAP.sub(b"\n", Path(self.path(name)).read_bytes()), name=name)


class PackageFilesFinder(FileSystemFinder):
    """Finds TAKEN in packages, which need not be installed apps for that."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.locations, self.storages = [], {}
        for link, (package, folder) in PACKAGE_FILES.items():
            root = str(Path(find_spec(package).origin).parent / folder)
            prefix, _slash, _name = link.rpartition("/")
            storage = SourceMapStrippingStorage(location=root)
            storage.prefix = prefix
            self.locations.append((prefix, root))
            self.storages[root] = storage

    def check(self, **kwargs):
        return []

    def find_location(self, root, path, prefix=None):
        return super().find_location(root, path, prefix) if path in PACKAGE_FILES else None

    def list(self, ignore_patterns):
        for (link, _where), storage in zip(
            PACKAGE_FILES.items(), self.storages.values(), strict=True
        ):
            yield link.rpartition("/")[2], storage
