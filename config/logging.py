"""Logging: to the console, and nothing about persons: no names, addresses, keys or words.

Django logs the address of whatever fails, and some addresses are keys: links in mails, a new
password, a preview. Others hold what somebody typed. What is told of an address is which of ours
it was. Errors repeat what people wrote: what is told of one is its kind, and where it happened.
"""

import logging
import re
import traceback

from django.conf import settings

# The part of a path that is secret stands behind one of these. Only the server of development
# tells whole paths; there, one may also stand in another's question mark, its slashes as %2F.
BEFORE_KEYS = (
    "m confirm-email reset/key receipt comments/proof previews people subscribe invitation "
    "privacy/archive"
).split()
KEYS = re.compile(
    f"(/(?:{'|'.join(BEFORE_KEYS)})/)".replace("/", "(?:/|%(?:25)*2F)") + r"[^/\s\"?]+",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"(https?://[^/\s]+/)[^\s]+")  # such as the page from which a form came
EMAIL = re.compile(r"[^\s\"'<>(/:]+(?:@|%40)[^\s\"'<>)/:]+")
WORD_IN_ROUTE = re.compile(r"<[^>]*>|\(\?P<[^)]*\)")
# Errors whose words are those of programs, and say what the owner has to mend.
WITHOUT_WORDS_OF_PEOPLE = frozenset(
    "AttributeError ImportError NameError ImproperlyConfigured OperationalError".split()
)


class RedactingFilter(logging.Filter):
    """Replaces what is secret in a record, and what somebody typed, by three dots."""

    def filter(self, record):
        """Return True; a record that cannot be put together is told by its handler, not here."""
        try:
            told = record.getMessage()
        except (TypeError, ValueError):
            return True
        request = getattr(record, "request", None)
        if path := getattr(request, "path", ""):
            told = told.replace(path, _route(request))
        told = ELSEWHERE.sub(r"\1...", KEYS.sub(r"\1...", told))
        record.msg, record.args = EMAIL.sub("...", told), ()
        return True


def _route(request):
    """Return which of our addresses was asked, without the words in it."""
    match = getattr(request, "resolver_match", None)
    return "/" + (WORD_IN_ROUTE.sub("...", match.route).strip("^$") if match else "...")


class LineFormatter(logging.Formatter):
    """A line for a record, and for an error the places it went through."""

    def formatException(self, ei):
        """Return where it happened and of what kind it was; in development all there is."""
        if settings.DEBUG:
            return super().formatException(ei)
        lines = []
        for error in reversed([*_causes(ei[1])]):
            lines += [*traceback.format_tb(error.__traceback__), _kind(error), "\n"]
        return "".join(lines).rstrip()


def _causes(error):
    while error:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _kind(error):
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    names = {each.__name__ for each in type(error).__mro__}
    return kind if names.isdisjoint(WITHOUT_WORDS_OF_PEOPLE) else f"{kind}: {error}"


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_keys": {"()": "config.logging.RedactingFilter"}},
    "formatters": {
        "line": {
            "()": "config.logging.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_keys"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # It would write down which passkey was made.
        "fido2": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
