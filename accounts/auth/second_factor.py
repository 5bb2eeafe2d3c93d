"""A second factor: who has shown one in this session, and who has to before the desk opens."""

from allauth.mfa.utils import is_mfa_enabled

SHOWN = "second_factor"  # in a session: the key of the account that has shown one


def mark_verified(user, session):
    """Note that somebody has shown one in this session."""
    session[SHOWN] = user.pk


def is_missing(user, session):
    """Return whether somebody who works here has to show a second factor in this session yet."""
    if not user.desk_asks:
        return False
    return session.get(SHOWN) != user.pk or not has_second_factor(user)


def has_second_factor(user):
    """Return whether somebody has set up a passkey or an app."""
    return is_mfa_enabled(user)
