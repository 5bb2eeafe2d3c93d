"""Keyset pagination, so that page 400 costs no more than the first.

A mark is the ordering values of a page's last row, as text for a URL. Rows that leave the list
meanwhile shift nothing.
"""

import re
from datetime import UTC

from django.db.models import Q
from django.utils.dateparse import parse_datetime

# How many rows a search in their texts looks through for one page.
LOOKED_THROUGH = 5_000
BETWEEN = "~"
NUMBERS = {"queue_priority", "pk"}
NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def _after(rows, order, values):
    """Yield the rows after these values in parts, each a single range of an index.

    First those that differ in the last field only, then in the one before, and so on: asked for
    all at once, a database would read the index from its beginning.
    """
    names = [field.lstrip("-") for field in order]
    for place in reversed(range(len(order))):
        step = "lt" if order[place].startswith("-") else "gt"
        same = dict(zip(names[:place], values[:place], strict=True))
        yield rows.filter(**same, **{f"{names[place]}__{step}": values[place]})


def mark_of(row, order):
    """Return the mark of the page that begins after this row."""
    values = [getattr(row, field.lstrip("-")) for field in order]
    return BETWEEN.join(
        value.isoformat() if hasattr(value, "isoformat") else str(int(value)) for value in values
    )


def _read(mark, order):
    """Return the values of a mark, or None if it is not valid for this order."""
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
        # At the ends of the calendar, some times have no equivalent in UTC.
        return time.astimezone(UTC) if time and time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def page(rows, order, mark, size, matching=None):
    """Return ``(rows of the page as a list, the mark of the next page or "")``.

    ``rows`` is a queryset ordered by ``order``, names of fields with a minus for descending. The
    page begins after the mark, or with the first row if there is none or it is invalid. Takes at
    most one query per field. ``matching`` is a condition for which no index helps: of the next
    LOOKED_THROUGH rows (and one more query per field) those are listed that meet it.
    """
    values, listed = _read(mark, order), []
    for part in [rows] if values is None else _after(rows, order, values):
        last = None
        if matching is not None:
            part, last = _first_of(part, order)
            part = part.filter(matching)
        listed += part[: size + 1 - len(listed)]
        if len(listed) > size:
            return listed[:size], mark_of(listed[size - 1], order)
        if last:
            return listed, mark_of(last, order)
    return listed, ""


def _first_of(rows, order):
    """Return ``(the first LOOKED_THROUGH rows, the last of them)``; None if there are no others."""
    names = [field.lstrip("-") for field in order]
    ends = rows.values_list(*names, named=True)[LOOKED_THROUGH - 1 : LOOKED_THROUGH + 1]
    last, *others = [*ends, None, None][:2]
    if others == [None]:
        return rows, None
    beyond = Q()
    for place, name in enumerate(names):
        step = "lt" if order[place].startswith("-") else "gt"
        same = {each: getattr(last, each) for each in names[:place]}
        beyond |= Q(**same, **{f"{name}__{step}": getattr(last, name)})
    # The first field by itself, as the range of an index.
    step = "gte" if order[0].startswith("-") else "lte"
    return rows.filter(~beyond, **{f"{names[0]}__{step}": getattr(last, names[0])}), last
