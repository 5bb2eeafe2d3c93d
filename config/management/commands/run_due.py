"""Does deferred work, such as mails (`settings.DUE_WORK`): once, for cron, or in a loop.

Any number may run at once, on any number of machines. On SIGTERM or Ctrl+C it finishes the
current piece of work and ends.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from threading import Event

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils.translation import gettext as _

from accounts import heartbeat
from config import due_work

# A mail waits at most this long before it is picked up. Each round is a few small queries.
SECONDS_BETWEEN = 5
# The process outlives a server that was killed by at most this long.
SECONDS_BETWEEN_LOOKS = 1


class Command(BaseCommand):
    help = _("Do the work that is due, such as sending emails.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--forever", action="store_true", help=_("keep running and check every few seconds")
        )
        parser.add_argument(
            "--beside", type=int, metavar="PID", help=_("stop when this process, its parent, does")
        )

        parser.add_argument(
            "--signs", type=int, metavar="FD", help=_("write to this pipe whenever work progresses")
        )

    def handle(self, *args, forever, beside, signs, **options):
        stopped = Event()

        def going():
            return not stopped.is_set() and (beside is None or os.getppid() == beside)

        if not forever:
            if failed := due_work.do_due(going):
                raise CommandError(f"Failed: {', '.join(failed)}. See the reason above.")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_given: stopped.set())
        if signs is not None:
            heartbeat.tell(signs)
        # One kind that ends its process each time must not keep the others from their turns.
        first = random.randrange(len(settings.DUE_WORK))  # noqa: S311  (nothing to guess)
        while going():
            one = due_work.do_round(going, first)
            # Connections expire, and are dead after a restart of the database.
            close_old_connections()
            if not one.unfinished:
                wait(stopped, going)
        # Output (mails, where there is no mail server) is written before the process ends.
        sys.stdout.flush()


def wait(stopped: Event, going: Callable[[], bool]) -> None:
    """Wait for the next round, or until ``stopped`` is set or ``going()`` is false."""
    for _look in range(SECONDS_BETWEEN // SECONDS_BETWEEN_LOOKS):
        if not going() or stopped.wait(SECONDS_BETWEEN_LOOKS):
            return
        heartbeat.beat()
