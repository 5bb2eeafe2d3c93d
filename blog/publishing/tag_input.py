"""Tag names as typed text: comma-separated, in quotes if a name contains a comma."""

import csv
import io
from collections.abc import Iterable

from accounts.text.folding import caseless


def split(text: str) -> list[str]:
    """Return the names in a typed text, in order, without duplicates (ignoring case)."""
    lines = csv.reader(io.StringIO(" ".join(text.split())), skipinitialspace=True)
    try:
        typed = [" ".join(name.split()) for line in lines for name in line]
    except csv.Error:  # a name longer than any tag may be
        typed = text.split(",")
    names = {}
    for name in typed:
        if name:
            names.setdefault(caseless(name), name)
    return list(names.values())


def joined(names: Iterable[str]) -> str:
    """Return these names as text; the inverse of :func:`split`."""
    return ", ".join(quoted(name) for name in names)


def quoted(name: str) -> str:
    """Return a name, in quotes if necessary."""
    return '"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name
