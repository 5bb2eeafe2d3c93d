"""Logging to the console, with personal data and secrets redacted.

Django logs the path of every failing request, and some paths are secrets: links in mails, password
resets, previews. Others contain what somebody typed. So of a path only the URL pattern is logged.
Error messages repeat what people wrote, so of an error only its class and traceback are logged.
"""

import logging
import re
import traceback

from django.conf import settings

# The secret part of a path follows one of these. Only the development server logs whole paths;
# there, such a path may also be in another's query string, its slashes as %2F.
BEFORE_KEYS = (
    "m confirm-email reset/key receipt comments/proof previews people subscribe invitation "
    "privacy/archive"
).split()
KEYS = re.compile(
    f"(/(?:{'|'.join(BEFORE_KEYS)})/)".replace("/", "(?:/|%(?:25)*2F)") + r"[^/\s\"?]+",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"(https?://[^/\s]+/)[^\s]+")  # such as a referring page
# Begun where no word is going on: a search from each letter of a long one would take time by the
# square of its length.
EMAIL = re.compile(r"(?<![^\s\"'<>(/:])[^\s\"'<>(/:]+(?:@|%40)[^\s\"'<>)/:]+")
WORD_IN_ROUTE = re.compile(r"<[^>]*>|\(\?P<[^)]*\)")
# Errors whose messages come from programs, and tell the owner what to fix.
WITHOUT_WORDS_OF_PEOPLE = frozenset(
    "AttributeError ImportError NameError ImproperlyConfigured OperationalError".split()
)


class RedactingFilter(logging.Filter):
    """Replaces secrets, addresses and typed text in a record by three dots."""

    def filter(self, record):
        """Redact the record and return True; a malformed one is reported by its handler."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            return True
        request = getattr(record, "request", None)
        if path := getattr(request, "path", ""):
            message = message.replace(path, _route(request))
        message = ELSEWHERE.sub(r"\1...", KEYS.sub(r"\1...", message))
        record.msg, record.args = EMAIL.sub("...", message), ()
        return True


def _route(request):
    """Return the URL pattern of a request, with its parameters as three dots."""
    match = getattr(request, "resolver_match", None)
    return "/" + (WORD_IN_ROUTE.sub("...", match.route).strip("^$") if match else "...")


class LineFormatter(logging.Formatter):
    """Formats a record as one line, and an error as its traceback without messages."""

    def formatException(self, ei):
        """Return the traceback and the class of the error; in development also its message."""
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
        # It would log which passkey was created.
        "fido2": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
