"""Static files: WhiteNoise's middleware with Hearth's headers, and a finder for packages' files."""

import re
from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.middleware import WhiteNoiseMiddleware

# The few files of packages that pages load: {linked as: (package, folder)}.
PACKAGE_FILES = {
    "htmx/htmx-2.min.js": ("django_htmx", "static/django_htmx"),
    "prose/editor.js": ("django_prose_editor", "static/django_prose_editor"),
}
SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=.*\s*\Z")


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise with nosniff, and a year of caching for files with a hash in their name."""

    def add_cache_headers(self, headers, path, url):
        headers["X-Content-Type-Options"] = "nosniff"
        if self.immutable_file_test(path, url):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            super().add_cache_headers(headers, path, url)


class SourceMapStrippingStorage(FileSystemStorage):
    """A storage that drops the line naming a source map, as the map itself is not collected."""

    def _open(self, name, mode="rb"):
        return ContentFile(SOURCE_MAP.sub(b"\n", Path(self.path(name)).read_bytes()), name=name)


class PackageFilesFinder(FileSystemFinder):
    """A static files finder for PACKAGE_FILES; the packages need not be installed apps."""

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
