"""The user model, changes of a user's address, and the counter of name changes.

Readers see only a user's display name; the address is private, and unique without regard to case.
"""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models, transaction
from django.db.models import lookups
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models.signup import SignupSettings
from accounts.models.version_numbers import new_version
from accounts.text import names
from accounts.text.folding import username_key

LONGEST_BIO = 500
LONGEST_KEY = 450  # of 150 characters, each of which may fold to three
is_web_address = URLValidator(
    schemes=["http", "https"],
    message=_("Please enter a full web address, such as https://example.org/."),
)


class NameChangeCounter(models.Model):
    """One row whose ``count`` is new after each change of a name or deletion of an address.

    Cached pages depend on it: they show names and avatars that this app knows nothing about.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_name_changes_one_row"),
        ]

    def __str__(self):
        return str(self.count)

    @classmethod
    def add(cls) -> None:
        """Give it a new version number, in the transaction that changes the name."""
        row, _made = cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=row.pk).update(count=new_version())


class UserManager(DjangoUserManager):
    def get(self, *args, **kwargs):
        """Return one user, annotated with whether the admin requires a second factor.

        Requests load their user by this, so the answer costs no extra query.
        """
        asked = SignupSettings.objects.filter(second_factor=SignupSettings.SecondFactor.STAFF)
        return self.annotate(desk_asks=models.Exists(asked)).get(*args, **kwargs)

    def get_by_natural_key(self, username):
        """Return the user with that name without regard to case; raises DoesNotExist."""
        return self.get(pk=self.named(username).values("pk")[:1])

    def named(self, username: str) -> models.QuerySet:
        """Return the users with that name without regard to case.

        There is one at most, but for accounts from before keys were unique: then the first is the
        one who spells it so.
        """
        spelled_so = models.Q(username=username)
        same = self.filter(spelled_so | models.Q(username_key=username_key(username)))
        return same.order_by(models.Case(models.When(spelled_so, then=0), default=1), "pk")


def interface_languages() -> list[tuple[str, str]]:
    """Return the languages that an account can choose, each by its own name."""
    return settings.LANGUAGES


class User(AbstractUser):
    """Someone with an account: reader, author, moderator or owner.

    ``source`` and ``source_id`` identify the record of another system that an imported author
    came from; such an account has no address and no password, so that nobody can take it over by
    signing up or by resetting the password.
    """

    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("Right away")
        DAILY = "daily", _("Daily, in the evening")
        WEEKLY = "weekly", _("Weekly, on Sunday evening")

    # The user name as it is compared: no two accounts have the same. Not by an index of the
    # database's own lower case, which on SQLite knows ASCII alone.
    username_key = models.CharField(max_length=LONGEST_KEY, editable=False)

    # -- the profile, shown on /people/<name>/ if it is public -----------------------------

    display_name = models.CharField(
        _("display name"),
        max_length=80,
        blank=True,
        help_text=_("Appears next to what you write. Leave empty to use the username."),
    )
    bio = models.TextField(
        _("bio"),
        blank=True,
        validators=[MaxLengthValidator(LONGEST_BIO)],
        help_text=_("A few words, if you like."),
    )
    website = models.CharField(
        _("website"), max_length=200, blank=True, validators=[is_web_address]
    )
    is_public = models.BooleanField(
        _("public profile page"),
        default=False,
        help_text=_(
            "Shows your name, the two fields above and the comments of yours that readers "
            "can already see. Without it, no one finds them gathered in one place."
        ),
    )

    # -- preferences -----------------------------------------------------------------------

    rhythm = models.CharField(
        _("default frequency"),
        max_length=7,
        choices=Rhythm,
        default=Rhythm.AT_ONCE,
        help_text=_("Preselected when you ask for emails about replies."),
    )
    discreet = models.BooleanField(
        _("discreet emails"),
        default=False,
        help_text=_("They don’t mention the blog, any names or any text, only a link."),
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        choices=interface_languages,
        help_text=_("Of the dashboard, and of emails to you. Leave empty to use the blog’s."),
    )
    # Keys of the topics that open by themselves, as blog.models.content_notes writes them; ""
    # until the user has chosen for all their devices.
    open_notes = models.TextField(blank=True, editable=False)

    # -- about the account -----------------------------------------------------------------

    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    source = models.CharField(max_length=200, blank=True, editable=False)
    source_id = models.CharField(max_length=200, blank=True, editable=False)

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="accounts_user_email_unique",
                violation_error_message=_("Another account already uses this email address."),
            ),
            models.UniqueConstraint(
                fields=["username_key"],
                name="accounts_user_username_unique",
                violation_error_message=_("This username is taken. Please choose another."),
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~models.Q(source=""),
                name="accounts_user_source_unique",
            ),
        ]

    @classmethod
    def from_db(cls, db, field_names, values):
        user = super().from_db(db, field_names, values)
        user._stored_names = cls._names(user)
        return user

    def save(self, *args, **kwargs):
        self._fold()
        if "username" in (kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "username_key"}
        stored, own = getattr(self, "_stored_names", None), self._names(self)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if stored not in (None, own):
                NameChangeCounter.add()
        self._stored_names = own

    save.alters_data = True

    def validate_constraints(self, exclude=None):
        """Check what has to be unique; the key is in no form, but follows the name, which is."""
        self._fold()
        exclude = set(exclude or ())
        super().validate_constraints(
            exclude if "username" in exclude else exclude - {"username_key"}
        )

    def _fold(self):
        """Set what follows from the fields: the key of the user name, and the address in small.

        Who kept a name that two accounts had keeps its key, too, until they change the name.
        """
        stored = getattr(self, "_stored_names", None)
        if "username" in self.__dict__ and (stored is None or stored[1] != self.username):
            self.username_key = username_key(self.username or "")
        if "email" in self.__dict__:
            self.email = (self.email or "").lower()

    @staticmethod
    def _names(user):
        """Return what pages show of the person beside their words, as far as it is loaded."""
        fields = ("display_name", "username", "is_public", "bio")
        return tuple(user.__dict__.get(field) for field in fields)

    @property
    def name(self) -> str:
        """The name that readers see: the display name, or else the user name."""
        return names.shown(self.display_name or self.username)

    def get_public_url(self) -> str:
        """Return the path of the public profile, which exists only if ``is_public``."""
        return reverse("accounts:person", args=[self.username])

    def get_session_auth_hash(self) -> str:
        """Return the hash that sessions must match; the password and end_sessions() change it."""
        return self._also_ended(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        """Yield the same hash for each of SECRET_KEY_FALLBACKS."""
        yield from map(self._also_ended, super().get_session_auth_fallback_hash())

    def _also_ended(self, known):
        if not self.sessions_ended:
            return known
        return salted_hmac("accounts.sessions", f"{known} {self.sessions_ended}").hexdigest()

    def end_sessions(self) -> None:
        """Invalidate every session of this user."""
        type(self).objects.filter(pk=self.pk).update(sessions_ended=models.F("sessions_ended") + 1)
        self.refresh_from_db(fields=["sessions_ended"])

    def has_verified_address(self) -> bool:
        """Return whether the user has verified an address by its mailed link."""
        return self.emailaddress_set.filter(verified=True).exists()


class SameUsername(lookups.IExact):
    """``username__iexact``, as Django's and django-allauth's forms ask, by the key of the name."""

    def as_sql(self, compiler, connection):
        key = self.lhs.target.model._meta.get_field("username_key").get_col(self.lhs.alias)
        return compiler.compile(lookups.Exact(key, username_key(str(self.rhs))))

    as_sqlite = as_postgresql = as_sql


User._meta.get_field("username").register_lookup(SameUsername)


class EmailChange(models.Model):
    """A pending change of an account's address, until the new and the old one have confirmed it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="address_change"
    )
    email = models.EmailField(max_length=254)
    verified_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"change of address {self.pk}"
