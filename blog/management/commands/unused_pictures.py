"""`manage.py unused_pictures`: list images that no text shows, or delete them with --delete.

Images that a revision or an unsaved draft shows may be wanted again, and are not listed.
"""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.publishing import image_usage

# Somebody may have uploaded an image for a text that they have not saved yet.
DAYS = 30


class Command(BaseCommand):
    help = _("List the images that no text shows. With --delete, delete them permanently.")

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help=_("delete them and their files"))
        parser.add_argument(
            "--days",
            type=int,
            default=DAYS,
            help=_("only those uploaded at least this many days ago (default: %(default)s)"),
        )

    def handle(self, *args, **options):
        before = timezone.now() - timedelta(days=options["days"])
        images, kept = image_usage.unused(before), 0
        for image in images:
            self.stdout.write(f"{image.file}  {image.created_at:%Y-%m-%d}  {image}")
            try:
                if options["delete"]:
                    image.delete()
            except (OSError, ProtectedError) as error:  # a text began to use it, or the storage
                self.stderr.write(f"{image.file}: {error}")
                kept += 1
        self.stdout.write(_sum(len(images) - kept, options["delete"]))


def _sum(count, deleted):
    if deleted:
        text = ngettext("%d unused image was deleted.", "%d unused images were deleted.", count)
    else:
        text = ngettext("%d image is unused.", "%d images are unused.", count)
        text += " " + _("Nothing was changed. Use --delete to delete them.") if count else ""
    return text % count
