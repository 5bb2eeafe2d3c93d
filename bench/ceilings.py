"""Upper bounds ("ceilings"): the same response from minimal code, under the same server.

`wsgi` is a bare WSGI application, called by Granian itself, without Hearth's front; `django` is
Hearth's own middleware around a bare view, with two indexed queries in all (the middleware reads
the blog's row, the view a post). The static file is requested from the latter. CEILING_BODY is the
path of the response body (gzip).
`python -m bench.ceilings wsgi` (or `django`, or `hearth` with the settings that the environment
names and without the cache in front of Django) serves like `make serve`, on a prepared database.
"""

import os
import sys
from functools import cache
from pathlib import Path

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

ADDRESS = "/ceiling/"
STATIC_NAME = "ceiling.html"  # in STATIC_ROOT, with .gz beside it
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Cache-Control", "public, max-age=0, must-revalidate"),
    ("Vary", "Cookie, Accept-Encoding"),
]
NAMES = {
    "wsgi": "bench.ceilings.bare",
    "django": "bench.ceilings.bare_django",
    "hearth": "bench.ceilings.bare_django",
}


@cache
def body() -> bytes:
    """Return the response body of every ceiling."""
    return Path(os.environ["CEILING_BODY"]).read_bytes()


def bare(environ, start_response):
    """A bare WSGI application with a constant response."""
    answer = body()
    start_response("200 OK", [*HEADERS, ("Content-Length", str(len(answer)))])
    return [answer]


def view(request):
    """A view that reads one post by its slug."""
    from blog.models import Post

    Post.objects.only("pk").get(slug=os.environ["CEILING_SLUG"])
    return HttpResponse(body(), headers=dict(HEADERS))


def routes() -> list:
    """Return the URL patterns: the bare view, and all of Hearth's."""
    from config.urls import urlpatterns

    return [path(ADDRESS.lstrip("/"), view), *urlpatterns]


def bare_django(environ, start_response):
    """Django with Hearth's settings and middleware, without the cache in front of it."""
    return _handler()(environ, start_response)


@cache
def _handler():
    return WSGIHandler()


def __getattr__(name):
    if name == "urlpatterns":  # this module is Django's ROOT_URLCONF
        return routes()
    raise AttributeError(name)


def main(name: str) -> None:
    """Serve one of NAMES until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from config.management.commands import serve

    if name == "wsgi":
        serve_bare(serve)
        return
    if name == "django":
        settings.ROOT_URLCONF = "bench.ceilings"
    serve.APPLICATION = NAMES[name]
    serve.serve()


def serve_bare(serve) -> None:
    """Serve the bare application as fast as Granian can; ``serve`` is Hearth's command."""
    from django.conf import settings
    from django.utils.module_loading import import_string
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    Granian(
        NAMES["wsgi"],
        address=serve.listening_address(),
        port=settings.PORT,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=serve.workers(),
        blocking_threads=settings.THREADS,
        backpressure=serve.connections_allowed(),
    ).serve(target_loader=import_string)


if __name__ == "__main__":
    main(sys.argv[1])
