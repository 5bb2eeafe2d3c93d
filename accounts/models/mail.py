"""Mails in the outbox, and action links in mails."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.address import Address
from accounts.models.single_row import SingleRow


class MailServerAbility(SingleRow):
    """What the mail server could do when the worker last connected; it is not asked in requests."""

    takes_all_letters = models.BooleanField(default=False)  # SMTPUTF8 (RFC 6531)

    def __str__(self):
        return "all letters" if self.takes_all_letters else "ASCII"

    @classmethod
    def note(cls, takes_all_letters: bool) -> None:
        """Store what the server said, if that is new."""
        if cls.get().takes_all_letters != takes_all_letters:
            cls.objects.update(takes_all_letters=takes_all_letters)


class EmailLinkQuerySet(models.QuerySet):
    def working(self):
        """Return links that are neither used nor expired."""
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class EmailLink(models.Model):
    """An action link in a mail: the hash of its token, its kind and arguments."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=50)
    address = models.ForeignKey(Address, models.CASCADE, null=True, related_name="links")
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    objects = EmailLinkQuerySet.as_manager()

    def __str__(self):
        return f"link {self.pk}"


class MailQuerySet(models.QuerySet):
    def waiting(self):
        """Return mails that are still to be sent, now or later."""
        return self.filter(sent_at=None, dropped_at=None, given_up_at=None)

    def due(self):
        """Return mails that a worker may claim now."""
        now = timezone.now()
        free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now)


class Mail(models.Model):
    """A mail in the outbox: its recipient, its kind and its delivery state.

    It holds ids and never anybody's text, except in ``written``: the content of a mail of
    allauth's, whose links exist only when it is rendered. It is secret, and deleted once sent.
    """

    class Stream(models.IntegerChoices):
        """Which mails wait for which: those to one person leave first, the others take turns."""

        ONE = 0, _("to one person")
        FOLLOWERS = 1, _("to followers of comments")
        READERS = 2, _("to readers of new posts")

    name = models.CharField(_("type of email"), max_length=100)
    stream = models.PositiveSmallIntegerField(choices=Stream, default=Stream.ONE, editable=False)
    to_address = models.CharField(_("to"), max_length=254)
    arguments = models.JSONField(_("details"), default=dict)
    written = models.JSONField(null=True, editable=False)
    once = models.CharField(max_length=200, null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("queued"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("no longer needed"), null=True)
    given_up_at = models.DateTimeField(_("failed"), null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("outgoing emails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["stream", "due_at", "id"],
                condition=models.Q(sent_at=None, dropped_at=None, given_up_at=None),
                name="accounts_mail_next",
            ),
        ]

    def __str__(self):
        return gettext("no. %d") % self.pk
