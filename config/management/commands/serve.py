"""The production server on one machine: called by `make serve`, or by systemd.

It refuses unsafe settings, migrates, collects the static files, checks its health, and starts
Granian with several processes. SIGTERM or Ctrl+C ends them all, after the requests under way.
docs/serving.md describes the rest of a deployment.
"""

import os
import resource
import signal
import socket
import sys
import threading
import time
from ipaddress import ip_address
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings

from blog.models import ChangeCounter
from config import health, worker
from config.checks import refuse_if_unsafe
from config.server.front import Front


def refuse_taken(host: str, port: int, another: str) -> None:
    """Raise CommandError if the address and port are taken.

    `another` is the command to suggest, with another port.
    """
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server does, so that connections in TIME_WAIT do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} is already in use on this machine. Try another: {another}"
            ) from error


APPLICATION = "config.wsgi.application"
# Connections that each worker takes, also idle and silent ones; what they may do at once is bounded
# in config/server. Each needs a file descriptor.
CONNECTIONS = 4096
# A connection ends that has not sent the headers of a request for so long; in milliseconds.
SILENCE = 15_000
# Descriptors for everything else: bodies and long answers, databases, the event loop.
OTHER_FILES = 1024
# The time for requests under way to finish at a stop; after that they are cut off.
SECONDS_TO_STOP = 15


class Command(BaseCommand):
    help = _("Prepare everything and serve Hearth in production.")
    # Checks that need the tables run once they are there.
    requires_system_checks = []

    def handle(self, *args, **options):
        self.refuse()
        self.prepare_elsewhere()
        self.announce()
        serve()

    def refuse(self) -> None:
        """Raise CommandError for settings that are unsafe or cannot work."""
        if settings.DEBUG:
            raise CommandError(
                "`serve` is for production, but DEBUG is on. `make serve` turns it off; "
                "otherwise set DEBUG=off. To try Hearth out, use `make run`."
            )
        try:
            refuse_if_unsafe()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXIES:
            raise CommandError(
                f"SITE_URL is {settings.SITE_URL}, but TRUSTED_PROXIES is not set. Hearth itself "
                "does not serve https: without a proxy in front that does, every visitor would be "
                "redirected endlessly. Name the proxy, such as TRUSTED_PROXIES=127.0.0.1."
            )
        refuse_taken(listening_address(), settings.PORT, "make serve PORT=8001")

    def prepare_elsewhere(self) -> None:
        """Prepare in a process that ends: the workers are copies of this one.

        Migrations and checks load what no worker needs, and no connection may be shared.
        """
        process = get_context("fork").Process(target=self.prepare_and_end)
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)

    def prepare_and_end(self) -> None:
        try:
            self.prepare()
        except SystemCheckError as error:
            sys.exit(str(error))
        except CommandError as error:
            sys.exit(f"CommandError: {error}")

    def prepare(self) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            raise CommandError(f"The database isn’t responding: {error}") from error
        ChangeCounter.renew()  # a backup may have been restored since the last start
        self.check(databases=["default"])
        call_command("collectstatic", interactive=False, verbosity=0)
        failing = [name for name, well in health.state().items() if not well]
        if failing:
            raise CommandError(f"Not working: {', '.join(failing)}. See the reason above.")
        # Hearth serves without them, as it does when they fail later.
        if spared := [name for name, well in health.spare_state().items() if not well]:
            self.stderr.write(f"Starting without: {', '.join(spared)}. See the reason above.")
        is_bounded = getattr(caches["pages"], "is_bounded", None)  # of Redis alone
        if is_bounded and not is_bounded():
            self.stderr.write("Redis has no maxmemory set, or evicts nothing; see docs/serving.md.")

    def announce(self) -> None:
        self.stdout.write(
            f"Hearth listens at http://{settings.HOST}:{settings.PORT}/ for {settings.SITE_URL} "
            f"({workers()} workers with {settings.THREADS} threads each; press Ctrl+C to stop)"
        )
        self.stdout.flush()


def listening_address() -> str:
    """Return HOST as an IP address; raise CommandError for a name, to which some shells set it."""
    host = "127.0.0.1" if settings.HOST == "localhost" else settings.HOST.strip("[]")
    try:
        return str(ip_address(host))
    except ValueError as error:
        raise CommandError(
            f"HOST is {settings.HOST!r}; it must be an address of this machine, "
            "such as 127.0.0.1, or 0.0.0.0 for all of them."
        ) from error


def workers() -> int:
    """Return WORKERS or, if not set, one per core available to this process, at least 2."""
    known = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1
    # Two, so that one serves while the other is respawned.
    return settings.WORKERS or max(2, cores)


def serve() -> None:
    """Serve until stopped, with `run_due` beside it."""
    with worker.due_work():
        server().serve(target_loader=load)


def server() -> Granian:
    """Return the configured Granian server."""
    return Granian(
        APPLICATION,
        address=listening_address(),
        port=settings.PORT,
        interface=Interfaces.RSGI,
        runtime_mode=RuntimeModes.st,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=SILENCE),
        websockets=False,
        workers=workers(),
        backlog=CONNECTIONS,
        backpressure=connections_allowed(),
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    )


def connections_allowed() -> int:
    """Return CONNECTIONS, or fewer where the system allows fewer files; raises that limit first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return max(1, wanted - OTHER_FILES)


def load(application: str) -> Front:
    """Load the application, in the worker that will run it.

    A process group of its own leaves Ctrl+C to the parent: Granian 2.8 waits for ever for a
    worker that is stopped by the terminal and by its parent at once.
    """
    os.setpgid(0, 0)
    threading.Thread(target=end_with, args=[parent_process()], daemon=True).start()
    return Front(import_string(application))


def end_with(parent: BaseProcess) -> None:
    """Wait for the parent to end, then end this worker: after a SIGKILL nobody else would.

    Waits on the pipe that multiprocessing has between them, which closes however the parent ends.
    """
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_STOP)
    os.kill(os.getpid(), signal.SIGKILL)
