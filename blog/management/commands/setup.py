"""`manage.py setup`: create the owner and name the blog, from prompts or options.

Everything is validated before anything is written, in one transaction.
"""

import getpass
import os
import sys
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import Blog
from blog.models.settings import check_language

User = get_user_model()
PASSWORD_VARIABLE = "HEARTH_OWNER_PASSWORD"  # noqa: S105
BLOG_QUESTIONS = {
    "title": _("Blog title"),
    "tagline": _("Tagline (optional)"),
    "language": _("Blog language (a code such as en, de or pt-BR)"),
    "time_zone": _("Time zone (for example Europe/Vienna)"),
}


class Command(BaseCommand):
    help = gettext(
        "Create the owner of this blog and name the blog. At a terminal it asks; otherwise, or "
        "with --no-input, it takes the options, and the password from --password-file or the "
        "environment variable %(name)s."
    ) % {"name": PASSWORD_VARIABLE}

    def add_arguments(self, parser):
        parser.add_argument("--username", help=gettext("The owner’s username."))
        parser.add_argument("--email", help=gettext("The owner’s email address."))
        parser.add_argument(
            "--password-file", help=gettext("A file whose first line is the password.")
        )
        parser.add_argument("--blog-title", dest="title", help=gettext("The name of the blog."))
        parser.add_argument("--tagline", help=gettext("A line under the name."))
        parser.add_argument(
            "--language", help=gettext("The blog’s language, such as en, de or pt-BR.")
        )
        parser.add_argument(
            "--time-zone", help=gettext("The blog’s time zone, such as Europe/Vienna.")
        )
        parser.add_argument("--no-input", action="store_true", help=gettext("Don’t ask anything."))
        parser.add_argument(
            "--another",
            action="store_true",
            help=gettext("Create another owner besides the existing ones."),
        )

    def handle(self, **options):
        try:
            self._refuse_second_owner(options["another"])
            with transaction.atomic():
                owner = self._set_up(options)
        except (KeyboardInterrupt, EOFError):
            raise CommandError(_("Cancelled. Nothing was changed.")) from None
        self._say_what_now(owner)

    def _refuse_second_owner(self, another):
        try:
            owners = User.objects.filter(is_superuser=True, is_active=True)
            names = sorted(owners.values_list("username", flat=True))
        except DatabaseError:
            raise CommandError(
                _("The database isn’t ready. Run `manage.py migrate` first.")
            ) from None
        if names and not another:
            raise CommandError(
                _(
                    "This blog already has an owner: %(names)s. Nothing was changed. To "
                    "create another, use --another; to rename the blog, use the admin."
                )
                % {"names": ", ".join(names)}
            )

    def _set_up(self, options):
        self.asking = not options["no_input"] and sys.stdin.isatty()
        username = self._answer(_("Username"), options["username"], check_username, "--username")
        email = self._answer(_("Email address"), options["email"], check_email, "--email")
        password = self._password(options["password_file"], User(username=username, email=email))
        self._name_blog(options)
        return make_owner(username, email, password)

    def _answer(self, question, given, check, option, current=None):
        """Return a valid value: the given one, or else the first valid answer at the prompt."""
        if given is not None or not self.asking:
            return _checked(check, current if given is None else given, option)
        while True:
            shown = f"{question} [{current}]: " if current else f"{question}: "
            try:
                return check(input(shown).strip() or current)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))

    def _password(self, path, owner):
        given = _given_password(path)
        if given is not None or not self.asking:
            return _checked(
                lambda value: check_password(value, owner),
                given,
                f"--password-file / {PASSWORD_VARIABLE}",
            )
        while True:
            first = getpass.getpass(str(_("Password: ")))
            try:
                check_password(first, owner)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if first == getpass.getpass(str(_("Repeat password: "))):
                return first
            self.stderr.write(str(_("The passwords didn’t match. Please try again.")))

    def _name_blog(self, options):
        named = [name for name in BLOG_QUESTIONS if options[name] is not None]
        # One more owner does not rename the blog.
        wanted = named if options["another"] else BLOG_QUESTIONS
        blog = Blog.get()
        for name in wanted:
            option = "--blog-title" if name == "title" else f"--{name.replace('_', '-')}"
            value = self._answer(
                BLOG_QUESTIONS[name],
                options[name],
                lambda value, name=name: check_blog_field(name, value),
                option,
                getattr(blog, name),
            )
            setattr(blog, name, value)
        blog.full_clean()
        blog.save()

    def _say_what_now(self, owner):
        self.stdout.write(str(_("%s now owns this blog.") % owner.username))
        where = settings.SITE_URL or "SITE_URL"
        self.stdout.write(
            str(
                _("Sign in at %(site)s/account/login/ and write at %(site)s/admin/")
                % {"site": where}
            )
        )


def make_owner(username, email, password):
    """Create and return a superuser whose address counts as verified.

    Whoever runs this command has the database in their hands: no mail could prove more.
    """
    owner = User.objects.create_superuser(username, email, password)
    EmailAddress.objects.create(user=owner, email=email, verified=True, primary=True)
    return owner


def check_username(value):
    """Return the normalized user name; raises ValidationError if it is invalid or taken."""
    field = User._meta.get_field("username")
    name = field.clean(User.normalize_username(value or ""), None)
    if User.objects.named(name).exists():
        raise ValidationError(_("This username is taken. Please choose another."))
    return name


def check_email(value):
    """Return the address in lower case; raises ValidationError if it is invalid or taken."""
    email = (value or "").lower()
    if not email:
        raise ValidationError(
            _("An email address is required, so that you can get back in without a password.")
        )
    User._meta.get_field("email").clean(email, None)
    taken = EmailAddress.objects.filter(email=email, verified=True).exists()
    if taken or User.objects.filter(email__iexact=email).exists():
        raise ValidationError(_("Another account already uses this email address."))
    return email


def check_password(value, owner):
    """Return the password; raises ValidationError if the password validators refuse it."""
    if not value:
        raise ValidationError(_("A password is required."))
    validate_password(value, owner)
    return value


def check_blog_field(name, value):
    """Return the cleaned value of a field of ``Blog``; raises ValidationError."""
    value = Blog._meta.get_field(name).clean(value, None)
    if name == "language":
        check_language(value)
    return value


def _given_password(path):
    if path is None:
        return os.environ.get(PASSWORD_VARIABLE)
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CommandError(_("The password file can’t be read: %s") % path) from None
    return lines[0] if lines else ""


def _checked(check, value, option):
    try:
        return check(value)
    except ValidationError as error:
        problem = " ".join(error.messages)
        raise CommandError(
            _("%(option)s: %(problem)s Nothing was changed.")
            % {"option": option, "problem": problem}
        ) from None
