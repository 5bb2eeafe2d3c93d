"""Answers to those who ask too often: 429, with the seconds to wait (RFC 6585, section 4).

:mod:`accounts.rate_limit` counts. A view asks here before it does anything that costs.
"""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import rate_limit

TOO_MANY = 429
# For django-allauth, which does not say how long its limits last; most last a minute.
A_WHILE = 60  # seconds


def who_asks(request: HttpRequest) -> str:
    """Return the key of the account that asks, or of a stranger's network."""
    here = rate_limit.network_key_of(request.META)
    return rate_limit.writer_key(here, request.user) if request.user.is_authenticated else here


def seconds_to_wait(request: HttpRequest, what: str) -> int:
    """Count a request for one of ``rate_limit.TIMES``; return how long whoever asks has to wait."""
    return rate_limit.seconds_to_wait_for(what, who_asks(request))


def refusal(request: HttpRequest, what: str) -> HttpResponse | None:
    """Count a request for one of ``rate_limit.TIMES``; return the page that refuses it, or None."""
    wait = seconds_to_wait(request, what)
    return too_many_requests(request, wait) if wait else None


def throttled(what: str) -> Callable:
    """Decorator: refuse a view to those who ask too often; see :func:`refusal`."""

    def decorate(view):
        @wraps(view, updated=())
        def wrapped(request, *args, **kwargs):
            return refusal(request, what) or view(request, *args, **kwargs)

        return wrapped

    return decorate


def too_many_requests(request: HttpRequest, wait: int = A_WHILE) -> HttpResponse:
    """Return the page that asks to wait; htmx gets the sentence alone. Also ``handler429``."""
    template = "layout/_too_many_requests.html" if request.htmx else "429.html"
    return slowed(render(request, template, {"wait": wait}, status=TOO_MANY), wait)


def slowed(response: HttpResponse, wait: int) -> HttpResponse:
    """Say in the headers of a response how many seconds to wait."""
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "private, no-store"
    return response


def refuse_unchecked(form: forms.Form, sentence: str) -> None:
    """Let a bound form show what was typed and this sentence, without checking anything."""
    form._errors, form.cleaned_data = ErrorDict(renderer=form.renderer), {}
    form.add_error(None, sentence)
