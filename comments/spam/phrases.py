"""Matching the owner's phrases: lists that hold a comment, mark it as spam, or ask for care.

A phrase matches whole words, ignoring case, accents and look-alike letters of other scripts; in a
script without spaces, such as Chinese, it matches anywhere. ``*`` at an end of a word stands for
any letters; there are no other wildcards, so no pattern can backtrack.
"""

from collections.abc import Iterable

from comments.models import Phrase
from comments.models.checks import folded


def find_phrases(text: str, phrases: Iterable[Phrase]) -> list[Phrase]:
    """Return those of ``phrases`` that a text contains, in their order.

    Takes at most the text's length times the number of phrases.
    """
    words = folded(text).replace("*", " ").split()
    whole = " ".join(words)
    starts = {}
    for position, word in enumerate(words):
        starts.setdefault(word, []).append(position)
    # A cheap test that most phrases fail.
    near = (p for p in phrases if all(part.strip("*") in whole for part in p.parts))
    return [phrase for phrase in near if _contains(words, starts, phrase.parts)]


def _contains(words, starts, parts):
    if not parts or all(set(part) == {"*"} for part in parts):
        return False
    first = parts[0]
    places = starts.get(first, []) if "*" not in first else range(len(words))
    count = len(parts)
    return any(
        place + count <= len(words) and all(map(_is_word, words[place : place + count], parts))
        for place in places
    )


def _is_word(word, part):
    """Whether a word matches a part of a phrase, with ``*`` at its start, its end or both."""
    if "*" not in part:
        return word == part
    core = part.strip("*")
    if part[0] == part[-1] == "*":
        return core in word
    return word.startswith(core) if part[-1] == "*" else word.endswith(core)
