"""The owner's words: what holds a comment, what marks it as probable spam, what asks for care.

A phrase matches whole words, without regard to case and accents. ``*`` at an end of a word stands
for any more letters; patterns have no other signs, so that none of them can run away.
"""

from comments.models.checks import folded


def find_phrases(text, phrases):
    """Return those of ``phrases`` that stand in a text, in their order.

    The time is the text's length times the number of phrases, whatever these are.
    """
    words = folded(text).replace("*", " ").split()
    whole = " ".join(words)
    starts = {}
    for position, word in enumerate(words):
        starts.setdefault(word, []).append(position)
    # Most do not stand there at all, which is seen at once.
    near = (each for each in phrases if all(part.strip("*") in whole for part in each.parts))
    return [each for each in near if _stands_in(words, starts, each.parts)]


def _stands_in(words, starts, parts):
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
    """Whether a word is meant by a part of a phrase, with ``*`` at its start, its end or both."""
    if "*" not in part:
        return word == part
    core = part.strip("*")
    if part[0] == part[-1] == "*":
        return core in word
    return word.startswith(core) if part[-1] == "*" else word.endswith(core)
