"""What people get while the database does not answer, is full, or too many wait for it: 503.

A sentence, and every word they sent, in a form that sends it again (RFC 9110, 15.6.4). Nothing
here asks the database.
"""

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from config.typed_words import typed_words

# In the WSGI environment of a request for which no thread was free in time (config/server).
BUSY = "hearth.busy"
RETRY_AFTER = "30"  # seconds
READ_ONLY = "25006"  # https://www.postgresql.org/docs/current/errcodes-appendix.html


def is_outage(error: BaseException | None) -> bool:
    """Return whether this is the database's trouble, not a mistake of ours: gone, locked, full."""
    code = getattr(getattr(error, "__cause__", None), "sqlstate", None)
    return isinstance(error, (OperationalError, InterfaceError)) or code == READ_ONLY


@never_cache
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception (``handler500``): 503 while the database is away, else 500.

    Both return what was typed.
    """
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    return render(request, "500.html", typed_words(request), status=500)


@never_cache
def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that this cannot be done now, and return what was typed in a form."""
    context = typed_words(request) | {"posted": request.method == "POST"}
    response = render(request, "503.html", context, status=503)
    response["Retry-After"] = RETRY_AFTER
    return response


def refuse_when_busy(get_response: Callable) -> Callable:
    """Middleware: answer requests that had to wait too long, before anything is asked for them."""

    def middleware(request):
        return unavailable(request) if BUSY in request.META else get_response(request)

    return middleware
