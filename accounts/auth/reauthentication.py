"""Recent reauthentication: whether the signed-in user has confirmed who they are, and asking them.

django-allauth asks for the password or a second factor. The owner of an account with neither
signs in again with a mailed code.
"""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

FORBIDDEN = 403


# What allauth puts before views of its own: returns None, or raises if it has to ask.
_asked = reauthentication_required(lambda request: None)


def require_reauthentication(view: Callable) -> Callable:
    """Decorator: require a signed-in user who has authenticated within the last minutes.

    A POST that comes too late redirects to its own page. django-allauth would store it, and
    replay it as soon as the password is given.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return reauthentication_page(request) or view(request, *args, **kwargs)
        except ReauthenticationRequired:
            if request.method == "POST":
                return redirect(request.path)
            raise

    return login_required(wrapped)


def reauthentication_page(request: HttpRequest) -> HttpResponse | None:
    """Return the page that asks the user to sign in again, or None if they did so recently.

    The page is for accounts without a password or a second factor. For all others this raises
    ReauthenticationRequired where needed: allauth asks, and then replays a POST that it stored.
    """
    user = request.user
    if user.has_usable_password() or get_adapter().get_reauthentication_methods(user):
        return _asked(request)
    last = max((each["at"] for each in get_authentication_records(request, user)), default=0)
    if time.time() - last < app_settings.REAUTHENTICATION_TIMEOUT:
        return None
    return render(request, "accounts/auth/sign_in_again.html", status=FORBIDDEN)
