"""Characters of all scripts that look like another one.

The data are the confusables of Unicode, as published (``confusables.txt.gz``, version 17.0.0 of
https://www.unicode.org/Public/security/; Unicode License v3): each character has a prototype, one
or several characters that it looks like.
"""

import gzip
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("confusables.txt.gz")
# What Unicode's data do not have: substitutions on purpose, such as "3" for "e", letters that look
# alike in handwriting or in small, and forms of one Arabic letter. "i" counts as "l", as in many
# fonts "I" and "l" look the same. "m" stays one letter, which PAIRS makes of "rn", too.
OURS = {
    "i": "l",
    "|": "l",
    "!": "l",
    "0": "o",
    "3": "e",
    "є": "e",
    "5": "s",
    "$": "s",
    "@": "a",
    "m": "m",
    "ʍ": "m",
    "ƅ": "b",
    "ĸ": "k",
    "п": "n",
    "ц": "u",
    "ω": "w",
    "χ": "x",
    "ي": "ى",
    "ی": "ى",
}
# Pairs of letters that look like one.
PAIRS = {"rn": "m", "vv": "w", "cl": "d"}


@cache
def prototypes() -> dict[str, str]:
    """Return ``{character: what it looks like}``, with OURS."""
    with gzip.open(DATA, "rt", encoding="utf-8-sig") as lines:
        rows = [line.partition("#")[0].split(";") for line in lines]
    return {_text(row[0]): _text(row[1]) for row in rows if len(row) > 1} | OURS


def _text(code_points):
    return "".join(chr(int(each, 16)) for each in code_points.split())
