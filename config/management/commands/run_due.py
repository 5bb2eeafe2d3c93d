"""Does what is due: mails, and whatever else `settings.DUE_WORK` lists. For cron, or for ever.

Any number may run at once, on any number of machines. Told to stop (SIGTERM, Ctrl+C), it ends after
the piece of work it is at.
"""

import os
import signal
import sys
from threading import Event

from django.core.management import BaseCommand, CommandError
from django.db import close_old_connections

from config import due_work

# How long a mail waits at most before it is looked at. Each look is a few small queries.
SECONDS_BETWEEN = 5
# How long it outlives a server that was killed.
SECONDS_BETWEEN_LOOKS = 1


class Command(BaseCommand):
    help = "Do the work that is due, such as sending mails."

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="look again every few seconds")
        parser.add_argument(
            "--beside", type=int, metavar="PID", help="end when this process, its parent, does"
        )

    def handle(self, *args, forever, beside, **options):
        stopped = Event()

        def going():
            return not stopped.is_set() and (beside is None or os.getppid() == beside)

        if not forever:
            if failed := due_work.do_due(going):
                raise CommandError(f"Failed: {', '.join(failed)}. The reason stands above.")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while going():
            due_work.do_due(going)
            # Connections grow old, and after a restart of the database they are dead.
            close_old_connections()
            wait(stopped, going)
        # What is printed (mails, without a mail server) is out before the process is.
        sys.stdout.flush()


def wait(stopped, going) -> None:
    """Wait for the next round, or until told to stop or left alone."""
    for _ in range(SECONDS_BETWEEN // SECONDS_BETWEEN_LOOKS):
        if not going() or stopped.wait(SECONDS_BETWEEN_LOOKS):
            return
