"""Settings of the test suite: those of production, with a fixed environment.

Only DATABASE_URL and CACHE_URL are taken from outside. pytest-django reads settings before any
conftest.py, which is why this is a settings module."""

import atexit
import os
import shutil
import tempfile

# Everything else that config/settings.py reads. A test in config/ keeps this list complete.
UNSET = """
    DATABASE_URL_FILE CACHE_URL_FILE SECRET_KEY_FILE TRUSTED_PROXIES PORT SSL_REDIRECT
    HOST WORKERS THREADS SECURITY_CONTACT
    HSTS_SECONDS HSTS_INCLUDE_SUBDOMAINS HSTS_PRELOAD DEFAULT_FROM_EMAIL EMAIL_HOST EMAIL_PORT
    EMAIL_REPLY_TO
    EMAIL_HOST_USER EMAIL_HOST_PASSWORD EMAIL_HOST_PASSWORD_FILE EMAIL_USE_SSL EMAIL_USE_TLS
    UPLOADS_URL UPLOADS_URL_FILE PAGE_CACHE RUN_DUE COMMENTS_A_MINUTE STATEMENT_SECONDS
"""
OWN = {
    "ENV_FILE": "none",
    "DEBUG": "off",
    "SECRET_KEY": "a key for the test suite alone, long enough to pass every check of the house",
    "SITE_URL": "http://localhost",
    "DATA_DIR": tempfile.mkdtemp(prefix="hearth-tests-"),
}
for _name in UNSET.split():
    os.environ.pop(_name, None)
os.environ.update(OWN)
atexit.register(shutil.rmtree, OWN["DATA_DIR"], ignore_errors=True)

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES, INSTALLED_APPS, SQLITE, STORAGES  # noqa: E402

# For its `flush`, which replaces Django's.
INSTALLED_APPS = [*INSTALLED_APPS, "tests"]

# Fast on purpose: the tests check what is stored, not how hard a hash is to break.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# No collected files here: WhiteNoise finds them in their source folders.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

if SQLITE:
    # A file, not memory: a live server and a test then have connections of their own, as in life.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(OWN["DATA_DIR"], "test.sqlite3")}
    # The rows of a test need not survive a power failure.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

# Each test gets a namespace of its own (see conftest.py), in every thread and on every backend.
cache_namespace = ["none"]


def cache_key(key: str, key_prefix: str, version: int) -> str:
    return f"{key_prefix}:{cache_namespace[0]}:{version}:{key}"


for _cache in CACHES.values():
    if "LOCATION" in _cache:  # with others there: a busy machine is no fault
        _cache["OPTIONS"] = {"PATIENCE": 60}
    _cache |= {"KEY_PREFIX": f"hearth-test-{os.getpid()}", "KEY_FUNCTION": cache_key}
