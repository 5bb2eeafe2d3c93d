"""The person who signs in, addresses of people who do not, and the mails that go to both.

A person is known to readers by a display name only; the address is private and
is hers alone, whatever its letters' case.
"""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.archive import Archive, ArchivePart
from accounts.devices import SignIn
from accounts.entrance import Entrance, Invitation
from accounts.erasures import Erased, Erasure, StoppedAddress
from accounts.purging import PurgeRound
from accounts.spelling import compared

__all__ = [
    "Address",
    "AddressChange",
    "Archive",
    "ArchivePart",
    "Entrance",
    "Erased",
    "Erasure",
    "Invitation",
    "Link",
    "Mail",
    "NameChanges",
    "PurgeRound",
    "SignIn",
    "StoppedAddress",
    "User",
]


LONGEST_BIO = 500
is_web_address = URLValidator(
    schemes=["http", "https"], message=_("This is no whole address, such as https://example.org/.")
)


class NameChanges(models.Model):
    """One row that counts changed names and addresses that are gone.

    What they make stands on pages of which accounts know nothing.
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
    def add(cls):
        """Count one more, in the transaction that changes the name."""
        row, _made = cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=row.pk).update(count=models.F("count") + 1)


class UserManager(DjangoUserManager):
    def get(self, *args, **kwargs):
        """Return one person, and with her whether the desk asks for a second factor.

        A request reads its person by this; so the answer costs no query of its own.
        """
        asked = Entrance.objects.filter(second_factor=Entrance.SecondFactor.STAFF)
        return self.annotate(desk_asks=models.Exists(asked)).get(*args, **kwargs)

    def get_by_natural_key(self, username):
        """Return the person of that user name without regard to case; raises DoesNotExist."""
        return self.get(username__iexact=username)


class User(AbstractUser):
    """Someone with an account: reader, author, moderator or owner.

    ``source`` and ``source_id`` name the record of another system that an
    imported author came from; such an account has no address and no password,
    so that nobody can take it over by signing up or by asking for a new password.
    """

    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DAILY = "daily", _("Once a day, in the evening")
        WEEKLY = "weekly", _("Once a week, on Sunday evening")

    # -- what they say about themselves; others see it on /people/<name>/ ------------------

    display_name = models.CharField(
        _("display name"),
        max_length=80,
        blank=True,
        help_text=_("Shown beside what you write. Empty: your user name."),
    )
    bio = models.TextField(
        _("about you"),
        blank=True,
        validators=[MaxLengthValidator(LONGEST_BIO)],
        help_text=_("A few words, if you like."),
    )
    website = models.CharField(
        _("website"), max_length=200, blank=True, validators=[is_web_address]
    )
    is_public = models.BooleanField(
        _("a page about me that everybody can read"),
        default=False,
        help_text=_(
            "It shows your name, the two fields above and your comments that readers see anyway. "
            "Without it nobody finds them gathered in one place."
        ),
    )

    # -- what they wish --------------------------------------------------------------------

    rhythm = models.CharField(
        _("how often"),
        max_length=7,
        choices=Rhythm,
        default=Rhythm.AT_ONCE,
        help_text=_("Where you ask for mails about answers, this is chosen for you at first."),
    )
    discreet = models.BooleanField(
        _("discreet mails"),
        default=False,
        help_text=_("They name no blog, no person and no title; what was said is behind a link."),
    )
    # Keys of the topics that open by themselves, as blog.notes writes them; "" while she has not
    # chosen for all her devices.
    open_notes = models.TextField(blank=True, editable=False)

    # -- what is kept about the account ----------------------------------------------------

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
                violation_error_message=_("Another account uses this address."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_unique",
                violation_error_message=_("This user name is taken."),
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
        stored, names = getattr(self, "_stored_names", None), self._names(self)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if stored not in (None, names):
                NameChanges.add()
        self._stored_names = names

    save.alters_data = True

    @staticmethod
    def _names(user):
        """The fields that :attr:`name` and its link are made of, as far as they were read."""
        fields = ("display_name", "username", "is_public")
        return tuple(user.__dict__.get(field) for field in fields)

    @property
    def name(self):
        """What readers see: the display name, or the user name where there is none."""
        return self.display_name or self.username

    def get_public_url(self):
        """Return the path of her page; whether she has one is told by ``is_public``."""
        return reverse("accounts:person", args=[self.username])

    def get_session_auth_hash(self):
        """Return what a session has to know: it changes with the password and by end_sessions."""
        return self._also_ended(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        """Yield the same for the secret keys that were in use before."""
        yield from map(self._also_ended, super().get_session_auth_fallback_hash())

    def _also_ended(self, known):
        if not self.sessions_ended:
            return known
        return salted_hmac("accounts.sessions", f"{known} {self.sessions_ended}").hexdigest()

    def end_sessions(self):
        """Let no session of hers be good any more, wherever it is."""
        type(self).objects.filter(pk=self.pk).update(sessions_ended=models.F("sessions_ended") + 1)
        self.refresh_from_db(fields=["sessions_ended"])

    def has_proved_address(self):
        """Return whether an address of this person has been verified by its mailed link."""
        return self.emailaddress_set.filter(verified=True).exists()


class AddressChange(models.Model):
    """Another address that an account asks for, until it and the one before have agreed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="address_change"
    )
    email = models.EmailField(max_length=254)
    proved_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"change of address {self.pk}"


class AddressQuerySet(models.QuerySet):
    def needing_proof(self):
        """Those never proved, or whose owner has stopped all mails since."""
        return self.filter(models.Q(proved_at=None) | models.Q(stopped_at__isnull=False))

    def has_stopped(self, email):
        """Return whether the owner of an address, however it is spelt, wants no mails."""
        try:
            key = compared(email)
        except ValidationError:
            return False
        stopped = self.filter(key=key, stopped_at__isnull=False).exists()
        return stopped or StoppedAddress.of(key).exists()

    def delete(self):
        """Delete them, and count it: see :meth:`Address.delete`."""
        with transaction.atomic(using=self.db):
            NameChanges.add()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class Address(models.Model):
    """Where mail for somebody without an account goes; see ``accounts.addresses``."""

    email = models.EmailField(_("address"), max_length=254)
    # What is compared: "Ada@example.org" and "ada@example.org" are one.
    key = models.CharField(max_length=254, unique=True, editable=False)
    proved_at = models.DateTimeField(_("proved"), null=True, blank=True)
    discreet = models.BooleanField(_("discreet"), default=True)
    asked_at = models.DateTimeField(_("asked for proof"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped all mails"), null=True, blank=True)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a guest")
        verbose_name_plural = _("addresses of guests")

    def __str__(self):
        return f"address {self.pk}"

    def delete(self, *args, **kwargs):
        """Delete it, and count it: whoever wrote with it is drawn anew on pages."""
        with transaction.atomic():
            NameChanges.add()
            return super().delete(*args, **kwargs)

    delete.alters_data = True


class LinkQuerySet(models.QuerySet):
    def working(self):
        """Those that are neither used up nor expired."""
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class Link(models.Model):
    """A link in a mail: the hash of its token, and what pressing its button does."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=50)
    address = models.ForeignKey(Address, models.CASCADE, null=True, related_name="links")
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    def __str__(self):
        return f"link {self.pk}"


class MailQuerySet(models.QuerySet):
    def waiting(self):
        """Those that are still to be sent, now or later."""
        return self.filter(sent_at=None, dropped_at=None, given_up_at=None)

    def due(self):
        """Those that a worker may take now."""
        now = timezone.now()
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now)


class Mail(models.Model):
    """A mail of the outbox: who gets it, which one, and what became of it.

    It holds ids and never anybody's words, but for ``written``: a mail of allauth's, whose links
    exist only when it is written. They are secrets and leave with the mail.
    """

    name = models.CharField(_("mail"), max_length=100)
    to_address = models.CharField(_("to"), max_length=254)
    arguments = models.JSONField(_("about"), default=dict)
    written = models.JSONField(null=True, editable=False)
    once = models.CharField(max_length=200, null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("posted"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("not wanted any more"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at=None, dropped_at=None, given_up_at=None),
                name="accounts_mail_waiting",
            ),
        ]

    def __str__(self):
        return f"mail {self.pk}"
