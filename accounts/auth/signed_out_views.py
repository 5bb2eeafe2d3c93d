"""A form sent by somebody who was signed out meanwhile comes back to them with every word."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

# A field of every form of the desk: whose page it stands on (templates/admin/_sent_by.html).
OPENED_BY = "who"


def keeps_words(view: Callable) -> Callable:
    """Decorator of a desk view, which sends everybody else to sign in: their words come back.

    They are shown in a form that one press sends once they are signed in again.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_ours = request.method == "POST" and OPENED_BY in request.POST
        if is_ours and not request.user.is_authenticated:
            return import_string(settings.CSRF_FAILURE_VIEW)(request)
        return view(request, *args, **kwargs)

    return checked
