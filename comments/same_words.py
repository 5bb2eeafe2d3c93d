"""By what the same words are known when they come again: a keyed hash, none of the words."""

from django.utils.crypto import salted_hmac

from comments.phrases import folded

# Shorter texts are alike by chance: "Thank you so much for this." In letters, without spaces.
LEAST = 40


def mark(text, leads_elsewhere=False):
    """Return what is the same for the same words, whatever their case, accents and signs; or None
    for a text that many may write. ``leads_elsewhere``: it has links, and then it counts at any
    length.
    """
    words = folded(text)
    if len(words.replace(" ", "")) < LEAST and not leads_elsewhere:
        return None
    return salted_hmac("comments.same_words", words, algorithm="sha256").hexdigest()[:32]
