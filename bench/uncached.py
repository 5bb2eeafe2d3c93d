"""Settings without any cache: each page is rendered from the database alone."""

from config.settings import *  # noqa: F403
from config.settings import CACHES

PAGE_CACHE = False
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
