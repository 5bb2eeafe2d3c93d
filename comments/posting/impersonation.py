"""Names that a reader would take for somebody else's: an author's, a moderator's, a profile's.

Both names are folded to a skeleton and compared, after the idea of Unicode Technical
Standard 39, section 4, with a small table of the letters that people do use for it. All
other names are free, so that nothing is said about who has an account.
"""

import unicodedata

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import AUTHORS, MODERATORS

# Cyrillic, Greek, other Latin letters and digits beside the plain letter that they look like.
LOOKS_LIKE = {
    "a": "аαɑ@",
    "b": "ьƅв",
    "c": "сϲ",
    "d": "ԁđ",
    "e": "еєҽ3",
    "g": "ɡց",
    "h": "һհ",
    "j": "ј",
    "k": "кκ",
    "l": "iіιı|!1ӏǀłɩ",
    "m": "м",
    "n": "ոп",
    "o": "оοσօ0øө",
    "p": "рρ",
    "q": "ԛ",
    "r": "гг",
    "s": "ѕ5$",
    "t": "тτ",
    "u": "υսц",
    "v": "νѵ",
    "w": "ѡԝω",
    "x": "хχ×",
    "y": "уγү",
    "z": "ᴢ",
}
FOLD = {ord(char): letter for letter, chars in LOOKS_LIKE.items() for char in chars}
PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
# What somebody puts beside a name to be taken for its owner.
ROLES = frozenset({"author", "moderator", "mod", "admin", "administrator", "official", "staff"})


REFUSED = _(
    "Readers could take this name for that of somebody they know here. Please choose another one, "
    "or add something to it."
)


def skeleton(name):
    """Return what is left of a name when everything is folded that an eye may pass over."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    words = "".join(char if char.isalnum() else " " for char in _folded(plain)).split()
    kept = [word for word in words if word not in FOLDED_ROLES] or words
    joined = "".join(kept)
    for pair, letter in PAIRS.items():
        joined = joined.replace(pair, letter)
    return joined


def _folded(text):
    return "".join(
        char for char in text.translate(FOLD) if unicodedata.category(char) not in {"Mn", "Cf"}
    )


FOLDED_ROLES = frozenset(map(_folded, ROLES))


def imitates(name, person=None):
    """Return whether a name could be taken for that of somebody whom readers know here.

    That is whoever speaks for the blog, and whoever has a public profile. ``person`` is the account
    that wishes for it, which may be called what it is called.
    """
    own = skeleton(name)
    if not own:
        return False
    others = (user for user in _known() if person is None or user.pk != person.pk)
    return any(own in {skeleton(user.name), skeleton(user.username)} for user in others)


def refusal(name, person):
    """Return why an account may not have this name, or "". One of ``settings.USERNAME_CHECKS``."""
    return str(REFUSED) if imitates(name, person) else ""


def _known():
    speaks = Q(is_staff=True) | Q(groups__name__in=[AUTHORS, MODERATORS]) | Q(posts__isnull=False)
    users = get_user_model().objects.filter(speaks | Q(is_public=True, is_active=True))
    return users.only("display_name", "username").distinct()
