"""The corpus: kind.txt and spam.txt, with their variants expanded, reproducible by seed."""

import random
import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SEED = 7
WAYS = 8  # most variants of a line with braces
INNERMOST = re.compile(r"\{([^{}]*)\}")


class Text(NamedTuple):
    """One comment; ``source`` is the line that it was expanded from."""

    words: str
    source: str
    spam: bool


def own() -> list[Text]:
    """Return the project's own corpus."""
    return [*_read("kind.txt", False), *_read("spam.txt", True)]


def from_file(path: str | Path) -> list[Text]:
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
    """Return distinct variants of a line, in random order."""
    tries = WAYS * 3 if "{" in line else 1
    return list(dict.fromkeys(_written_out(line, dice) for _ in range(tries)))[:WAYS]


def _written_out(line, dice):
    while match := INNERMOST.search(line):
        chosen = dice.choice(match[1].split("|"))
        line = line[: match.start()] + chosen + line[match.end() :]
    return line
