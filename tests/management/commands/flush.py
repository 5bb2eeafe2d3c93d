"""Replaces Django's `flush`, which runs after each test that commits: ten times as fast."""

from django.core.management.commands import flush

from tests import database


class Command(flush.Command):
    def handle(self, **options):
        database.reset(options["database"])
