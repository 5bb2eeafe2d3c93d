"""Names of tags as somebody types them: with commas between, in quotes where a name has one."""

import csv
import io

from accounts.text.folding import caseless


def split(text):
    """Return the names in a typed text, each once, in their order."""
    lines = csv.reader(io.StringIO(" ".join(text.split())), skipinitialspace=True)
    try:
        typed = [" ".join(name.split()) for line in lines for name in line]
    except csv.Error:  # a name longer than any tag may be
        typed = text.split(",")
    found = {}
    for name in typed:
        if name:
            found.setdefault(caseless(name), name)
    return list(found.values())


def joined(names):
    """Return the text that :func:`split` takes apart into these names."""
    return ", ".join(quoted(name) for name in names)


def quoted(name):
    """Return a name as it stands between commas."""
    return '"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name
