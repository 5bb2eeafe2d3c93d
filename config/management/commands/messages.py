"""Extracts all strings, checks the translations, and compiles what is right in them.

A translation that would break a page (a placeholder is missing, or too many) is left out, so that
readers see the English sentence there; the command names it and fails.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

IGNORED = ["tests", "bench", "docs", "var", ".venv", "locale"]
# What a sentence is filled in with: %(name)s, %d, {name}.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# Changes with every extraction.
DATE = re.compile(rb'^"POT-Creation-Date:.*\n', re.MULTILINE)


class Command(BaseCommand):
    help = _("Extracts the strings of all languages, checks the translations and compiles them.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--check",
            action="store_true",
            help=_("Write nothing; fail if something is to be done."),
        )

    def handle(self, *, check, **options):
        folders = sorted(path for path in Path(settings.LOCALE_PATHS[0]).iterdir() if path.is_dir())
        files = [folder / "LC_MESSAGES" / "django.po" for folder in folders]
        before = {path: _read(path) for path in files}
        compiled = {path: _read(path.with_suffix(".mo")) for path in files}
        stale, wrong = [], []
        try:
            _extract([path.parts[-3] for path in files])
            for path in files:
                if DATE.sub(b"", path.read_bytes()) == DATE.sub(b"", before[path]):
                    path.write_bytes(before[path])
                catalog = _catalog(path)
                wrong += [f"{path.parts[-3]}: {text!r}" for text in leave_out_faulty(catalog)]
                _compile(catalog, path.with_suffix(".mo"))
                if path.read_bytes() != before[path] or (
                    _read(path.with_suffix(".mo")) != compiled[path]
                ):
                    stale.append(path.parts[-3])
                self._say_how_full(path.parts[-3], catalog)
        finally:
            if check:
                for path in files:
                    _write(path, before[path])
                    _write(path.with_suffix(".mo"), compiled[path])
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(_("These translations lack a placeholder, or have one too many."))
        if check and stale:
            raise CommandError(
                _("Out of date: %(languages)s. Run make messages.")
                % {"languages": ", ".join(stale)}
            )

    def _say_how_full(self, language, catalog):
        done = sum(map(_is_whole, _all(catalog)))
        total = sum(1 for _message in _all(catalog))
        fuzzy = sum(message.fuzzy for message in catalog if message.id)
        line = f"{language}: {done} / {total} ({100 * done // max(total, 1)} %)"
        if fuzzy:
            line += ", " + ngettext(
                "%(count)d to look at again", "%(count)d to look at again", fuzzy
            ) % {"count": fuzzy}
        self.stdout.write(line)


def _extract(languages):
    call_command(
        "makemessages",
        locale=languages,
        extensions=["html", "txt", "py", "svg"],
        ignore_patterns=IGNORED,
        add_location="file",
        no_obsolete=True,
        no_wrap=True,
        verbosity=0,
    )


def _catalog(path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def _all(catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id and not message.fuzzy)


def leave_out_faulty(catalog: Catalog) -> list[str]:
    """Empty the translations that would break a page or are not complete; return the former."""
    wrong = []
    for message in _faulty(catalog):
        wrong.append(_first(message.id))
        message.string = ""
    for message in _all(catalog):
        if not _is_whole(message):
            message.string = ""
    return wrong


def _faulty(catalog) -> Iterator[Message]:
    """Yield the messages whose translation does not have the placeholders of the English one."""
    for message in list(_all(catalog)):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for number, text in enumerate(texts):
            found = set(PLACEHOLDER.findall(text or ""))
            lacking = wanted - found
            if len(ids) > 1 and number < len(texts) - 1:
                # "One comment" needs no number, unless that is filled in by its place.
                lacking = {each for each in lacking if not each.startswith("%(")}
            if text and (found - wanted or lacking):
                yield message
                break


def _is_whole(message):
    """Return whether it is translated, in all its plural forms."""
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts)


def _first(text):
    return text[0] if isinstance(text, tuple) else text


def _compile(catalog, path):
    with path.open("wb") as file:
        write_mo(file, catalog)


def _read(path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _write(path, content):
    if content:
        path.write_bytes(content)
    else:
        path.unlink(missing_ok=True)
