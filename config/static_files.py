"""Static files as WhiteNoise serves them, ahead of all other middleware, and where htmx is."""

from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.middleware import WhiteNoiseMiddleware

# Of all that django-htmx brings, the one file that pages load; it is linked as htmx/FILE.
HTMX = "htmx-2.min.js"


class StaticFiles(WhiteNoiseMiddleware):
    """A file with a hash in its name may be kept for a year, and is never asked for again."""

    def add_cache_headers(self, headers, path, url):
        headers["X-Content-Type-Options"] = "nosniff"
        if self.immutable_file_test(path, url):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            super().add_cache_headers(headers, path, url)


class Htmx(FileSystemFinder):
    """Finds htmx in django-htmx, which need not be an installed app for that."""

    def __init__(self, app_names=None, *args, **kwargs):
        package = Path(find_spec("django_htmx").origin).parent
        root = str(package / "static" / "django_htmx")
        storage = FileSystemStorage(location=root)
        storage.prefix = "htmx"
        self.locations, self.storages = [("htmx", root)], {root: storage}

    def check(self, **kwargs):
        return []

    def find_location(self, root, path, prefix=None):
        return super().find_location(root, path, prefix) if path == f"htmx/{HTMX}" else None

    def list(self, ignore_patterns):
        for storage in self.storages.values():
            yield HTMX, storage
