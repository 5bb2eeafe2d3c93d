"""`manage.py rerender_comments`: render comments again after a change of the markup rules."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.maintenance import rerender


class Command(BaseCommand):
    help = _(
        "Renders comments again whose HTML was made by older rules. You can stop and repeat it."
    )

    def handle(self, **options):
        count = rerender.rerender()
        done = ngettext("%d comment was re-rendered.", "%d comments were re-rendered.", count)
        self.stdout.write(done % count)
