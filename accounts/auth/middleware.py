"""Middleware of the account pages, and the signal receivers that note a second factor."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import throttling
from accounts.auth import guesses, second_factor

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


# The codes of django-allauth's errors after too many tries.
SLOWED = ("too_many_login_attempts", "rate_limited")


class SlowedForms:
    """Middleware: a form that was refused for too many tries is answered with 429.

    django-allauth shows it with 200.
    """

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and isinstance(form, Form) and form.is_bound and _slowed(form):
            response.status_code = throttling.TOO_MANY
            throttling.slowed(response, guesses.OF_AN_ACCOUNT.seconds)
        return response


def _slowed(form):
    found = form.errors.as_data().values()
    return any(error.code in SLOWED for errors in found for error in errors)
