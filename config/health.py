"""Whether Hearth is well, for whoever watches over it: /healthz/.

It is answered before anything else is asked, also under another host name and without
TLS, since a load balancer asks a machine by its address. It says which part fails, and
nothing about how the part is reached; the reason is in the log.
"""

import logging
import uuid
from functools import cache as remembered

from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponseNotAllowed, JsonResponse

from config import due_work

logger = logging.getLogger(__name__)

ADDRESS = "/healthz/"


def database():
    """True when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def cache_keeps():
    """True when the cache gives back what was just put in."""
    key, value = f"healthz:{uuid.uuid4().hex}", uuid.uuid4().hex
    cache.set(key, value, 10)
    return cache.get(key) == value


def migrations():
    """True when the tables are those that this version of Hearth was written for."""
    applied = MigrationRecorder(connection).migration_qs.values_list("app", "name")
    return _migrations_here() <= set(applied)


@remembered
def _migrations_here():
    # Read once: other files on the disk mean nothing to a process that runs.
    return frozenset(MigrationLoader(None).graph.nodes)


# Each takes nothing and returns whether it is well; raising is not being well.
PARTS = {"database": database, "cache": cache_keeps, "migrations": migrations}


def state():
    """Return {part: True or False} for each part."""
    return {name: _is_well(name, look) for name, look in PARTS.items()}


def _is_well(name, look):
    try:
        return look()
    except Exception:
        logger.exception("Not well: %s", name)
        return False


def healthz(get_response):
    """Middleware: answer ADDRESS with 200, or 503 when a part fails.

    Work that is late (mails, say) is told, but with 200: readers are served as ever, and a load
    balancer must not take every machine away because a mail server is down.
    """

    def middleware(request):
        if request.path_info != ADDRESS:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return _answer(state(), on_time=_is_well("due_work", lambda: not due_work.is_late()))

    return middleware


def _answer(parts, *, on_time):
    well = all(parts.values())
    words = {True: "ok", False: "failing"}
    told = {name: words[fine] for name, fine in parts.items()}
    told["due_work"] = "ok" if on_time else "late"
    status = "late" if well and not on_time else words[well]
    response = JsonResponse({"status": status, "parts": told}, status=200 if well else 503)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
