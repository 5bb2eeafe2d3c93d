"""The moderation log as CSV, one line for each act (RFC 4180).

Cells are guarded against CSV injection: spreadsheets run text that looks like a formula.
"""

import csv

from django.utils.translation import gettext as _

from comments.audit_log import wording
from comments.tree.status import Status

# Characters that start a formula, as OWASP lists them ("CSV injection"), and their wide forms.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
ROWS_AT_ONCE = 500
# Without a byte order mark, Excel does not recognise UTF-8.
MARK = "\ufeff"


class _Lines:
    """A file for ``csv.writer`` that returns each line instead of storing it."""

    def write(self, line):
        return line


def lines(rows):
    """Yield the lines of the file; ``rows`` are acts (a queryset) with their ``post_title``."""
    writer = csv.writer(_Lines())
    yield MARK + writer.writerow([_guarded(name) for name in _names()])
    for action in rows.select_related("who").iterator(ROWS_AT_ONCE):
        yield writer.writerow([_guarded(cell) for cell in _cells(action)])


def _names():
    return [
        _("number"),
        _("when"),
        _("action"),
        _("comment"),
        _("post"),
        _("person"),
        _("before"),
        _("after"),
        _("reason"),
        _("check result"),
        _("undoes number"),
    ]


def _cells(action):
    return [
        action.pk,
        action.created_at.isoformat(timespec="seconds"),
        action.get_act_display(),
        action.comment_key or "",
        action.post_title or "",
        action.who.get_username() if action.who else "",
        *named(action),
        action.reason,
        wording.in_words(action),
        action.undoes_id or "",
    ]


def named(action):
    """Return the labels of the status before and after an act."""
    if not action.comment_key:
        return "", ""
    before = action.from_status
    return "" if before is None else Status(before).label, Status(action.to_status).label


def _guarded(cell):
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
