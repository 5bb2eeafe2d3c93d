"""The owner's settings for sign-up and second factors, and invitations.

Invitations are sent and redeemed in :mod:`accounts.auth.invitations`.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.single_row import SingleRow

INVITED_FOR = timedelta(days=14)


class SignupSettings(SingleRow):
    """The owner's settings for accounts: who may sign up, and who needs a second factor."""

    class SignUp(models.TextChoices):
        OPEN = "open", _("Open: anyone can create an account")
        INVITED = "invited", _("Invitation only: anyone with a link from you")
        CLOSED = "closed", _("Closed: only you can create accounts")

    class SecondFactor(models.TextChoices):
        WISHED = "wished", _("Optional for everyone")
        STAFF = "staff", _("Required for everyone on the team: authors, moderators and you")

    sign_up = models.CharField(
        _("who can create an account"), max_length=8, choices=SignUp, default=SignUp.OPEN
    )
    second_factor = models.CharField(
        _("two-factor authentication"),
        max_length=8,
        choices=SecondFactor,
        default=SecondFactor.WISHED,
        help_text=_(
            "A passkey or codes from an app. Team members without one must set it up "
            "before they can open the dashboard, so set up your own first."
        ),
    )

    class Meta:
        verbose_name = _("registration and sign-in")
        verbose_name_plural = _("registration and sign-in")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="accounts_signupsettings_one_row"
            ),
        ]

    def __str__(self):
        return self.get_sign_up_display()


class InvitationQuerySet(models.QuerySet):
    def working(self):
        """Return invitations that are neither used nor expired."""
        return self.filter(used_at=None, expires_at__gt=timezone.now())


def _two_weeks_on():
    return timezone.now() + INVITED_FOR


class Invitation(models.Model):
    """An invitation to create one account. Which account was created is not recorded."""

    email = models.EmailField(
        _("email address"),
        blank=True,
        help_text=_(
            "We’ll email the link there; the address is deleted with the invitation. "
            "Leave empty to be shown the link once, to copy yourself."
        ),
    )
    note = models.CharField(
        _("note"),
        max_length=100,
        blank=True,
        help_text=_("Just for you: who the invitation is for."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    made_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), default=_two_weeks_on, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return gettext("no. %d") % self.pk
