"""Whether she who is signed in has shown a moment ago that it is she, and asking her for it.

By her password or a second factor; django-allauth asks for them. An account with neither is shown
to be hers by its mailbox alone: it signs in anew, with a mailed code.
"""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

# She has to do something else first. RFC 9110, 15.5.4.
FORBIDDEN = 403


# What allauth puts before a view of its own; it returns nothing where nothing is to be asked.
_asked = reauthentication_required(lambda request: None)


def require_reauthentication(view):
    """Decorator: only for who is signed in and has shown within a few minutes that it is she.

    A press that comes too late leads back to its page. django-allauth would keep it, and carry it
    out as soon as the password is given, were it to look at the page once more.
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


def reauthentication_page(request):
    """Return the page by which an account with nothing to show signs in anew; None: she has shown
    within a few minutes that it is she.

    ``request`` is of somebody who is signed in. Raises ReauthenticationRequired where she has to
    show it: allauth asks her, and then carries out a press that it has kept.
    """
    user = request.user
    if user.has_usable_password() or get_adapter().get_reauthentication_methods(user):
        return _asked(request)
    last = max((each["at"] for each in get_authentication_records(request, user)), default=0)
    if time.time() - last < app_settings.REAUTHENTICATION_TIMEOUT:
        return None
    return render(request, "accounts/auth/sign_in_again.html", status=FORBIDDEN)
