"""`manage.py import_wordpress FILE`: import a WordPress blog with its comments.

The file is read twice: once to its end, before anything is written; then record by record.
Everything is stored in one transaction. See docs/import.md.
"""

import json

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.refusal import Refused
from blog.import_loader.people import People
from blog.import_loader.pictures import Pictures
from blog.import_loader.posts import PostLoader
from blog.import_loader.report import Report
from blog.import_loader.spool import Spool
from blog.importers.records import ExportError, Item
from blog.importers.survey import survey
from blog.importers.wxr import read_export
from blog.models import ChangeCounter
from comments.imports.wordpress import ConversationLoader


class Command(BaseCommand):
    help = _(
        "Imports posts, pages, tags, authors and comments of a WordPress export. A second run "
        "adds what is new and changes nothing else."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help=_("the export (.xml, also .xml.gz)"))
        parser.add_argument(
            "--dry-run", action="store_true", help=_("print the report and write nothing")
        )
        parser.add_argument(
            "--media", metavar="DIR", help=_("a copy of wp-content/uploads, for the pictures")
        )
        parser.add_argument(
            "--author",
            action="append",
            default=[],
            metavar="LOGIN=USERNAME",
            help=_("the username here of an author of the old blog; can be given several times"),
        )
        parser.add_argument(
            "--keep-emails", action="store_true", help=_("keep the addresses of commenters")
        )
        parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))

    def handle(self, *args, **options):
        if options["dry_run"]:
            self.stderr.write(_("This is a dry run: nothing will be written."))
        try:
            report = move(
                options["file"],
                dry_run=options["dry_run"],
                media=options["media"],
                mapping=_mapping(options["author"]),
                keep_emails=options["keep_emails"],
            )
        except (ExportError, Refused) as error:
            raise CommandError(f"{error} {_('Nothing was changed.')}") from None
        except IntegrityError:
            raise CommandError(
                _(
                    "Another process wrote to the database at the same time. Nothing was "
                    "changed; please try again."
                )
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_data(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(report.lines()))
        if options["dry_run"]:
            self.stderr.write(_("This was a dry run: nothing was written."))


def move(path, *, dry_run=False, media=None, mapping=None, keep_emails=False):
    """Import an export and return its ``Report``; ``mapping`` is ``{login: user name}``.

    Raises ExportError or Refused; nothing is changed then.
    """
    report = Report()
    found = survey(path)
    report.take(found)
    people = People(found, report, mapping)
    pictures = Pictures(media, found, report, dry_run)
    try:
        with Spool() as spool:
            posts = PostLoader(found, people, pictures, report, spool)
            talk = ConversationLoader(found, people, report, spool, keep_emails)
            for item in read_export(path):
                if isinstance(item, Item):
                    (talk.prepare if posts.prepare(item) else talk.leave)(item)
            talk.finish()
            with transaction.atomic():
                with ChangeCounter.counted_once():
                    talk.load(posts.load())
                    posts.finish()
                transaction.set_rollback(dry_run)
    except BaseException:
        pictures.discard()
        raise
    return report


def _mapping(pairs):
    mapping = {}
    for pair in pairs:
        login, sign, username = pair.rpartition("=")
        if not (login and sign and username):
            raise Refused(_("--author must be given as LOGIN=USERNAME, such as ann=anna."))
        mapping[login] = username
    return mapping
