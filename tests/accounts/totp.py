"""How tests have somebody with an app for codes at hand."""

import time

from allauth.mfa.totp.internal import auth


def code(secret, later=0):
    """The code that an app shows now, or so many half-minutes later."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + later))


def set_up_app(user):
    """Give somebody an app, and return its secret."""
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    return secret
