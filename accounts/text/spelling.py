"""The one folding of every search: a text is found in whatever spelling it is looked for.

Each character is folded by itself (FOLDS), for the full-text index as for look-ups in
a column (``accounts.text.lookups``): case, accents and the vowel marks of Arabic and Hebrew are
gone, letters have one form, digits are ASCII. What may join or part a word (hyphens, apostrophes,
dots, ZWNJ) folds to JOIN, so that both readings are known: "e-mail" is "e mail" and "email".
"""

import re
import unicodedata
from functools import cache
from itertools import chain
from string import punctuation as PUNCTUATION

JOIN = "\x1f"
# "+" and "#" behind a word belong to it (C++, F#), in signs that count as letters in any database.
PLUS, HASH = "\uff0b", "\uff03"
# Letters that Unicode does not decompose, as people without the key type them.
TYPED_AS = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
}  # fmt: skip
# One letter with several forms, by language or keyboard; the tatweel only stretches a word.
ARABIC = {
    "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ڪ": "ك", "ٱ": "ا", "ة": "ه", "ہ": "ه", "ھ": "ه",
    "ە": "ه", "ۃ": "ه", "ـ": "",
}  # fmt: skip
# Letters that some write out, and which of them in which language.
WRITTEN_OUT_IN = {"de": "äöü"} | dict.fromkeys(("da", "nb", "nn", "no"), "øå")
WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
HYPHENS = "-\u2010\u2011\u2012\u2013\u2212\u058a\u05be\ufe58\ufe63\uff0d"
# Also the letters for a glottal stop, and Hebrew's geresh and gershayim with their stand-ins.
APOSTROPHES = "'’‘‛`´′＇\"ʹʻʼʽʾʿˈ\u05f3\u05f4\u00b4\ua78c"
DOTS = ".·‧\u0387\uff0e"
ZWNJ = "\u200c"
JOINS = frozenset(HYPHENS + APOSTROPHES + DOTS + ZWNJ)
# Scripts without spaces between words: each character is a word, and a query is a phrase.
WITHOUT_SPACES = (
    "CJK UNIFIED",
    "CJK COMPATIBILITY IDEOGRAPH",
    "HIRAGANA",
    "KATAKANA",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
)
UNSEEN = frozenset("™℠")  # they hang on a name without being a part of it
EMOJI_RANGES = "\u2190-\u2bff\U0001f000-\U0001fbff"
EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[{EMOJI_RANGES}]")
SKIN_TONES = range(0x1F3FB, 0x1F400)
# A quotation mark between Hebrew letters, as most keyboards have no other sign for gershayim.
GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
# Groups of three digits with one and the same sign between them, or of two in India.
THOUSANDS = re.compile(
    r"(?<!\d)(?<!\d[.,])\d{1,3}([.,'’\u066c\u00a0\u2009\u202f ])(?:\d{3}\1)*\d{3}(?!\d|\1\d)"
    r"|(?<![\d.,])\d{1,2}(?:,\d{2})+,\d{3}(?![\d,])"
)
PARTS = TYPED_AS | ARABIC | dict.fromkeys(JOINS, JOIN) | {"+": PLUS, "#": HASH}
# What two letters may be one sign, or one sign two letters.
PAIRS = frozenset({*WRITTEN_OUT.values(), "ss", "ae", "oe", "th", "ij", "ff", "fi", "fl", "st"})
THOUSANDS_SIGNS = frozenset(".,'’\u066c\u00a0\u2009\u202f ")
# Without the large blocks in which each sign is only itself, but for a few.
SCRIPTS = (range(1, 0x3400), range(0xA640, 0xAC00), range(0xF900, 0x10000))
LAST_WITH_LETTERS = 0x3FFFF


class _Folds(dict):
    """``{code point: folded text}``, computed on first use."""

    def __missing__(self, code):
        folded = _fold(chr(code))
        if code <= LAST_WITH_LETTERS:
            self[code] = folded
        return folded


def _fold(sign):
    if sign in PARTS:
        return PARTS[sign]
    if sign in UNSEEN or ord(sign) in SKIN_TONES:
        return ""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    return "".join(map(_folded_part, apart))


def _folded_part(sign):
    if sign in PARTS:
        return PARTS[sign]
    category = unicodedata.category(sign)
    if category in {"Cf", "Me"} or unicodedata.combining(sign):
        return ""
    if category[0] == "M":
        # A vowel sign of an Indic script is a letter; an emoji's variation selector is not.
        return "" if "VARIATION SELECTOR" in unicodedata.name(sign, "") else sign
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category[0] not in "LN":
        return sign if category == "So" and EMOJI.match(sign) else " "
    alone = unicodedata.name(sign, "").startswith(WITHOUT_SPACES)
    return f" {sign} " if alone else sign


FOLDS = _Folds()


def pattern(typed: str) -> str:
    """Return a regular expression for what was typed, in any spelling, anywhere in a text.

    Python and PostgreSQL read it alike. Beside a letter may be an accent of its own or a sign of
    JOINS, and between digits what parts thousands. What is no letter and none of JOINS is meant
    as it was typed; these too, if there is nothing else.
    """
    signs = unicodedata.normalize("NFC", THOUSANDS.sub(digits, typed)).replace("\0", "")
    if not any(map(_letters, signs)):
        return "".join(map(_literal, signs))
    parts, before = [], " "
    for piece in _pieces(signs):
        if parts and (_letters(before) or _letters(piece[0])):
            parts.append(_between(before, piece[0]))
        parts.append(_any_spelling(piece))
        before = piece[-1]
    return "".join(parts)


def digits(number: re.Match) -> str:
    """Return the digits of what THOUSANDS found."""
    return "".join(filter(str.isdecimal, number[0]))


def _letters(sign):
    return FOLDS[ord(sign)].strip(f" {JOIN}{PLUS}{HASH}")


def _pieces(signs):
    """Yield the signs that count, one by one, or two together that may be written as one."""
    counting = [sign for sign in signs if FOLDS[ord(sign)] not in ("", JOIN)]
    at = 0
    while at < len(counting):
        pair = "".join(counting[at : at + 2])
        size = 2 if "".join(map(_letters, pair)) in PAIRS and len(pair) == 2 else 1
        yield pair[:size]
        at += size


def _any_spelling(piece):
    """Return the pattern of a sign or of two that may be one, such as "ss"."""
    letters = "".join(map(_letters, piece))
    if not letters:
        return _literal(piece)
    alike = _alike().get(letters, set())
    if piece.lower() in WRITTEN_OUT:
        first, second = _letters(piece)[0], WRITTEN_OUT[piece.lower()][1]
        return f"{_class(_alike()[first])}(?:{_gap()}{_class(_alike()[second])})?"
    if len(letters) > 1 and letters.isascii():
        apart = _gap().join(_class(_alike()[letter]) for letter in letters)
        one = {sign for sign, out in WRITTEN_OUT.items() if out == letters}
        one |= {sign.upper() for sign in one} | alike
        # The first letter with a mark of its own: "u" and a diaeresis.
        return f"(?:{apart}|{_class(one)}|{_class(_alike()[letters[0]])}[\u0308\u030a])"
    return _class({*piece, *alike})


def _between(before, after):
    gap = _gap()
    if before.isdecimal() and after.isdecimal():
        gap += f"{_class(THOUSANDS_SIGNS)}?"
    return gap


@cache
def _gap():
    return f"{_class(_alike()[JOIN] | _alike()[''])}*"


@cache
def _alike():
    """Return ``{folded: signs that fold to it}`` of the scripts with upper case or accents."""
    found = {}
    for code in chain.from_iterable(SCRIPTS):
        folded = FOLDS[code]
        found.setdefault(folded.strip(" ") or folded, set()).add(chr(code))
    return found


def _class(signs):
    """Return a bracket expression of these characters."""
    codes = sorted(map(ord, signs))
    if len(codes) == 1:
        return _literal(chr(codes[0]))
    known = frozenset(codes)
    starts = [code for code in codes if code - 1 not in known]
    ends = [code for code in codes if code + 1 not in known]
    ranges = zip(map(chr, starts), map(chr, ends), strict=True)
    return f"[{''.join(_escaped(a) + (f'-{_escaped(b)}' if a != b else '') for a, b in ranges)}]"


def _escaped(sign):
    return f"\\{sign}" if sign in PUNCTUATION else sign


def _literal(signs):
    return "".join(map(_escaped, signs))
