"""The middleware and signal receivers that require a second factor for the admin."""

from collections.abc import Callable

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.auth import second_factor

BY_SECOND_FACTOR = "mfa"  # django-allauth's name for the method


def on_authentication_step(sender, request, method, user, **kwargs):
    """Receiver of allauth's ``authentication_step_completed``: a second factor was verified."""
    if method == BY_SECOND_FACTOR:
        second_factor.mark_verified(user, request.session)


def on_authenticator_added(sender, request, user, **kwargs):
    """Receiver of allauth's ``authenticator_added``: setting one up counts as showing it."""
    second_factor.mark_verified(user, request.session)


def require_second_factor(get_response: Callable) -> Callable:
    """Middleware: where the owner requires it, the admin opens only with a second factor.

    It covers every URL below the admin's, so that none can be forgotten.
    """
    desk = reverse("admin:index")
    way_out = reverse("admin:logout")

    def middleware(request):
        path, user = request.path_info, request.user
        if not path.startswith(desk) or path == way_out:
            return get_response(request)
        if not user.is_staff or not second_factor.is_missing(user, request.session):
            return get_response(request)
        if not second_factor.has_second_factor(user):
            return HttpResponseRedirect(reverse("accounts:second_factor_needed"))
        back = urlencode({"next": path if request.method == "GET" else desk})
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{back}")

    return middleware
