"""All settings, for every environment, from environment variables (.env.example lists them).

With none set this is local development on SQLite. DEBUG=off is production; checks.py then refuses
unsafe combinations. Cookie and HSTS settings are derived from SITE_URL.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.conf.global_settings import STATICFILES_FINDERS
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

from config import env
from config.files import uploads
from config.logging import LOGGING  # noqa: F401
from config.release import fingerprint
from config.settings_auth import *  # noqa: F403
from config.settings_registries import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
# ENV_FILE=none skips the file: the tests set it, so that a developer's .env does not affect them.
env.read_file(BASE_DIR / env.text("ENV_FILE", ".env"))

DEBUG = env.flag("DEBUG", True)
DATA_DIR = BASE_DIR / env.text("DATA_DIR", "var")
# Whatever people wrote is below it: other users of the machine have no business there.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# --- Addresses

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
PORT = env.number("PORT", 8000, least=1, most=65535)
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}" if DEBUG else "").rstrip("/")
_site = urlsplit(SITE_URL)
if SITE_URL and not (
    _site.scheme in {"http", "https"}
    and _site.hostname
    and f"{_site.scheme}://{_site.netloc}" == SITE_URL
):
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}; it must look like https://blog.example.org, without a path."
    )
HTTPS = _site.scheme == "https"
_host = f"[{_site.hostname}]" if ":" in (_site.hostname or "") else _site.hostname
ALLOWED_HOSTS = [_host] if _host else []
if DEBUG:
    ALLOWED_HOSTS += [*LOCAL_HOSTS, "testserver"]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

# Networks or addresses of the proxies in front; X-Forwarded-* headers are trusted only from them.
TRUSTED_PROXIES = env.listing("TRUSTED_PROXIES")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Contacts for reporting vulnerabilities (/.well-known/security.txt).
SECURITY_CONTACT = env.contacts("SECURITY_CONTACT")

# How `serve` listens, and with how many processes and threads; WORKERS=0: one per core.
HOST = env.text("HOST", "127.0.0.1")
WORKERS = env.number("WORKERS", 0, most=256)
THREADS = env.number("THREADS", 4, least=1, most=256)

# --- Apps and middleware

INSTALLED_APPS = [
    "config",
    "comments",
    "blog",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "mptt",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # These two answer by themselves, before everything else.
    "config.files.static.StaticFiles",
    "config.health.healthz",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.permissions_policy",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Ahead of all that reads a cookie, an address or a form.
    "config.middleware.ReadableRequests",
    "config.unavailable.refuse_when_busy",
    "config.files.media.serve_uploads",
    "comments.middleware.avatars",
    # Above it stands only what applies to every response, also to one from the cache.
    "config.caching.page_cache.page_cache",
    "config.middleware.cache_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.limit_form_size",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.auth.middleware.require_second_factor",
    "accounts.auth.middleware.SlowedForms",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.blog_locale",
    "blog.middleware.open_content_notes",
    "blog.middleware.redirect_old_addresses",
    "config.middleware.MissingPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.context_processors.blog",
            ],
        },
    },
]

# --- Database and cache

SQLITE_OPTIONS = {
    # Writers queue at their first statement, instead of failing half-way through.
    "transaction_mode": "IMMEDIATE",
    # Seconds; whoever waits longer for other writers gets their words back (config/unavailable.py).
    "timeout": 10,
    # Readers never wait for a writer; NORMAL loses nothing in WAL mode when the process dies.
    # What is deleted is overwritten; the rest of it is done by accounts/scrubbing.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    ),
}

_given_database = env.secret("DATABASE_URL")
if _given_database and not _given_database.startswith(
    ("sqlite://", "postgres://", "postgresql://")
):
    raise ImproperlyConfigured(
        "DATABASE_URL must look like postgres://user:password@127.0.0.1:5432/hearth "
        "or sqlite:///var/hearth.sqlite3."
    )
_database = dj_database_url.parse(
    _given_database or "sqlite:///var/hearth.sqlite3", conn_max_age=60, conn_health_checks=True
)
SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
if SQLITE:
    if not _given_database:
        _database["NAME"] = DATA_DIR / "hearth.sqlite3"
    elif _database["NAME"] != ":memory:":
        _database["NAME"] = BASE_DIR / _database["NAME"]
    _database["OPTIONS"] = SQLITE_OPTIONS | _database.get("OPTIONS", {})
DATABASES = {"default": _database}
# The longest statement of a request (blog/database/statement_limits.py); 0: unlimited.
STATEMENT_SECONDS = env.number("STATEMENT_SECONDS", 10, most=3600)

CACHE_URL = env.secret("CACHE_URL")
if CACHE_URL and not CACHE_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("CACHE_URL must look like redis://127.0.0.1:6379/0.")
# What protects (limits) apart from what only speeds up: nothing that is read pushes out a counter.
CACHES = {
    "default": {
        "BACKEND": f"config.caching.durable_cache.{'' if SQLITE else 'PostgreSQL'}DurableCache",
        "LOCATION": str(DATA_DIR / "limits.sqlite3") if SQLITE else "default",
    },
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
RELEASE = fingerprint(BASE_DIR / "templates", BASE_DIR / "static")
# The page cache for readers without a cookie; off in development, where templates change.
PAGE_CACHE = env.flag("PAGE_CACHE", not DEBUG)
# In the database alone: a session that has ended cannot come back with a cache that was away.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
if CACHE_URL:
    CACHES["pages"] |= {
        "BACKEND": "config.caching.redis_cache.ForgivingRedisCache",
        "LOCATION": CACHE_URL,
    }

# --- Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [*STATICFILES_FINDERS, "config.files.static.PackageFilesFinder"]
STATIC_ROOT = DATA_DIR / "static"
# WhiteNoise warns at every start where the folder does not exist yet.
STATIC_ROOT.mkdir(exist_ok=True)
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": uploads.storage(env.secret("UPLOADS_URL")),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.files.storage.JoinedStatic"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# The longest post, in any script, form-encoded; config.middleware.limit_form_size has a lower
# limit for visitors who are not signed in.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024

# --- Language and time

LANGUAGE_CODE = "en"
# Each by its own name, as whoever looks for it reads it; docs/translating.md says how to add one.
LANGUAGES = [("ar", "العربية"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Accounts (sign-up and sign-in: config/settings_auth.py)

ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"

# --- Mail

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", not EMAIL_USE_SSL)
# A mail server that hangs must not hang a worker with it.
EMAIL_TIMEOUT = 10
# In development mails are printed to the console.
_without = "django.core.mail.backends.console" if DEBUG else "accounts.mail.null_backend"
EMAIL_BACKEND = f"{'accounts.mail.smtp_backend' if EMAIL_HOST else _without}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"hearth@{_site.hostname or 'localhost'}")
# Where replies to mails go. Empty: each mail says that nobody reads them.
EMAIL_REPLY_TO = env.text("EMAIL_REPLY_TO")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Deferred work (its modules: config/settings_registries.py)

# Whether `run` and `serve` start `run_due --forever` beside the server.
RUN_DUE = env.flag("RUN_DUE", True)

# --- Conversations

# Comments per minute from one network, and half as many from one writer; 0: unlimited.
COMMENTS_A_MINUTE = env.number("COMMENTS_A_MINUTE", 60)

# --- Security

_given_key = env.secret("SECRET_KEY")
SECRET_KEY_GENERATED = not _given_key
SECRET_KEY = _given_key or env.kept_secret(DATA_DIR / "secret-key")
# Sites that share a Redis, each with a key of its own, see and count none of the other's entries.
_own = salted_hmac("config.settings", "cache", secret=SECRET_KEY, algorithm="sha256").hexdigest()
for _cache in CACHES.values():
    _cache["KEY_PREFIX"] = f"hearth-{_own[:16]}"

_NOBODY = "default-src base-uri object-src frame-ancestors"
_US = "script-src style-src img-src font-src media-src connect-src manifest-src form-action"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{directive: [NONE] for directive in _NOBODY.split()},
        **{directive: [SELF] for directive in _US.split()},
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Browsers take such a name from this very host alone, so no neighbour below the domain sets it.
_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}sessionid", f"{_prefix}csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS

SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = (
    env.number("HSTS_SECONDS", int(timedelta(days=365).total_seconds())) if HTTPS else 0
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", False)
# Whether all subdomains use HTTPS, and whether the domain may be on the preload lists for years,
# is for its owner to decide (HSTS_INCLUDE_SUBDOMAINS, HSTS_PRELOAD): no warnings about it.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
