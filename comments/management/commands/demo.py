"""`manage.py demo`: load demo content, an invented blog with people and a conversation.

Into an empty database only, and never in production: its logins are public.
"""

import re
import secrets
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import AUTHORS, MODERATORS
from blog.images.models import Image
from blog.models import Blog, ContentNote, Post, Series, Tag
from comments.demo import conversation, posts
from comments.guests import session
from comments.models import Comment, ReactionKind, audit_log
from comments.models.hold_reasons import HoldReason
from comments.moderation import decisions
from comments.policy import Viewer
from comments.reactions import rules
from comments.tree.status import Status

User = get_user_model()
SOURCE = "demo"
# user name, printed role, groups
PEOPLE = [
    ("olga", _("owner"), []),
    ("alice", _("author"), [AUTHORS, MODERATORS]),
    ("mia", _("moderator"), [MODERATORS]),
    ("bob", _("reader"), []),
]
OWNER = "olga"
PICTURES = Path(posts.__file__).parent / "pictures"
# A moderator decides about these after they were written, so that the audit log has entries.
DECIDED = {"removed": decisions.Act.REMOVE, "spam": decisions.Act.SPAM}


class Command(BaseCommand):
    help = gettext("Loads demo content into an empty database and prints its logins.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help=gettext("do nothing if there is content already"),
        )
        parser.add_argument(
            "--no-pictures", action="store_true", help=gettext("leave out the pictures")
        )

    def handle(self, *, if_empty, no_pictures=False, **options):
        if not settings.DEBUG:
            raise CommandError(
                _(
                    "The demo logins are publicly known, so the demo can’t be loaded while "
                    "DEBUG is off."
                )
            )
        if not User.objects.exists() and not Post.objects.exists():
            load(pictures=not no_pictures)
        elif not if_empty:
            raise CommandError(
                _(
                    "This database already has content. The demo can only be loaded into "
                    "an empty one. Nothing was changed."
                )
            )
        for line in logins():
            self.stdout.write(line)


def logins():
    """Return a heading and a line for each person of the demo who can sign in; or nothing."""
    here = User.objects.filter(source=SOURCE, is_active=True).values_list("username", flat=True)
    found = [(name, role) for name, role, _groups in PEOPLE if name in set(here)]
    title = [str(_("Demo logins:"))] if found else []
    return title + [
        str(
            _("  %(name)-6s  password %(password)-11s  (%(role)s)")
            % {"name": name, "password": password_of(name), "role": role}
        )
        for name, role in found
    ]


def password_of(name):
    return f"demo-{name}"


@transaction.atomic
def load(pictures=True):
    """Store the demo content, with dates relative to now."""
    people = {name: _person(name, groups) for name, _role, groups in PEOPLE}
    blog = Blog.get()
    for field, value in posts.BLOG.items():
        setattr(blog, field, value)
    blog.save()
    for page in posts.PAGES:
        _page(people["alice"], *page)
    for post in posts.POSTS:
        _post(people["alice"], *post)
    _series(*posts.SERIES)
    if pictures:
        for title, (file, alt) in posts.PICTURES.items():
            _picture(people["alice"], title, file, alt)
    _converse(posts.CONVERSATION, conversation.LONG, people)
    for slug, comments in conversation.SHORT.items():
        _converse(slug, comments, people)


def _person(name, groups):
    user = User.objects.create_user(
        name,
        f"{name}@example.org",
        password_of(name),
        display_name=name.title(),
        bio=posts.BIOS.get(name, ""),
        is_public=name in posts.BIOS,
        is_staff=bool(groups) or name == OWNER,
        is_superuser=name == OWNER,
        source=SOURCE,
        source_id=name,
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def _page(author, title, slug, place, body):
    page = Post.objects.create(
        kind=Post.Kind.PAGE,
        title=title,
        slug=slug,
        author=author,
        body=_unwrapped(body),
        status=Post.Status.PUBLISHED,
        in_menu=True,
        menu_order=place,
    )
    _date(page, timezone.now() - timedelta(days=400))


def _post(author, title, days, status, mode, tags, excerpt, body):
    post = Post.objects.create(
        title=title,
        author=author,
        body=_unwrapped(body),
        excerpt=excerpt,
        status=status,
        comment_mode=mode,
        published_at=None if days is None else timezone.now() - timedelta(days=days),
    )
    for name in tags:
        tag, _made = Tag.objects.get_or_create(name=name, slug=slugify(name))
        post.tags.add(tag)
    if title in posts.NOTES:
        post.content_notes.add(_note(posts.NOTES[title]))
    if post.is_public:
        _date(post, post.published_at)


def _series(title, description, titles):
    series = Series.objects.create(title=title, slug=slugify(title), description=description)
    for place, each in enumerate(titles, start=1):
        Post.objects.filter(title=each).update(series=series, series_position=place)


def _picture(person, title, name, alt):
    with (PICTURES / name).open("rb") as file:
        image = Image.keep(File(file, name), person)
    Image.objects.filter(pk=image.pk).update(alt=alt)
    Post.objects.filter(title=title).update(lead_image=image, lead_alt=alt)


def _note(name):
    return name and ContentNote.objects.get_or_create(name=name)[0]


def _unwrapped(body):
    """Join the wrapped lines of the source file, except between elements."""
    return re.sub(r"(?<!>)\n", " ", body)


def _date(post, when):
    """Set all dates of a post to ``when``: saving it has set them to now."""
    Post.objects.filter(pk=post.pk).update(published_at=when, created_at=when, updated_at=when)


def _converse(slug, comments, people):
    post = Post.objects.get(slug=slug)
    written = {}
    for (key, answered, hours, writer, status), text in comments.items():
        comment = Comment(
            post=post,
            parent=written.get(answered),
            user=people.get(writer),
            name="" if writer in people else writer,
            body=text,
            content_note=_note(conversation.NOTES.get(key)),
            created_at=post.published_at + timedelta(hours=hours),
        )
        _store(comment, status)
        written[key] = comment
    for key, _answered, _hours, _writer, status in comments:
        if status in DECIDED:
            decisions.decide([written[key].pk], DECIDED[status], people["mia"])
    for key in conversation.SUPPORT.keys() & written.keys():
        _support(written[key], conversation.SUPPORT[key])


def _support(comment, counts):
    """Store reactions of guests to a comment: so many of each kind."""
    for kind, count in zip(ReactionKind.objects.offered(), counts, strict=False):
        for _guest in range(count):
            guest = session.Reader(Viewer(), secrets.token_urlsafe(32))
            rules.give(comment.pk, kind.pk, guest)


def _store(comment, status):
    if status == "pending":
        comment.status, comment.held_because = Status.PENDING, HoldReason.FIRST
    elif status == "withdrawn":
        comment.status = Status.WITHDRAWN
    else:
        comment.status, comment.approved_at = Status.APPROVED, comment.created_at
    comment.save()
    if comment.held_because:
        audit_log.add_action(
            comment,
            audit_log.Act.HOLD,
            is_new=True,
            verdict=comment.held_because,
            created_at=comment.created_at,
        )
