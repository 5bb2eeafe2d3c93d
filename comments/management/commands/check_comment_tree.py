"""`manage.py check_comment_tree`: check the tree of comments and its counts, or repair them."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Post
from comments.maintenance.integrity import Check, repair_tree


class Command(BaseCommand):
    help = _("Checks every comment’s place in its thread, and every count.")

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help=_("fix what is wrong"))
        parser.add_argument("--post", metavar="SLUG", help=_("check only this post’s conversation"))

    def handle(self, *args, **options):
        post = self._post(options["post"])
        check, wrong = self._look(post)
        if wrong and options["repair"]:
            for sentence in repair_tree(check):
                self.stdout.write(sentence)
            check, wrong = self._look(post)
        if wrong:
            found = ngettext(
                "Found %(wrong)d difference (comments checked: %(comments)d). "
                "Run with --repair to fix it.",
                "Found %(wrong)d differences (comments checked: %(comments)d). "
                "Run with --repair to fix them.",
                wrong,
            )
            raise CommandError(found % (vars(check) | {"wrong": wrong}))
        found = _(
            "No problems found. Comments: %(comments)d, threads: %(threads)d, posts: %(posts)d."
        )
        self.stdout.write(found % vars(check))

    def _post(self, slug):
        if slug is None:
            return None
        try:
            return Post.objects.values_list("pk", flat=True).get(slug=slug)
        except Post.DoesNotExist:
            raise CommandError(_("There is no post with the slug %s.") % slug) from None

    def _look(self, post):
        check, wrong = Check(post), 0
        for difference in check.differences():
            self.stdout.write(str(difference))
            wrong += 1
        return check, wrong
