"""Text folding: the keys under which differently spelled texts compare equal.

:func:`caseless` compares names of accounts, tags and reactions, :func:`unaccented` finds words in
texts, and :func:`seen` detects names that a reader could mistake for each other. Search has a
folding of its own, ``accounts.text.spelling``. Nobody is shown a folded text.
"""

import re
import unicodedata
from functools import lru_cache

from bidi import get_display

from accounts.text.lookalikes import LOOKS_LIKE, PAIRS

# Letters or symbols by category that are invisible: fillers, blanks.
SHOWS_NOTHING = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159")
# Bidirectional classes whose display order may differ from the typed order (UAX 9, 3.2).
TURNS = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRO", "FSI"})
LETTER = re.compile(
    r"LATIN (?:(?:SMALL|CAPITAL) LETTER|LETTER SMALL CAPITAL) (?:DOTLESS )?([A-Z])(?: WITH .*)?"
)
EMOJI_LETTER = re.compile(
    r"(?:REGIONAL INDICATOR SYMBOL LETTER"
    r"|(?:NEGATIVE |CROSSED NEGATIVE )?(?:CIRCLED|SQUARED) LATIN CAPITAL LETTER) ([A-Z])"
)
_LETTERS = {ord(sign): letter for letter, signs in LOOKS_LIKE.items() for sign in signs}


def caseless(name: str) -> str:
    """Return a name in NFC without case or extra spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def unaccented(text: str) -> str:
    """Return a text without case, accents and invisible characters; word boundaries stay."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if unicodedata.category(sign) not in {"Mn", "Cf"})


@lru_cache(maxsize=4096)
def seen(name: str, ignoring: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the visual skeletons of a name; names that share one are confusable.

    After the bidirectional skeletons of Unicode Technical Standard 39, section 4: the name is
    reordered as displayed, in a left-to-right and in a right-to-left line, then each character is
    replaced by the plain letter that it looks like. Emoji letters are read as letters in one
    skeleton and dropped in another. ``ignoring``: words, such as "author", that are left out
    where others remain.
    """
    return frozenset(
        skeleton
        for shown in _orders(name)
        for read in (_emoji_read, _emoji_dropped)
        if (skeleton := _skeleton(read(shown), ignoring))
    )


def _orders(name):
    """Return the display orders of a name; most are displayed as typed."""
    if not any(unicodedata.bidirectional(sign) in TURNS for sign in name):
        return {name}
    line = " ".join(name.split())  # one line: a break in it would be shown as a space
    return {get_display(line, base_dir=direction) for direction in "LR"}


def _emoji_read(text):
    return "".join(
        found[1] if (found := EMOJI_LETTER.fullmatch(unicodedata.name(sign, ""))) else sign
        for sign in text
    )


def _emoji_dropped(text):
    return "".join(sign for sign in text if unicodedata.category(sign) != "So")


def _skeleton(text, ignored):
    words = _letters(text).split()
    kept = [word for word in words if word not in _skeletons_of(ignored)] or words
    joined = "".join(kept)
    for pair, letter in PAIRS.items():
        joined = joined.replace(pair, letter)
    return joined


@lru_cache(maxsize=8)
def _skeletons_of(words):
    return frozenset(map(_letters, words))


def _letters(text):
    """Return the plain letters that a text looks like, with spaces between its words."""
    whole = (
        sign if ord(sign) in _LETTERS else unicodedata.normalize("NFKD", sign) for sign in text
    )
    return "".join(map(_looks_like, "".join(whole)))


@lru_cache(maxsize=4096)
def _looks_like(sign):
    """Look the capital up first: some resemble another letter than the small one ("Н" and "н")."""
    if sign in SHOWS_NOTHING or unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return ""
    if ord(sign) in _LETTERS:
        return _LETTERS[ord(sign)]
    if found := LETTER.fullmatch(unicodedata.name(sign, "")):
        sign = found[1]
    folded = sign.casefold().translate(_LETTERS)
    return folded if folded.isalnum() else " "
