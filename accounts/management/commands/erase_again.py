"""Erases data that a restored backup brought back, and prints the list that this needs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import ErasedKey
from accounts.privacy import departure
from accounts.scrubbing import schedule

LENGTH = 64  # of a SHA-256 in hexadecimal digits


class Command(BaseCommand):
    help = _(
        "After restoring a backup: erase again what was erased since it was made. "
        "With --list, print the keyed hashes needed for that, one per line."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            help=_(
                "the newest list printed by --list; without one, the list in the backup is used"
            ),
        )
        parser.add_argument(
            "--list", action="store_true", help=_("print the list and change nothing")
        )

    def handle(self, *args, file=None, **options):
        if options["list"]:
            for digest in ErasedKey.objects.order_by("pk").values_list("digest", flat=True):
                self.stdout.write(digest)
            return
        if file:
            self._load(file)
        found = departure.erase_again()
        schedule.scrub()
        self.stdout.write(_("Erased again: %d.") % found)

    def _load(self, file):
        try:
            lines = Path(file).read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError) as error:
            reason = {"file": file, "why": error}
            raise CommandError(_("%(file)s can’t be read: %(why)s.") % reason) from error
        if wrong := [line for line in lines if not _is_digest(line)]:
            raise CommandError(
                _(
                    "%(file)s isn’t a list printed by --list. "
                    "Lines that aren’t keyed hashes: %(count)d."
                )
                % {"file": file, "count": len(wrong)}
            )
        rows = [ErasedKey(digest=line) for line in lines]
        ErasedKey.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _is_digest(line):
    return len(line) == LENGTH and set(line) <= set("0123456789abcdef")
