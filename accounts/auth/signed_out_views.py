"""A form sent by somebody who was signed out meanwhile comes back to them with every word."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string


def give_back(request: HttpRequest) -> HttpResponse:
    """Show what was sent, in a form that one press sends once they are signed in again."""
    return import_string(settings.CSRF_FAILURE_VIEW)(request)


def keeps_words(view: Callable) -> Callable:
    """Decorator of a desk view, which sends everybody else to sign in: their words come back."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if request.method == "POST" and not request.user.is_authenticated:
            return give_back(request)
        return view(request, *args, **kwargs)

    return checked
