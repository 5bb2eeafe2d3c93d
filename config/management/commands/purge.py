"""Applies the retention rules, and prints how many rows of each kind were deleted.

`run_due` does the same once a day; see docs/privacy.md. Here the files of the database are scrubbed
besides, however large they are and whoever waits.
"""

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from accounts import retention
from accounts.scrubbing import schedule


class Command(BaseCommand):
    help = _("Delete data that has been kept as long as it is needed.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help=_("only count what would be deleted")
        )

    def handle(self, *args, dry_run, **options):
        total = 0
        for old in retention.rules():
            number = retention.count(old) if dry_run else retention.apply_rule(old)
            self.stdout.write(f"{number:>7}  {old.name}")
            total += number
        if not dry_run:
            schedule.scrub()
        end = "would be deleted; nothing was changed" if dry_run else "deleted"
        self.stdout.write(f"{total:>7}  {end}")
