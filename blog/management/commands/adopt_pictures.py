"""`manage.py adopt_pictures`: bring imported images into the library, in responsive sizes."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.publishing import image_adoption


class Command(BaseCommand):
    help = _("Bring an imported blog’s images into the library. Can be run again.")

    def handle(self, *args, **options):
        changed = image_adoption.adopt_all(self._tell)
        text = ngettext(
            "%d text now has its images in the library.",
            "%d texts now have their images in the library.",
            changed,
        )
        self.stdout.write(text % changed)

    def _tell(self, name, image, reason):
        if image is None:
            self.stderr.write(f"{name}: {reason}")
        else:
            self.stdout.write(f"{name} → {image.file}")
