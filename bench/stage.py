"""The environment of a run: its own folder, database and cache, and servers side by side.

Everything is removed again on leaving the context, also after Ctrl+C.
"""

import contextlib
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench import ceilings, measure, processes

DATABASE = "hearth_bench"
REDIS_KEYS = "hearth-*"  # in the Redis database that is set aside for this
SECONDS_TO_START = 60
FIRST_PORT, LAST_PORT = 8740, 8760


class Server:
    """A server that was started here: its process and its port."""

    def __init__(self, running, port):
        self.running, self.port = running, port

    def pids(self) -> list[int]:
        return measure.family(self.running.pid)

    def memory(self) -> float:
        """Return the memory of the largest worker in MB; the parent process does not count."""
        workers = [pid for pid in self.pids() if pid != self.running.pid]
        return max(measure.memory(workers).values(), default=0.0)


class Stage:
    """The environment, as a context manager. ``postgres`` and ``redis`` are URLs, or empty."""

    def __init__(self, postgres="", redis=""):
        self.postgres, self.redis = postgres, redis
        self.leave = contextlib.ExitStack()

    def __enter__(self):
        with self.leave:
            self.folder = Path(tempfile.mkdtemp(prefix="hearth-bench-"))
            self.leave.callback(shutil.rmtree, self.folder, ignore_errors=True)
            if self.postgres:
                self.database = _of_database(self.postgres, DATABASE)
                self._recreate()
                self.leave.callback(self._drop)
            if self.redis:
                self._empty_redis()
                self.leave.callback(self._empty_redis)
            self.leave.callback(processes.stop_all)
            self.leave = self.leave.pop_all()
        return self

    def __exit__(self, *error):
        self.leave.close()

    # -- databases -------------------------------------------------------------------------------

    def _sql(self, *statements):
        import psycopg

        with psycopg.connect(self.postgres, autocommit=True) as connection:
            return [connection.execute(statement) for statement in statements]

    def _recreate(self):
        # A run that was killed may have left its database behind.
        self._drop()
        self._sql(f"CREATE DATABASE {DATABASE}")

    def _drop(self):
        self._sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")

    def _empty_redis(self):
        import redis

        with redis.Redis.from_url(self.redis) as client:
            for key in client.scan_iter(REDIS_KEYS, count=1000):
                client.delete(key)

    def database_pids(self) -> list[int]:
        """Return the pids of the PostgreSQL backends and of Redis that serve this run."""
        pids = []
        if self.postgres:
            import psycopg

            with psycopg.connect(self.postgres) as connection:
                rows = connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = %s", [DATABASE]
                )
                pids += [pid for (pid,) in rows]
        if self.redis:
            import redis

            with redis.Redis.from_url(self.redis) as client:
                pids.append(client.info("server")["process_id"])
        return pids

    # -- servers ---------------------------------------------------------------------------------

    def environment(self, port: int, **more: str) -> dict[str, str]:
        """Return environment variables for production on this machine, isolated from ours."""
        given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        if not hasattr(self, "secret"):
            self.secret = secrets.token_urlsafe(50)
        given |= {
            "ENV_FILE": "none",
            "DEBUG": "off",
            "COMMENTS_A_MINUTE": "0",  # all writers share one network
            "RUN_DUE": "off",  # its work is not what is measured
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": self.secret,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
        }
        if self.postgres:
            given["DATABASE_URL"] = self.database
        if self.redis:
            given["CACHE_URL"] = self.redis
        return given | more

    def hearth(self) -> Server:
        """Start Hearth with the command of `make serve`."""
        return self._start(["manage.py", "serve"], "/healthz/")

    def uncached(self) -> Server:
        """Start Hearth under the same server, with nothing cached."""
        return self._with_settings("bench.uncached")

    def after_comment(self) -> Server:
        """Start Hearth under the same server, where every page is the first after a comment."""
        return self._with_settings("bench.after_comment")

    def _with_settings(self, module):
        command = ["-m", "bench.ceilings", "hearth"]
        return self._start(command, "/healthz/", DJANGO_SETTINGS_MODULE=module)

    def ceiling(self, name: str, body: Path, slug: str) -> Server:
        """Start the ceiling ``name``, which responds with the content of the file ``body``."""
        more = {"CEILING_BODY": str(body), "CEILING_SLUG": slug}
        return self._start(["-m", "bench.ceilings", name], ceilings.ADDRESS, **more)

    def _start(self, command, address, **more):
        port = free_port()
        log = self.folder / f"server-{port}.log"
        running = processes.start(
            [sys.executable, *command], environment=self.environment(port, **more), log=log
        )
        give_up = time.monotonic() + SECONDS_TO_START
        while not _answers(port, address):
            if running.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(
                    f"{' '.join(command)} does not start:\n{log.read_text()[-3000:]}"
                )
            time.sleep(0.2)
        return Server(running, port)


def free_port() -> int:
    """Return a local port on which nothing listens."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise RuntimeError(f"None of the ports {FIRST_PORT} to {LAST_PORT} is free.")


def _of_database(url, name):
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}", query=""))


def _answers(port, address):
    # A 503 of /healthz/ counts, too: an uncached Hearth is never well, as its cache keeps nothing.
    try:
        get(port, address)
    except urllib.error.HTTPError as error:
        return error.code == 503
    except OSError:
        return False
    return True


def get(port: int, path: str, **headers: str) -> tuple[Message, bytes]:
    """Return ``(headers, body)`` of a response, not decompressed."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  loopback
        return answer.headers, answer.read()
