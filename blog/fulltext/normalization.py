"""The words of texts and queries for search, by the folding of ``accounts.text.spelling``.

Both indexed texts and queries are folded here, so that the databases' own notions of a word do not
matter. There is no stemming. A text is stored as its words in order, then TAIL, then other readings
of some of them, under which a query may look for them: "well-being" is ``well being`` in order and
``wellbeing`` in the tail.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise

from accounts.text.spelling import (
    EMOJI,
    EMOJI_RANGES,
    FOLDS,
    HASH,
    JOIN,
    PLUS,
    THOUSANDS,
    WRITTEN_OUT,
    WRITTEN_OUT_IN,
    digits,
)

MAX_WORD = 60  # characters; longer words are cut, in texts and queries alike
# Of one folded text, and of its tail: a long novel. Its tsvector in PostgreSQL has to stay below
# 1 MB.
MOST_BYTES = 400_000
MOST_TAIL_BYTES = 50_000
TAIL = "\uff3f"  # counts as a word, so that no phrase reaches from the text into its tail
LETTER = rf"[^ {JOIN}{PLUS}{HASH}{EMOJI_RANGES}]"
WORD = re.compile(rf"{LETTER}+")
JOINED = re.compile(rf"{LETTER}+(?:{JOIN}{LETTER}+)+")
BETWEEN_DIGITS = re.compile(rf"(?<=\d){JOIN}(?=\d)")
SIGNED = re.compile(rf"{LETTER}+(?:[{PLUS}{HASH}]{{2,}}|[{PLUS}{HASH}](?!{LETTER}))")
# A single letter that is no word of its own in most languages: e mail, T shirt, X ray.
LONE_LETTER = re.compile(rf"(?<![^ ])([b-hj-np-xz]) ({LETTER}{{2,}})(?![^ ])")
# In front of other readings that hold only if the language is what nobody has said it is.
IF_SO = "\uff0a"
# "ue" stands for "ü", but not in "neue", "Bauer" and "Quelle".
READ_BACK = {"ä": "ae", "ö": "oe", "ü": "(?<![aeq])ue", "ø": "oe", "å": "aa"}


def raw(text: str) -> str:
    """Return a text with each character folded: letters, spaces, JOIN, PLUS, HASH and emoji."""
    return text.translate(FOLDS)


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order, without emoji."""
    return _in_order(raw(text))


def together(text: str) -> list[str]:
    """Return the words of a text in order, where a hyphen, an apostrophe or the like parts none."""
    return _in_order(BETWEEN_DIGITS.sub(" ", raw(text)).replace(JOIN, ""))


def signed(text: str) -> list[str]:
    """Return the words that end in "+" or "#", such as C++, with these signs."""
    return [word[:MAX_WORD] for word in SIGNED.findall(raw(text))]


def emoji(text: str) -> list[str]:
    """Return the emoji of a text."""
    return EMOJI.findall(raw(text))


def written_out(text: str, signs: str = "".join(WRITTEN_OUT)) -> str:
    """Return a text with "ue" for "ü" and the like, as people without the key type it."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).translate(_written(signs))


def read_back(word: str, signs: str = "".join(WRITTEN_OUT)) -> str:
    """Return a folded word with "u" for "ue" and the like, as "ü" folds to "u"."""
    return _read(signs).sub(lambda found: found[0][0], word)


def is_written_out(language: str) -> bool:
    """Return whether "ue" may stand for "ü", or the like, in this language, such as de-AT."""
    return _primary(language) in WRITTEN_OUT_IN


@cache
def _written(signs):
    out = {sign: WRITTEN_OUT[sign] for sign in signs}
    return str.maketrans(out | {sign.upper(): written for sign, written in out.items()})


@cache
def _read(signs):
    return re.compile("|".join(READ_BACK[sign] for sign in signs))


def _primary(language):
    return language.partition("-")[0].lower()


def folded(text: str, language: str = "") -> str:
    """Return the folded words of a text and its tail, joined by spaces, for storing.

    ``language`` is a code, or "" where nobody has said it: see ``IF_SO``.
    """
    in_order = words(text)
    whole = _cut(" ".join(in_order), MOST_BYTES)
    others = dict.fromkeys([*_others(text), *_written_otherwise(text, in_order, language)])
    tail = _cut(" ".join(others), MOST_TAIL_BYTES)
    return f"{whole} {TAIL} {tail}" if tail else whole


def _in_order(raw):
    return [word[:MAX_WORD] for word in WORD.findall(raw)]


def _cut(whole, most):
    if len(whole.encode()) <= most:
        return whole
    return whole.encode()[:most].decode(errors="ignore").rpartition(" ")[0]


def _joined(raw):
    """Yield the words that are read from those parted by a hyphen, an apostrophe or the like."""
    for chunk in JOINED.findall(raw) if JOIN in raw else ():
        for part in _without_decimals(chunk):
            if len(pieces := part.split(JOIN)) == 1:
                continue
            yield "".join(pieces)[:MAX_WORD]
            # Of "e-mail-address" also the first two, but not of "U.S.A.".
            pairs = ("".join(pair) for pair in pairwise(pieces) if max(map(len, pair)) > 1)
            yield from (pair[:MAX_WORD] for pair in pairs)


def _without_decimals(chunk):
    # "3.5" is not "35"; thousands are another matter.
    return BETWEEN_DIGITS.sub(" ", chunk).split(" ")


def _others(text):
    """Yield the other readings of the words of a text."""
    plain = raw(text)
    yield from _joined(plain)
    yield from (first + second for first, second in LONE_LETTER.findall(plain))
    if PLUS in plain or HASH in plain:
        yield from (word[:MAX_WORD] for word in SIGNED.findall(plain))
    yield from EMOJI.findall(plain)
    for found in THOUSANDS.finditer(text):
        yield from words(digits(found))


def _written_otherwise(text, in_order, language):
    """Yield the words of a text with "ue" for its "ü", and with "u" for its "ue"."""
    mark = "" if language else IF_SO
    signs = WRITTEN_OUT_IN.get(_primary(language), "") if language else "".join(WRITTEN_OUT)
    if not signs:
        return
    found = []
    if (written := written_out(text, signs)) != text:
        after = words(written)
        if len(in_order) == len(after):
            found += [new for old, new in zip(in_order, after, strict=True) if old != new]
        found += _joined(raw(written))
    for word in dict.fromkeys([*in_order, *_joined(raw(text))]):
        if (back := read_back(word, signs)) != word:
            found.append(back)
    yield from (f"{mark}{word}"[:MAX_WORD] for word in found)
