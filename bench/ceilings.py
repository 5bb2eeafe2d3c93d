"""What the server could do at best: the same bytes from next to nothing, under the same server.

`wsgi` is a bare WSGI application; `django` is Hearth's own middleware around a bare view, with
two indexed queries in all (the middleware reads the blog's row, the view a post). A static file
is asked from the second one. CEILING_BODY names the file with the bytes (gzip).
`python -m bench.ceilings wsgi` (or `django`, or `hearth` with whatever settings the environment
names and without the pages kept ahead of Django) serves the way `make serve` does, on a database
that is prepared.
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
    """Return the bytes that every ceiling answers with."""
    return Path(os.environ["CEILING_BODY"]).read_bytes()


def bare(environ, start_response):
    """A WSGI application that knows nothing."""
    answer = body()
    start_response("200 OK", [*HEADERS, ("Content-Length", str(len(answer)))])
    return [answer]


def view(request):
    """A view that reads one post by its slug."""
    from blog.models import Post

    Post.objects.only("pk").get(slug=os.environ["CEILING_SLUG"])
    return HttpResponse(body(), headers=dict(HEADERS))


def routes():
    """Return the addresses of the bare view beside all of Hearth's."""
    from config.urls import urlpatterns

    return [path(ADDRESS.lstrip("/"), view), *urlpatterns]


def bare_django(environ, start_response):
    """Django with Hearth's settings and middleware, without the pages kept ahead of it."""
    return _handler()(environ, start_response)


@cache
def _handler():
    return WSGIHandler()


def __getattr__(name):
    if name == "urlpatterns":  # Django asks this module for its addresses
        return routes()
    raise AttributeError(name)


def main(name):
    """Serve one of NAMES until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from config.management.commands import serve

    if name == "django":
        settings.ROOT_URLCONF = "bench.ceilings"
    serve.APPLICATION = NAMES[name]
    serve.serve()


if __name__ == "__main__":
    main(sys.argv[1])
