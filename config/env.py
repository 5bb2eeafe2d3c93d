"""Typed readers for environment variables.

Each takes the variable's name and a default, returns a value of one type, and raises
ImproperlyConfigured with a sentence that says what was found and what is expected. An empty
variable counts as not set.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return the variable, stripped; refuse line breaks and control characters."""
    value = os.environ.get(name, "").strip()
    if any(ord(sign) < 32 for sign in value):
        raise ImproperlyConfigured(f"{name} contains a line break or a control character.")
    return value or default


def flag(name: str, default: bool) -> bool:
    """Return True for 1, true, yes, on and False for 0, false, no, off, in any case."""
    value = text(name).lower()
    if not value:
        return default
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be on or off (or 1 or 0).")
    return value in YES


def number(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """Return a whole number between `least` and `most`."""
    value = text(name)
    if not value:
        return default
    # isdecimal() alone would accept digits of other scripts and a thousand-digit number.
    if not (value.isascii() and value.isdecimal() and len(value) < 11):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.")
    if not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value}; it must be from {least} to {most}.")
    return int(value)


def listing(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return the comma-separated entries; refuse one that is empty or contains a space."""
    value = text(name)
    if not value:
        return list(default)
    entries = [entry.strip() for entry in value.split(",")]
    if not all(entries) or any(len(entry.split()) > 1 for entry in entries):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; it must be entries separated by commas, such as: one,two"
        )
    return entries


def contacts(name: str) -> list[str]:
    """Return contacts as URLs: mail addresses as mailto:, pages have to begin with https://."""
    entries = [
        f"mailto:{entry}" if "@" in entry and ":" not in entry else entry for entry in listing(name)
    ]
    if not all(entry.startswith(("mailto:", "https://")) for entry in entries):
        raise ImproperlyConfigured(
            f"{name} must be an email address or a URL that starts with https://."
        )
    return entries


def secret(name: str) -> str:
    """Return the variable, or the content of the file that NAME_FILE names; "" if neither is set.

    A file keeps the value out of the process list (Docker and systemd pass secrets this way).
    """
    value, path = text(name), text(f"{name}_FILE")
    if value and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one of them.")
    if not path:
        return value
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names a file that can’t be read: {path}"
        ) from error
    if not value:
        raise ImproperlyConfigured(f"{name}_FILE names an empty file: {path}")
    return value


def kept_secret(path: Path) -> str:
    """Return the random key stored at `path`, created if needed with mode 0600.

    Processes that start at once all get the same key: the file is created atomically.
    """
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def read_file(path: Path) -> None:
    """Read NAME=VALUE lines from the file at `path`, if it exists, into the environment.

    Existing variables win. Quotes around a value are dropped, nothing is expanded.
    """
    if not path.is_file():
        return
    for count, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        if not equals or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{path.name}, line {count}: expected NAME=VALUE.")
        os.environ.setdefault(name.strip(), _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
