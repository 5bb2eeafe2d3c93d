"""Logging: to the console, and nothing about persons: no request bodies, no addresses, no keys.

Some paths are keys: links in mails, a new password, the proof of an address. Django logs the path
of whatever fails, and its own server that of every request.
"""

import logging
import re

# The part of a path that is secret stands behind one of these.
# A path may also stand in another's question mark, with its slashes written as %2F.
KEYS = re.compile(
    r"(/(?:m|confirm-email|reset/key|receipt|comments/proof)/)".replace("/", "(?:/|%(?:25)*2F)")
    + r"[^/\s\"?]+",
    re.IGNORECASE,
)


class WithoutKeys(logging.Filter):
    """Replaces the secret part of paths in a record by three dots."""

    def filter(self, record):
        """Return True; a record that cannot be put together is told by its handler, not here."""
        try:
            told = record.getMessage()
        except (TypeError, ValueError):
            return True
        record.msg, record.args = KEYS.sub(r"\1...", told), ()
        return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_keys": {"()": "config.logs.WithoutKeys"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
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
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
