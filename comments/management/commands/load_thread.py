"""`manage.py load_thread FILE`: load a conversation from a JSON file, for a test or benchmark.

The file holds ``{"post": {...}, "comments": [{"id", "parent", "author", "email", "date",
"body"}, ...]}``, ids in order of time. Loading it twice adds its comments twice.
"""

import json
import os
import time
from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Post
from comments.imports.bulk_load import Incoming, load, render_many

NEEDED = {"id", "parent", "author", "date", "body"}


class Command(BaseCommand):
    help = _("Loads the comments in a JSON file into a post’s conversation.")

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--post", required=True, metavar="SLUG", help=_("slug of the post"))
        parser.add_argument(
            "--create",
            action="store_true",
            help=_("create the post from the file if there is none"),
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=os.cpu_count(),
            help=_("how many processes render texts"),
        )

    def handle(self, *args, **options):
        content = _read(options["file"])
        post = Post.objects.filter(slug=options["post"]).first()
        if post is None:
            post = self._make(options["post"], content, options["create"])
        started = time.perf_counter()
        htmls = render_many([row["body"] for row in content["comments"]], options["processes"])
        rendered = time.perf_counter()
        loaded = load(_incoming(post, content["comments"], htmls))
        finished = time.perf_counter()
        count = len(loaded.added)
        said = ngettext(
            "Loaded %(rows)d comment into %(post)s.",
            "Loaded %(rows)d comments into %(post)s.",
            count,
        )
        self.stdout.write(said % {"rows": count, "post": post.get_absolute_url()})
        self.stdout.write(
            _(
                "Seconds: %(rendering).1f rendering (processes: %(processes)d), %(indexing).1f "
                "updating the search index, %(loading).1f numbering and inserting."
            )
            % {
                "rendering": rendered - started,
                "processes": options["processes"],
                "indexing": loaded.indexing,
                "loading": finished - rendered - loaded.indexing,
            }
        )

    def _make(self, slug, content, create):
        if not create:
            raise CommandError(
                _("There is no post with the slug %s. Use --create to create it from the file.")
                % slug
            )
        people = get_user_model().objects.order_by("-is_superuser", "-is_staff", "pk")
        if not (author := people.first()):
            raise CommandError(_("A post needs an author. Run setup first to create an account."))
        story = content.get("post", {})
        return Post.objects.create(
            slug=slug,
            title=story.get("title") or slug,
            author=author,
            body=format_html_join("\n", "<p>{}</p>", ((p,) for p in story.get("paragraphs", []))),
            status=Post.Status.PUBLISHED,
            published_at=_moment(story["date"]) if "date" in story else timezone.now(),
        )


def _read(path):
    try:
        content = json.loads(path.read_bytes())
        if not all(row.keys() >= NEEDED for row in content["comments"]):
            raise KeyError
    except OSError as error:
        raise CommandError(_("%(file)s can’t be read: %(why)s.") % _why(path, error)) from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CommandError(_("%s is not in the format that load_thread expects.") % path) from None
    return content


def _why(path, error):
    return {"file": path, "why": error.strerror}


def _incoming(post, comments, htmls):
    return [
        Incoming(
            key=row["id"],
            parent=row["parent"],
            post=post.pk,
            name=row["author"],
            email=row.get("email", ""),
            body=row["body"],
            body_html=html,
            created_at=_moment(row["date"]),
        )
        for row, html in zip(comments, htmls, strict=True)
    ]


def _moment(text):
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise CommandError(_("%s is not a valid date and time.") % text) from None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
