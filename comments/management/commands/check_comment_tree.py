"""`manage.py check_comment_tree`: check the tree of comments and its counts, or repair them."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from blog.models import Post
from comments.maintenance.integrity import Check, repair_tree


class Command(BaseCommand):
    help = "Compares every comment's place and every count with what follows from the parent links."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="mend what is wrong")
        parser.add_argument("--post", metavar="SLUG", help="only this post's conversation")

    def handle(self, *args, **options):
        post = self._post(options["post"])
        check, wrong = self._look(post)
        if wrong and options["repair"]:
            for sentence in repair_tree(check):
                self.stdout.write(sentence)
            check, wrong = self._look(post)
        if wrong:
            sentence = _(
                "Found %(wrong)d differences in %(comments)d comments; run with "
                "--repair to fix them."
            )
            raise CommandError(sentence % (vars(check) | {"wrong": wrong}))
        self.stdout.write(
            _("No problems found: %(comments)d comments in %(threads)d threads on %(posts)d posts.")
            % vars(check)
        )

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
