"""Pages of a long list by where the last one ended, so that page 400 costs what the first does.

A mark is the values of the ordering fields of a row, as text for an address. A row that is decided
meanwhile leaves no gap and shifts nothing.
"""

import re
from datetime import UTC

from django.utils.dateparse import parse_datetime

BETWEEN = "~"
NUMBERS = {"lane", "pk"}
NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def _after(rows, order, values):
    """Yield the rows after these values in parts, each of them one stretch of an index.

    First those that differ in the last field alone, then in the one before, and so on: a database
    asked for all of it at once reads its index from the beginning.
    """
    names = [field.lstrip("-") for field in order]
    for place in reversed(range(len(order))):
        step = "lt" if order[place].startswith("-") else "gt"
        same = dict(zip(names[:place], values[:place], strict=True))
        yield rows.filter(**same, **{f"{names[place]}__{step}": values[place]})


def mark_of(row, order):
    """Return the mark after which the rows that follow this one are found."""
    values = [getattr(row, field.lstrip("-")) for field in order]
    return BETWEEN.join(
        value.isoformat() if hasattr(value, "isoformat") else str(int(value)) for value in values
    )


def _read(mark, order):
    """Return the values of a mark, or None where it is none for this order."""
    parts = (mark or "").split(BETWEEN)
    if len(parts) != len(order):
        return None
    values = [
        _number(part) if field.lstrip("-") in NUMBERS else _time(part)
        for field, part in zip(order, parts, strict=True)
    ]
    return None if None in values else values


def _number(text):
    # As far as any database counts.
    return int(text) if NUMBER.fullmatch(text) else None


def _time(text):
    try:
        time = parse_datetime(text)
        # At the ends of the calendar there are times that are none in UTC.
        return time.astimezone(UTC) if time and time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def page(rows, order, mark, size):
    """Return ``(rows of the page as a list, the mark of the next page or "")``.

    ``rows`` is a queryset in this order: names of fields, with a minus for those that go down. The
    page begins after the row of a mark, or with the first row for none and for one that nobody
    made. As many queries as there are fields, at most.
    """
    values, found = _read(mark, order), []
    for part in [rows] if values is None else _after(rows, order, values):
        found += part[: size + 1 - len(found)]
        if len(found) > size:
            return found[:size], mark_of(found[size - 1], order)
    return found, ""
