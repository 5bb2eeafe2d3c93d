"""Helpers for tests that need an authenticator app."""

import time

from allauth.mfa.totp.internal import auth


def code(secret, later=0):
    """Return the code that the app shows now, or so many half-minutes later."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + later))


def set_up_app(user):
    """Give a person an authenticator app and return its secret."""
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    return secret
