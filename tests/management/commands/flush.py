"""What Django calls after each test that no transaction undoes: ours takes a tenth of the time."""

from django.core.management.commands import flush

from tests import database


class Command(flush.Command):
    def handle(self, **options):
        database.reset(options["database"])
