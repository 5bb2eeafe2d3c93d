"""Text folding: the keys under which differently spelled texts compare equal.

:func:`caseless` compares names of tags and reactions, :func:`username_key` those of accounts,
:func:`unaccented` finds words in texts, :func:`undisguised` those with letters of another script
among their own, and :func:`seen` detects names that a reader could mistake
for each other. Search has a folding of its own, ``accounts.text.spelling``. Nobody is shown a
folded text.
"""

import re
import unicodedata
from functools import lru_cache

from bidi import get_display

from accounts.text.lookalikes import OURS, PAIRS, prototypes

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
# Scripts whose marks are accents and points that readers may do without. Elsewhere a mark makes
# another letter: कमल and कमाल, かき and がき.
MARKS_ARE_EXTRA = frozenset({"LATIN", "GREEK", "CYRILLIC", "COPTIC", "HEBREW", "ARABIC", "SYRIAC"})

# The small letters of scripts that have look-alikes in each other.
ALPHABETS = {
    "LATIN": "abcdefghijklmnopqrstuvwxyz",
    "CYRILLIC": "абвгдежзиклмнопрстуфхцчшщъыьэюяєіјѕћђґ",
    "GREEK": "αβγδεζηθικλμνξοπρςστυφχψω",
}
WITHOUT_SPACES = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "THAI", "LAO", "KHMER", "MYANMAR"}
)


def caseless(name: str) -> str:
    """Return a name in NFC without case or extra spaces.

    The letters i of Turkish are one, as which of them is the other case depends on the language.
    """
    small = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFC", small.replace("i\u0307", "i").replace("ı", "i"))


def username_key(name: str) -> str:
    """Return what no two accounts share: the user name without case, width or other forms."""
    return caseless(unicodedata.normalize("NFKC", name))


def unaccented(text: str) -> str:
    """Return a text in NFC without case, accents and invisible characters; word boundaries stay.

    In scripts where a mark makes another letter, it stays.
    """
    kept, base = [], ""
    for sign in unicodedata.normalize("NFKD", text.casefold()):
        category = unicodedata.category(sign)
        if category == "Mn":
            if base and _script(base) not in MARKS_ARE_EXTRA:
                kept.append(sign)
        elif category != "Cf":
            base = sign
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def undisguised(word: str) -> str:
    """Return a word of :func:`unaccented` in one script, if all its letters look like that one.

    "cаsino" with a Cyrillic letter becomes "casino", "кaзинo" with Latin ones "казино". A word that
    is in one script already stays as it is: "сор" is no English word, though it looks like one.
    """
    if word.isascii():
        return word
    scripts = [_script(sign) for sign in word]
    present = [script for script in ALPHABETS if script in scripts]
    for script in sorted(present, key=scripts.count, reverse=True) if len(present) > 1 else ():
        alike = _alphabet(script)
        signs = [
            sign if own == script or own not in ALPHABETS else alike.get(_looks_like(sign), "")
            for sign, own in zip(word, scripts, strict=True)
        ]
        if all(signs):
            return "".join(signs)
    return word


def is_without_spaces(word: str) -> bool:
    """Whether a word is in scripts that put no spaces between words: Chinese, Japanese, Thai."""
    return bool(word) and all(_script(sign) in WITHOUT_SPACES for sign in word)


@lru_cache(maxsize=4096)
def _script(sign):
    return unicodedata.name(sign, "?").split()[0]


@lru_cache(maxsize=8)
def _alphabet(script):
    """Return ``{what it looks like: letter}`` of an alphabet."""
    return {_looks_like(sign): sign for sign in ALPHABETS[script]}


@lru_cache(maxsize=4096)
def seen(name: str, ignoring: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the visual skeletons of a name; names that share one are confusable.

    After the bidirectional skeletons of Unicode Technical Standard 39, section 4: the name is
    reordered as displayed, in a left-to-right and in a right-to-left line, then each character is
    replaced by what it looks like: as it is, in small and in capital letters, as "Н" looks like
    "H" and "г" like "r". Emoji letters are read as letters in one skeleton and dropped in another.
    ``ignoring``: words, such as "author", that are left out where others remain.
    """
    ways = {
        read(cased)
        for shown in _orders(name)
        for cased in (shown, shown.lower(), shown.upper())
        for read in (_emoji_read, _emoji_dropped)
    }
    return frozenset(filter(None, (_skeleton(way, ignoring) for way in ways)))


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
    """Return what a text looks like, in plain letters with spaces between its words."""
    known, seen_signs, base = prototypes(), [], ""
    apart = unicodedata.normalize("NFD", text)
    whole = (sign if sign in known else unicodedata.normalize("NFKD", sign) for sign in apart)
    for sign in "".join(whole):
        category = unicodedata.category(sign)
        if category == "Cf" or sign in SHOWS_NOTHING:
            continue
        if category[0] != "M":
            base = sign
            seen_signs.append(_looks_like(sign))
        elif _makes_a_letter(sign, base):
            seen_signs.append(sign)
    return "".join(seen_signs)


@lru_cache(maxsize=4096)
def _makes_a_letter(mark, base):
    script = unicodedata.name(base, "?").split()[0] if base else ""
    is_of_it = script in re.split(r"\W", unicodedata.name(mark, ""))
    return is_of_it and script not in MARKS_ARE_EXTRA


@lru_cache(maxsize=4096)
def _looks_like(sign):
    """Return the plain letters that a character looks like, or a space for none."""
    known = prototypes()
    looks = known.get(sign) or known.get(sign.casefold()) or sign
    letters = "".join(map(_plain, unicodedata.normalize("NFKD", looks)))
    # Some letters look like a sign, such as the Hebrew yod: they stay letters.
    return letters if letters.strip() or not sign.isalpha() else sign


def _plain(sign):
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return ""
    if found := LETTER.fullmatch(unicodedata.name(sign, "")):
        sign = found[1]
    folded = "".join(OURS.get(each, each) for each in sign.casefold())
    return folded if folded.isalnum() else " "
