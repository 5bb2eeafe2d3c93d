"""The content of a personal data archive: an HTML page and the same data as JSON, in a ZIP file.

Each function that a :class:`~accounts.privacy.registry.PersonalData` names as its export makes
one section, with the sentences that `/privacy/` shows. So the archive cannot miss a table, and
gives the reason for everything it leaves out.
"""

import json
import zipfile
from datetime import date, datetime
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import heartbeat
from accounts.privacy import registry
from accounts.privacy.registry import DataSubject

PAGE, DATA = "index.html", "data.json"


def pack(subject: DataSubject, file: IO[bytes]) -> None:
    """Write the archive of a person into an open binary file, as a ZIP."""
    found = contents(subject)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            PAGE, render_to_string("accounts/privacy/archive_file/index.html", _for_reading(found))
        )
        archive.writestr(DATA, json.dumps(found, ensure_ascii=False, indent=1, default=_as_text))


def contents(subject: DataSubject) -> dict[str, Any]:
    """Return the content of the archive as plain values; dates and times are not formatted yet."""
    return {
        "site": settings.SITE_URL,
        "made_at": timezone.now().replace(microsecond=0),
        "addresses": subject.emails,
        "sections": sections(subject),
        "not_here": not_included(),
    }


def sections(subject: DataSubject) -> list[dict[str, Any]]:
    """Return one dict for each export function that yields records about this person."""
    entries = {}
    for entry in registry.declarations():
        if entry.export:
            entries.setdefault(entry.export, entry)
    found = []
    for path, entry in reversed(entries.items()):  # the account comes before its comments
        records = list(heartbeat.each(import_string(path)(subject)))
        if records:
            about = {"what": entry.what, "why": entry.why, "how_long": entry.how_long}
            about = {name: str(text) for name, text in about.items()}
            found.append({"name": _name(path), **about, "records": records})
    return found


def _name(path):
    """Return the machine-readable name of a section, from the path of its function."""
    *_app, module, function = path.split(".")
    return module if function == "exported" else function


def not_included() -> list[dict[str, str]]:
    """Return the data that is kept but not exported, each with the reason."""
    pairs = {
        (str(entry.what), str(entry.not_exported_because))
        for entry in registry.declarations()
        if not entry.export
    }
    return [{"what": what, "why": why} for what, why in sorted(pairs)]


def _as_text(value):
    """Return a date or time as ISO 8601; anything else is a bug in an export function."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no plain value")


# -- the page ----------------------------------------------------------------------------


def _for_reading(found):
    shown = [_section(each) for each in found["sections"]]
    host = urlsplit(settings.SITE_URL).netloc
    return {**found, "sections": shown, "host": host, "made_at": _in_words(found["made_at"])}


def _section(found):
    title, colon, _rest = found["what"].partition(":")
    return {
        **found,
        "title": title.rstrip("."),
        "rest": found["what"] if colon else "",
        "records": [_as_html(record) for record in heartbeat.each(found["records"])],
    }


def _as_html(value):
    """Return a value of a record as HTML, with text escaped."""
    if isinstance(value, dict):
        pairs = ((name, _as_html(each)) for name, each in value.items() if not _is_empty(each))
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs))
    if isinstance(value, list | tuple):
        items = ((_as_html(each),) for each in value)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))
    return _plain(value)


def _is_empty(value):
    return value is None or value in ("", [], {})


def _plain(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return _in_words(value)
    text = str(value)
    # Only URLs of this site: nothing that anybody wrote becomes a link.
    if text.startswith(settings.SITE_URL + "/") and len(text.split()) == 1:
        return format_html('<a href="{}">{}</a>', text, text)
    return format_html('<span class="text" dir="auto">{}</span>', text)


def _in_words(value):
    if isinstance(value, datetime):
        text = date_format(value.astimezone(timezone.get_default_timezone()), "DATETIME_FORMAT")
        return SafeString(f"{text} {settings.TIME_ZONE}")
    return date_format(value, "DATE_FORMAT")
