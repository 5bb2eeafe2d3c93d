"""The corpus: kind.txt and spam.txt, written out. The same each time, for the same seed."""

import random
import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SEED = 7
WAYS = 8  # in which a line with braces is written out, at most
INNERMOST = re.compile(r"\{([^{}]*)\}")


class Text(NamedTuple):
    """One comment: ``source`` is the line that it was made from, and whether it is spam."""

    words: str
    source: str
    spam: bool


def own():
    """Return the project's own corpus, a list of ``Text``."""
    return [*_read("kind.txt", False), *_read("spam.txt", True)]


def from_file(path):
    """Return the texts of a file whose lines are ``ham`` or ``spam``, a tab, and a text."""
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    rows = [line.split("\t", 1) for line in lines if line.startswith(("ham\t", "spam\t"))]
    return [Text(words, f"{number}", kind == "spam") for number, (kind, words) in enumerate(rows)]


def _read(name, spam):
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    dice = random.Random(SEED)  # noqa: S311 - nothing secret
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            for words in _ways(line, dice):
                yield Text(words, f"{name} {number}", spam)


def _ways(line, dice):
    """Return different ways in which a line can be written out, in a random order."""
    tries = WAYS * 3 if "{" in line else 1
    return list(dict.fromkeys(_written_out(line, dice) for _ in range(tries)))[:WAYS]


def _written_out(line, dice):
    while match := INNERMOST.search(line):
        chosen = dice.choice(match[1].split("|"))
        line = line[: match.start()] + chosen + line[match.end() :]
    return line
