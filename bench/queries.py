"""The number of SQL queries per request, counted in one process that answers like a worker.

`python -m bench.queries FILE` reads ``{name: {"path", "cookie", "form"}}`` and prints
``{name: queries of the second request}`` as its last line: the first one may fill a cache.
SQLite's check of its own file (one pragma, see config/caching/process_cache.py) is not counted.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit


def count(application: Callable, address: str, name: str, ask: dict[str, str]) -> int:
    """Send a request twice; return the number of queries of the second one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _answer(application, address, ask, f"{name}-a")
    with CaptureQueriesContext(connection) as queries:
        _answer(application, address, ask, f"{name}-b")
    words = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(words) for query in queries.captured_queries)


def _answer(application, address, ask, mark):
    from django.test import RequestFactory

    where = urlsplit(address)
    factory = RequestFactory(SERVER_NAME=where.hostname, SERVER_PORT=str(where.port))
    headers = {"HTTP_COOKIE": ask["cookie"], "HTTP_ACCEPT_ENCODING": "gzip"}
    headers["HTTP_IF_NONE_MATCH"] = ask.get("known", "")
    headers = {name: value for name, value in headers.items() if value}
    if ask.get("form"):
        form = ask["form"].replace("MARK", f"{mark}-{os.getpid()}".replace(" ", "-"))
        kind = "application/x-www-form-urlencoded"
        request = factory.post(ask["path"], form, content_type=kind, **headers)
    else:
        request = factory.get(ask["path"], **headers)
    statuses = []
    answer = application(request.environ, lambda status, *rest: statuses.append(status))
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    if int(statuses[0][:3]) >= 400:
        raise RuntimeError(f"{ask['path']} answered {statuses[0]}")


def main(path):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if os.environ["DJANGO_SETTINGS_MODULE"] == "bench.after_comment":
        from django.core.wsgi import get_wsgi_application

        application = get_wsgi_application()
    else:
        from config.wsgi import application

    asks = json.loads(Path(path).read_text())
    address = os.environ["SITE_URL"]
    found = {name: count(application, address, name, ask) for name, ask in asks.items()}
    sys.stdout.write(f"\n{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
