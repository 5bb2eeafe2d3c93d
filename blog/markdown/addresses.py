"""Where a web address in running text ends, and how one without a scheme is made whole.

An address ends before white space, before quotation marks and punctuation of every script, before
a bracket without a partner, and before the full stop of its sentence. Brackets in pairs, letters of
every script and signs that stand between two letters (en dash, middle dot) belong to it.
"""

import re
import unicodedata
from collections.abc import Collection

# What no address holds, whatever follows.
RUN = re.compile(r"[^\s<>\"`\\\x00-\x1f\x7f]*")
# The next of several addresses with nothing else between them.
NEXT = re.compile(r"[,;|](?=https?://)", re.IGNORECASE)
PARTNERS = {"(": ")", "[": "]", "{": "}"}
AFTER_A_SENTENCE = ".,;:!?'*|"
# Hyphens, the middle dots of Catalan and Japanese, the quotes inside Hebrew abbreviations: a part
# of the address if a letter or a digit follows, as in the titles of encyclopaedias.
BETWEEN_LETTERS = frozenset("\u2010\u2011\u2013\u00b7\u30fb\u05f3\u05f4")
# Signs that Unicode does not count as punctuation, and which people use as such.
USED_AS_PUNCTUATION = frozenset("\u00b4\u275b\u275c\u275d\u275e\uff1c\uff1e\uff5c\uff5e")
JOINERS = frozenset("\u200c\u200d")

_LETTER = r"[A-Za-z0-9_\u0080-\U0010ffff]"
_LABEL = rf"{_LETTER}(?:(?:{_LETTER}|-)*{_LETTER})?"
_PORT = r"(?::[0-9]{1,5})?"
HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*{_PORT}")
# A host that needs no scheme to be one: it ends as domains do.
_DOMAIN = rf"(?:{_LABEL}\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{_LETTER}+)"
DOMAIN = re.compile(rf"{_DOMAIN}{_PORT}(?=[/?#]|\Z)", re.IGNORECASE)
MAILBOX = re.compile(rf"[^\s@:/?#()<>\[\]\"]+@{_DOMAIN}", re.IGNORECASE)
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# So end names of files, and no domains.
FILES = tuple(".html .htm .php .png .jpg .jpeg .gif .webp .svg .pdf .txt .doc .docx .xml".split())


def end_of_address(text: str, start: int, end: int) -> int:
    """Return where the address ends whose host begins at ``start``; ``start`` if there is none.

    Nothing from ``end`` on is looked at. One with a name or password before its host is none: it
    would lead elsewhere than it seems to.
    """
    run = RUN.match(text, start, end).end()
    following = NEXT.search(text, start, run)
    stop = _stop(text, start, following.start() if following else run)
    host = HOST.match(text, start, stop)
    if not host or "@" in re.split("[/?#]", text[start:stop], maxsplit=1)[0]:
        return start
    if host.end() < stop and text[host.end()] not in "/?#":
        return host.end()
    return start + len(text[start:stop].rstrip(AFTER_A_SENTENCE))


def _stop(text, start, end):
    """Return where the address ends at the latest: its brackets are in pairs, no quote in it."""
    opened = []
    for at in range(start, end):
        char = text[at]
        if char in PARTNERS:
            opened.append(at)
        elif char in ")]}":
            if not opened or PARTNERS[text[opened.pop()]] != char:
                end = at
                break
        elif char > "\x7f" and not char.isalnum() and _ends(text, at, end):
            end = at
            break
    return min([end, *opened])


def _ends(text, at, end):
    char, kind = text[at], unicodedata.category(text[at])
    if char in BETWEEN_LETTERS:
        return at + 1 == end or not text[at + 1].isalnum()
    if kind == "Cf":
        return char not in JOINERS
    return kind[0] == "P" or kind == "Cc" or char in USED_AS_PUNCTUATION


def whole_address(address: str, schemes: Collection[str]) -> str:
    """Return ``address`` with its scheme, or "" if it is no address that may be linked.

    *example.org/a* becomes *https://example.org/a*, a mailbox *mailto:* and itself.
    """
    scheme = SCHEME.match(address)
    name, rest = (scheme[1].lower(), address[scheme.end() :]) if scheme else ("", "")
    if name in schemes:
        if name not in {"http", "https"}:
            return address if rest else ""
        return address if rest.startswith("//") and HOST.match(rest, 2) else ""
    if MAILBOX.fullmatch(address):
        return f"mailto:{address}" if "mailto" in schemes else ""
    domain = DOMAIN.match(address)
    is_file = domain and domain[0].lower().endswith(FILES)
    return f"https://{address}" if domain and not is_file and "https" in schemes else ""
