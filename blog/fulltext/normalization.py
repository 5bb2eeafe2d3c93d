"""Folding of text for search: letters and numbers only, without case and accents.

Both indexed texts and queries are folded here, so that the databases' own notions of a word do not
matter. There is no stemming.
"""

from collections.abc import Iterator

from accounts.text.folding import searched

MAX_WORD = 60  # characters; longer words are cut, in texts and queries alike
# Of one folded text: a long novel. Its tsvector in PostgreSQL has to stay below 1 MB.
MOST_BYTES = 400_000
LAST_WITH_LETTERS = 0x3FFFF


class _Folds(dict):
    """``{code point: folded text}``, computed on first use."""

    def __missing__(self, code):
        folded = searched(chr(code))
        if code <= LAST_WITH_LETTERS:
            self[code] = folded
        return folded


_FOLDS = _Folds()


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return [word[:MAX_WORD] for word in text.translate(_FOLDS).split()]


def folded(text: str) -> str:
    """Return the folded words of a text, joined by spaces and cut to MOST_BYTES, for storing."""
    whole = " ".join(words(text))
    if len(whole.encode()) <= MOST_BYTES:
        return whole
    return whole.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield ``(start, end, folded word)`` for each word of a text; the offsets are of ``text``."""
    start, end, letters = 0, 0, []
    for at, sign in enumerate(text):
        folded = _FOLDS[ord(sign)]
        if not folded and letters:
            end = at + 1
        for part in folded:
            if part != " ":
                start, end = start if letters else at, at + 1
                letters.append(part)
            elif letters:
                yield start, end, "".join(letters)[:MAX_WORD]
                letters = []
    if letters:
        yield start, end, "".join(letters)[:MAX_WORD]
