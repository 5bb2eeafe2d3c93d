"""What somebody says about herself, and what she wishes: fields of an account, and a row beside it.

Other people see of it what stands on /people/<name>/, if she has switched that page on.
"""

from django.conf import settings
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_BIO = 500
is_web_address = URLValidator(
    schemes=["http", "https"], message=_("This is no whole address, such as https://example.org/.")
)


class Profile(models.Model):
    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DAILY = "daily", _("Once a day, in the evening")
        WEEKLY = "weekly", _("Once a week, on Sunday evening")

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

    class Meta:
        abstract = True

    def get_public_url(self):
        """Return the path of her page; whether she has one is told by ``is_public``."""
        return reverse("accounts:person", args=[self.username])


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
