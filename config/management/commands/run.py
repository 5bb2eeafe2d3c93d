"""The development server, prepared for a first look: one process, with demonstration content.

`make run` calls it. It migrates, loads the demonstration content into an empty database, prints
the URL and the logins, and serves. It refuses to run in production.
"""

from contextlib import suppress

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application
from django.utils.translation import gettext as _

from config import worker
from config.management.commands.serve import refuse_taken

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = _("Prepare the database, load the demo content if it is empty, and serve.")
    # Checks that need the tables run once they are there.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: %(default)s")

    def handle(self, *args, port, **options):
        if not settings.DEBUG:
            raise CommandError(
                "`run` is for trying Hearth out: it loads demo logins that are publicly known, so "
                "it needs DEBUG=on. For production, use `serve`."
            )
        refuse_taken(HOST, port, "make run PORT=8001")
        self.check()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("demo", if_empty=True, stdout=self.stdout)
        # Ctrl+C is the normal way to end it, not an error.
        with worker.due_work(), suppress(KeyboardInterrupt):
            run(HOST, port, get_wsgi_application(), threading=True, on_bind=self.announce)

    def announce(self, port: int) -> None:
        self.stdout.write(f"\nHearth is at http://{HOST}:{port}/ (press Ctrl+C to stop)")
        self.stdout.flush()
