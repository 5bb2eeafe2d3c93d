"""Refuses names that look like an author's, a moderator's or a public profile's.

Names are compared as they look (:func:`accounts.text.folding.seen`). All others are free, so that
nobody can find out who has an account.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import AUTHORS, MODERATORS
from accounts.text import folding

# Words that people add to a name to pass for its owner.
ROLES = frozenset({"author", "moderator", "mod", "admin", "administrator", "official", "staff"})


REFUSED = _(
    "Readers could mistake this name for someone they know here. Please choose another, "
    "or add something to it."
)


def imitates(name: str, person: User | None = None) -> bool:
    """Return whether a name looks like that of staff, an author or a public profile.

    ``person`` is the account that wants the name; its own is always free.
    """
    own = folding.seen(name, ROLES)
    if not own:
        return False
    others = (user for user in _known() if person is None or user.pk != person.pk)
    return any(
        own & folding.seen(other, ROLES) for user in others for other in {user.name, user.username}
    )


def refusal(name: str, person: User) -> str:
    """Return why an account may not have this name, or "". One of ``settings.USERNAME_CHECKS``."""
    return str(REFUSED) if imitates(name, person) else ""


def _known():
    speaks = Q(is_staff=True) | Q(groups__name__in=[AUTHORS, MODERATORS]) | Q(posts__isnull=False)
    users = User.objects.filter(speaks | Q(is_public=True, is_active=True))
    return users.only("display_name", "username").distinct()
