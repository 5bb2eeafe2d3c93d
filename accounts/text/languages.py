"""Which languages Hearth speaks, and in which direction a language is written.

A blog may be written in any language; the words of Hearth itself are those of ``LANGUAGES``, each
of which has a catalogue in ``locale/`` (docs/translating.md).
"""

from contextlib import suppress

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_supported_language_variant, gettext


def spoken(*codes: str) -> str:
    """Return the language of ours that is nearest to the first code we speak: de for de-AT.

    English if we speak none of them.
    """
    for code in filter(None, codes):
        with suppress(LookupError):
            return get_supported_language_variant(code.lower())
    return settings.LANGUAGE_CODE


def direction(code: str) -> str:
    """Return the value of ``dir`` for a text in this language: rtl or ltr."""
    code = (code or "").lower()
    return "rtl" if code.partition("-")[0] in RIGHT_TO_LEFT or "-arab" in code else "ltr"


def quoted(text: str) -> str:
    """Return a text in the quotation marks of the language that is spoken."""
    return gettext("“%(text)s”") % {"text": text}


def choices() -> list[tuple[str, str]]:
    """Return ``(code, name)`` of every language that Django knows, each by its own name."""
    named = {code: info["name_local"] for code, info in LANG_INFO.items() if "name_local" in info}
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


# The languages whose usual script runs from right to left. Not Django's own list, which lacks most
# of them and has Azerbaijani.
# https://www.unicode.org/cldr/charts/latest/supplemental/languages_and_scripts.html
RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he iw ks nqo ps sd syr ug ur yi".split())
