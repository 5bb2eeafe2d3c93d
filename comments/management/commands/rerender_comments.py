"""manage.py rerender_comments: after an upgrade that changed the rules for text."""

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from comments.maintenance import rerender


class Command(BaseCommand):
    help = "Render comments whose HTML was made by older rules; can be stopped and repeated."

    def handle(self, **options):
        count = rerender.rerender()
        done = ngettext("%d comment was rendered anew.", "%d comments were rendered anew.", count)
        self.stdout.write(done % count)
