"""The health check at /healthz/, for load balancers and monitoring.

It is answered before all other middleware, also under another host name and without TLS, since a
load balancer addresses a machine by its IP. It names the part that fails, and reveals nothing
about how that part is reached; the reason is in the log.
"""

import logging
import uuid
from collections.abc import Callable
from functools import cache as remembered

from django.core.cache import cache, caches
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponseNotAllowed, JsonResponse

from config import due_work, worker

logger = logging.getLogger(__name__)

ADDRESS = "/healthz/"


def database() -> bool:
    """Return whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def cache_keeps() -> bool:
    """Return whether the cache of pages returns what was just stored."""
    key, value = f"healthz:{uuid.uuid4().hex}", uuid.uuid4().hex
    caches["pages"].set(key, value, 10)
    return caches["pages"].get(key) == value


def limits_are_shared() -> bool:
    """Return whether limits are counted for all workers, and not by each for itself."""
    return cache.is_well


def migrations() -> bool:
    """Return whether all migrations of this version of Hearth are applied."""
    applied = MigrationRecorder(connection).migration_qs.values_list("app", "name")
    return _migrations_here() <= set(applied)


@remembered
def _migrations_here():
    # Read once: files changed on disk do not affect a running process.
    return frozenset(MigrationLoader(None).graph.nodes)


# Each returns whether its part is well; an exception counts as False.
PARTS = {"database": database, "migrations": migrations}
# Without these readers and writers are served, if more slowly.
SPARE = {"cache": cache_keeps, "limits": limits_are_shared}


def state() -> dict[str, bool]:
    """Return {part: True or False} for each part without which nobody is served."""
    return _state(PARTS)


def spare_state() -> dict[str, bool]:
    """Return {part: True or False} for each part that can be spared for a while."""
    return _state(SPARE)


def _state(parts):
    return {name: _is_well(name, look) for name, look in parts.items()}


def _is_well(name, look):
    try:
        return look()
    except Exception:
        logger.exception("Not working: %s", name)
        return False


def healthz(get_response: Callable) -> Callable:
    """Middleware: answer ADDRESS with 200, or with 503 if a part fails.

    Late work (mails, say), or a part that can be spared, is reported, but with 200: readers are
    still served, and a load balancer must not take every machine out because a mail server or Redis
    is down. Only where this machine's own process for it gets nowhere, started again and again,
    late is 503: this machine needs somebody.
    """

    def middleware(request):
        if request.path_info != ADDRESS:
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        gets_on = worker.gets_on()
        on_time = gets_on and _is_well("due_work", lambda: not due_work.is_late())
        return _answer(state(), spare_state(), on_time=on_time, gets_on=gets_on)

    return middleware


def _answer(parts, spare, *, on_time, gets_on):
    well = all(parts.values())
    words = {True: "ok", False: "failing"}
    described = {name: words[fine] for name, fine in (parts | spare).items()}
    described["due_work"] = "ok" if on_time else "late"
    status = "late" if well and not (on_time and all(spare.values())) else words[well]
    code = 200 if well and gets_on else 503
    response = JsonResponse({"status": status, "parts": described}, status=code)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
