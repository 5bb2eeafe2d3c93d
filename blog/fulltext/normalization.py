"""Words as search compares them: letters and numbers alone, without case and without accents.

Both databases store what is folded here and are asked for what is folded here, so that
neither one's own idea of a word matters. Nothing is stemmed.
"""

from accounts.text.folding import searched

MAX_WORD = 60  # characters; what is longer is cut, in texts and in queries alike
# Of one text, folded: a long novel. PostgreSQL's vector of it has to stay below a megabyte.
MOST_BYTES = 400_000
LAST_WITH_LETTERS = 0x3FFFF


class _Folds(dict):
    """``{code point: what search sees of it}``, worked out when it is first met."""

    def __missing__(self, code):
        folded = searched(chr(code))
        if code <= LAST_WITH_LETTERS:
            self[code] = folded
        return folded


_FOLDS = _Folds()


def words(text):
    """Return the words of a text in their order, folded."""
    return [word[:MAX_WORD] for word in text.translate(_FOLDS).split()]


def folded(text):
    """Return the words of a text with one space between them, as they are stored."""
    whole = " ".join(words(text))
    if len(whole.encode()) <= MOST_BYTES:
        return whole
    return whole.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]


def spans(text):
    """Yield ``(start, end, word)`` for the words of a text: where each stands, and folded."""
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
