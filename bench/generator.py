"""Generated conversations of any length, reproducible by seed, in the format of `load_thread`.

The comments are generated one after another from one random stream, so that a shorter conversation
is a prefix of a longer one.
"""

import json
import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

SEED = 11
BEGIN = datetime(2025, 3, 3, 7, 30, tzinfo=UTC)
# The share of comments that begin a thread; and of the others, the share that answer any comment
# at all. The rest answer a recent one.
BEGINNINGS, ANYBODY = 0.28, 0.2
HOW_LONG_AGO = 18  # mean distance of an answer, in comments
DEEPEST = 14  # levels of replies; pages show fewer

GIVEN = (
    "Amal Bruno Chiara Dorte Emil Farah Greta Henk Irma Jonas Keiko Lino Marta Nils Odile".split()
)
FAMILY = "Ahn Berg Corte Dahl Ebner Frost Gallo Haas Ivers Jung Kato Lund Meyer North Okoye".split()
WHO = (
    "my neighbour|the baker|everyone here|our teacher|somebody|the ferryman|a friend|my aunt".split(
        "|"
    )
)
DID = "remembers|mended|carried|found|painted|planted|looked after|told me about|wrote down".split(
    "|"
)
WHAT = "the old bench|a basket of pears|the garden gate|that long walk|the lamp at the door".split(
    "|"
)
WHAT += "a kettle of tea|the boat|the first snow|the recipe|two chairs|the path by the mill".split(
    "|"
)
WHEN = "in spring|last winter|on a quiet Sunday|before the rain|after supper|years ago".split("|")
AND = "and it still holds|which made us smile|and nobody was in a hurry|so we stayed longer".split(
    "|"
)
AND += ["", "", "and I would do it again"]


def conversation(size: int, seed: int = SEED) -> dict:
    """Return ``{"post": ..., "comments": [...]}`` with ``size`` comments, oldest first."""
    return {"post": _post(seed), "comments": list(islice(comments(seed), size))}


def write(path: Path, size: int, seed: int = SEED) -> None:
    """Write the conversation as JSON to ``path``."""
    path.write_text(json.dumps(conversation(size, seed)), encoding="utf-8")


def comments(seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Yield comments endlessly. ``id`` counts from 1; a parent comes before its replies."""
    rng = random.Random(seed)  # noqa: S311  repeatable, and no secret
    depths = []
    moment = BEGIN
    while True:
        moment += timedelta(seconds=30 + int(rng.expovariate(1 / 240)))
        parent = _parent(rng, depths)
        depths.append(0 if parent is None else depths[parent] + 1)
        yield {
            "id": len(depths),
            "parent": None if parent is None else parent + 1,
            **_person(rng),
            "date": moment.isoformat(),
            "body": _body(rng),
        }


def _parent(rng, depths):
    """Return the index of the parent comment, or None; always draws three random numbers."""
    begins, anybody, back = rng.random(), rng.random(), rng.random()
    count = len(depths)
    if not count or begins < BEGINNINGS:
        return None
    if anybody < ANYBODY:
        place = int(back * count)
    else:
        place = count - 1 - int(-math.log(1 - back) * HOW_LONG_AGO)
    return place if place >= 0 and depths[place] < DEEPEST else None


def _person(rng):
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    return {
        "author": f"{given} {family}",
        "email": f"{given}.{family}@example.org".lower(),
    }


def _sentence(rng):
    words = (rng.choice(part) for part in (WHO, DID, WHAT, WHEN, AND))
    text = " ".join(word for word in words if word)
    return f"{text[0].upper()}{text[1:]}."


def _paragraph(rng):
    return " ".join(_sentence(rng) for _ in range(rng.randint(1, 6)))


def _body(rng):
    """Return a few paragraphs of Markdown, now and then with a quote, a list or emphasis."""
    parts = [_paragraph(rng) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
    kind = rng.random()
    if kind < 0.08:
        parts.insert(0, f"> {_sentence(rng)}")
    elif kind < 0.12:
        parts.append("\n".join(f"- {rng.choice(WHAT)}" for _ in range(3)))
    elif kind < 0.25:
        parts.append(f"Thank you, *{rng.choice(GIVEN)}*, **truly**.")
    return "\n\n".join(parts)


def posts(count: int, seed: int = SEED) -> Iterator[tuple[str, list[str], datetime]]:
    """Yield ``(title, paragraphs, date)`` of ``count`` posts, each a day older than the last."""
    rng = random.Random(f"posts {seed}")  # noqa: S311
    for number in range(1, count + 1):
        title = f"{rng.choice(WHAT)} {rng.choice(WHEN)}".capitalize()
        yield title, [_paragraph(rng) for _ in range(3)], BEGIN - timedelta(days=number)


def _post(seed):
    rng = random.Random(f"post {seed}")  # noqa: S311
    return {
        "title": "What the evening leaves behind",
        "date": (BEGIN - timedelta(hours=2)).isoformat(),
        "paragraphs": [" ".join(_sentence(rng) for _ in range(9)) for _ in range(7)],
    }
