"""System checks for wrong or unsafe settings, each with a hint how to fix it.

Errors keep production from starting (see wsgi.py), and stop management commands, as Django's own
do; warnings are shown by `manage.py check`.
"""

from contextlib import suppress
from importlib import import_module
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.checks import Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.utils.module_loading import import_string

TAG = "hearth"
LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"
# The demonstration's user names and passwords are public.
DEMO_SOURCE = "demo"


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@register(TAG)
def site_url_is_given(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    if settings.DEBUG or settings.SITE_URL:
        return []
    hint = "Set it to the address people use, such as SITE_URL=https://blog.example.org."
    return [Error("SITE_URL is not set.", hint=hint, id="hearth.E001")]


@register(TAG)
def site_url_is_https(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    url = settings.SITE_URL
    if settings.DEBUG or not url or url.startswith("https://") or _is_local(url):
        return []
    return [
        Error(
            f"SITE_URL is {url}, so passwords and cookies would be sent unencrypted.",
            hint="Use a URL that starts with https://. Only a URL on this machine may do without.",
            id="hearth.E002",
        )
    ]


@register(TAG)
def secret_key_is_shared(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    if settings.DEBUG or not settings.SECRET_KEY_GENERATED or settings.SQLITE:
        return []
    return [
        Error(
            "The secret key was generated on this machine, but several may use the database.",
            hint=(
                "Set SECRET_KEY (or SECRET_KEY_FILE) to the same long random text on every machine."
            ),
            id="hearth.E003",
        )
    ]


@register(TAG, Tags.database)
def no_demo_login(app_configs=None, databases=None, **kwargs) -> list[checks.CheckMessage]:
    if settings.DEBUG or not databases:
        return []
    people = get_user_model().objects.filter(source=DEMO_SOURCE, is_active=True)
    try:
        found = list(people.order_by("username").values_list("username", flat=True))
    except DatabaseError:
        # Before the first migration there is no table, and so no account.
        return []
    if not found:
        return []
    return [
        Error(
            f"The demo logins are in the database: {', '.join(found)}.",
            hint=(
                "Their passwords are publicly known. Start with an empty database and "
                "`manage.py setup`, or deactivate them in the admin while DEBUG is on."
            ),
            id="hearth.E004",
        )
    ]


@register(TAG)
def debug_stays_at_home(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    if not settings.DEBUG or _is_local(settings.SITE_URL):
        return []
    return [
        Error(
            f"DEBUG is on, but SITE_URL is {settings.SITE_URL}.",
            hint="Error pages would show settings and data to everyone. Set DEBUG=off.",
            id="hearth.E005",
        )
    ]


@register(TAG)
def trusted_proxies_are_networks(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    return [
        Error(
            f"TRUSTED_PROXIES names {entry!r}, which is {problem}.",
            hint="List addresses or networks, such as TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8.",
            id="hearth.E006",
        )
        for entry in settings.TRUSTED_PROXIES
        if (problem := _proxy_problem(entry))
    ]


def _proxy_problem(entry: str) -> str:
    try:
        network = ip_network(entry)
    except ValueError:
        return "neither an address nor a network"
    # Trusting every address would let anyone claim any IP.
    return "the whole internet" if network.prefixlen == 0 else ""


@register(TAG)
def cache_is_shared(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    local = settings.CACHES["pages"]["BACKEND"] == LOCAL_CACHE
    if settings.DEBUG or not local or settings.SQLITE:
        return []
    return [
        checks.Warning(
            "Several machines may use the database, but each process caches pages separately.",
            hint="Set CACHE_URL, such as redis://127.0.0.1:6379/0.",
            id="hearth.W001",
        )
    ]


@register(TAG)
def mail_can_leave(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    if settings.DEBUG or settings.EMAIL_HOST:
        return []
    return [
        checks.Warning(
            "EMAIL_HOST is not set, so no emails are sent and no one can verify an address.",
            hint="Set EMAIL_HOST, plus EMAIL_HOST_USER and EMAIL_HOST_PASSWORD if it needs them.",
            id="hearth.W002",
        )
    ]


@register(TAG, Tags.database)
def help_text_is_the_owners(
    app_configs=None, databases=None, **kwargs
) -> list[checks.CheckMessage]:
    if not databases or not apps.is_installed("comments"):
        return []
    try:
        row = apps.get_model("comments.ConversationSettings").objects.first()
    except DatabaseError:  # before the migrations
        return []
    if row is None or not row.care_on or row.care_help:
        return []
    if apps.get_model("blog.Blog").objects.filter(help_page__isnull=False).exists():
        return []
    return [
        checks.Warning(
            "Care is on, but writers see the help text that came with Hearth.",
            hint=(
                "It lists no phone numbers. Write your own under “Comment settings” in the "
                "admin, choose a help page in the blog settings, or turn Care off until "
                "you have."
            ),
            id="hearth.W010",
        )
    ]


# For each list of dotted paths: what an entry has to be, and the attributes that it has to have.
EXTENSIONS = {
    "DUE_WORK": ("a module with do_due() and due_since()", ("do_due", "due_since")),
    "RETENTION_RULES": ("a function that yields accounts.retention.RetentionRule", ("__call__",)),
    "EMAILS": ("a function, with its name, that returns an EmailContent", ("__call__", "label")),
    "COMMENT_CHECKS": ("a function that is given a Submission", ("__call__",)),
    "ADDRESS_VERIFIED_HOOKS": ("a function that is given an Address", ("__call__",)),
    "REFUSAL_HOOKS": ("a function that is given an address and a time", ("__call__",)),
    "UNSUBSCRIBE_HOOKS": ("a function that is given keys of mailboxes", ("__call__",)),
    "HELP_BLOCKS": ("a function that is given the blog's row", ("__call__",)),
    "USERNAME_CHECKS": ("a function that is given a name and an account", ("__call__",)),
    "PROFILE_SECTIONS": ("a function that is given an account", ("__call__",)),
    "SEARCH_SOURCES": (
        "a source of search",
        ("KIND", "LABEL", "visible", "hits", "texts"),
    ),
    "DEPARTURE_HANDLERS": (
        "a module that hides and shows what someone wants to erase",
        ("describe", "questions", "hide", "show", "disown", "erase_again"),
    ),
    "PRIVACY_SOURCES": (
        "a module with DECLARATIONS and EXEMPTIONS",
        ("DECLARATIONS", "EXEMPTIONS"),
    ),
    "LINK_ACTIONS": ("a subclass of accounts.mail.links.LinkAction", ("name", "act", "lifetime")),
}


@register(TAG)
def dotted_paths_lead_somewhere(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    return [
        Error(
            f"{setting} names {path!r}, which is not {wanted}.",
            hint="Each entry is a dotted path, as in MIDDLEWARE.",
            id="hearth.E007",
        )
        for setting, (wanted, parts) in EXTENSIONS.items()
        for path in getattr(settings, setting)
        if not all(hasattr(_named_by(path), part) for part in parts)
    ]


@register(TAG)
def names_of_mails_and_links_differ(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    names = {"EMAILS": "__name__", "LINK_ACTIONS": "name"}
    found = {
        setting: [getattr(_named_by(path), name, path) for path in getattr(settings, setting)]
        for setting, name in names.items()
    }
    return [
        Error(
            f"{setting} has two entries called {name!r}.",
            hint="Rows in the database refer to an entry by its name. Rename one.",
            id="hearth.E008",
        )
        for setting, all_names in found.items()
        for name in sorted({name for name in all_names if all_names.count(name) > 1})
    ]


def _named_by(path: str):
    try:
        return import_module(path)
    except ModuleNotFoundError:
        with suppress(ImportError):
            return import_string(path)
    return None


def refuse_if_unsafe() -> None:
    """In production, raise ImproperlyConfigured with every error of these checks and its hint."""
    if settings.DEBUG:
        return
    found = [issue for issue in run_checks(tags=[TAG], databases=["default"]) if issue.is_serious()]
    if found:
        lines = [f"{issue.id}: {issue.msg} {issue.hint}" for issue in found]
        raise ImproperlyConfigured("\n".join(["Hearth can’t start with these settings.", *lines]))
