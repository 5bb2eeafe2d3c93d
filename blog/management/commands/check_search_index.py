"""`manage.py check_search_index`: compare the search index with its sources, or rebuild it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from blog import search

NAMED = 10  # keys listed per kind


class Command(BaseCommand):
    help = _("Compare the search index with the texts it was built from.")

    def add_arguments(self, parser):
        parser.add_argument("--rebuild", action="store_true", help=_("rebuild the index first"))

    def handle(self, *args, rebuild, **options):
        if rebuild:
            for kind, number in search.build().items():
                self.stdout.write(f"{kind}: {number}")
        wrong = search.check()
        for kind, keys in wrong.items():
            named = ", ".join(map(str, keys[:NAMED])) + (" …" if len(keys) > NAMED else "")
            self.stdout.write(f"{kind}: {len(keys)} ({named})")
        if wrong:
            raise CommandError(
                _("Search would miss or misplace these. Run with --rebuild to fix it.")
            )
        self.stdout.write(_("The search index is up to date: every text is found as it is."))
