"""Names that a reader would take for somebody else's: an author's, a moderator's, a profile's.

They are compared as they are seen (:func:`accounts.text.folding.seen`). All other names are free,
so that nothing is said about who has an account.
"""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import AUTHORS, MODERATORS
from accounts.text import folding

# What somebody puts beside a name to be taken for its owner.
ROLES = frozenset({"author", "moderator", "mod", "admin", "administrator", "official", "staff"})


REFUSED = _(
    "Readers could take this name for that of somebody they know here. Please choose another one, "
    "or add something to it."
)


def imitates(name, person=None):
    """Return whether a name could be taken for that of somebody whom readers know here.

    That is whoever speaks for the blog, and whoever has a public profile. ``person`` is the account
    that wishes for it, which may be called what it is called.
    """
    own = folding.seen(name, ROLES)
    if not own:
        return False
    others = (user for user in _known() if person is None or user.pk != person.pk)
    return any(
        own & folding.seen(other, ROLES) for user in others for other in {user.name, user.username}
    )


def refusal(name, person):
    """Return why an account may not have this name, or "". One of ``settings.USERNAME_CHECKS``."""
    return str(REFUSED) if imitates(name, person) else ""


def _known():
    speaks = Q(is_staff=True) | Q(groups__name__in=[AUTHORS, MODERATORS]) | Q(posts__isnull=False)
    users = get_user_model().objects.filter(speaks | Q(is_public=True, is_active=True))
    return users.only("display_name", "username").distinct()
