"""The second factor: whether one was verified in this session, and whether the admin needs it."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User

SHOWN = "second_factor"  # session key for the pk of the account that has shown one


def mark_verified(user: User, session: SessionBase) -> None:
    """Record that this user has shown a second factor in this session."""
    session[SHOWN] = user.pk


def is_missing(user: User, session: SessionBase) -> bool:
    """Return whether a staff user still has to show a second factor in this session."""
    if not user.desk_asks:
        return False
    return session.get(SHOWN) != user.pk or not has_second_factor(user)


def has_second_factor(user: User) -> bool:
    """Return whether this user has set up a passkey or an authenticator app."""
    return is_mfa_enabled(user)
