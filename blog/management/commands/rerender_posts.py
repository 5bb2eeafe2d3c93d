"""`manage.py rerender_posts`: render posts again after a change of the rules for texts."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.publishing import rerender


class Command(BaseCommand):
    help = _("Renders posts again whose HTML was made by older rules. You can stop and repeat it.")

    def handle(self, **options):
        count = rerender.rerender()
        done = ngettext("%d post was re-rendered.", "%d posts were re-rendered.", count)
        self.stdout.write(done % count)
