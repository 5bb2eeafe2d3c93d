"""Subscriptions to new posts by mail, and the mailings sent to them.

Subscribing is in :mod:`blog.newsletter.subscribe`, sending in :mod:`blog.newsletter.send`.
"""

from datetime import timedelta
from typing import Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.models.mail_preference import MailPreference, MailPreferenceQuerySet

A_WEEK = timedelta(days=7)


class SubscriptionQuerySet(MailPreferenceQuerySet):
    def receiving(self) -> Self:
        """Active subscriptions that can get mail: an account needs a verified address."""
        verified = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
        return self.active().filter(Q(user=None) | Exists(verified))

    def of(self, mailing: "Mailing") -> Self:
        """The recipients of a mailing, in the order of sending.

        A weekly digest also goes to subscribers who switched from weekly during its week.
        """
        Rhythm = self.model.Rhythm
        if mailing.post_id:
            wanted = Q(rhythm=Rhythm.AT_ONCE)
        else:
            wanted = Q(rhythm=Rhythm.WEEKLY) | Q(weekly_until__gt=mailing.week - A_WEEK)
        return self.active().filter(wanted).order_by("subscriber")


class Subscription(MailPreference):
    """The subscription of an account or a guest to new posts by mail."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("Right away")
        WEEKLY = "weekly", _("Weekly, on Sunday evening")

    # The key of the Recipient (accounts.mail.mailboxes), unique; NULLs of the two would not be.
    subscriber = models.CharField(max_length=24, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="subscriptions",
        verbose_name=_("account"),
    )
    address = models.ForeignKey(
        Address,
        models.CASCADE,
        null=True,
        related_name="subscriptions",
        verbose_name=_("guest email address"),
    )
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm, default=Rhythm.AT_ONCE)
    # When the reader switched from weekly to at once: earlier posts still come on Sunday.
    weekly_until = models.DateTimeField(null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter subscriber")
        verbose_name_plural = _("newsletter subscribers")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(address=None), name="blog_subscription_of_one"
            ),
        ]

    def __str__(self):
        return gettext("no. %d") % self.pk


class MailingQuerySet(models.QuerySet):
    def due(self) -> Self:
        """Mailings that still have recipients to send to."""
        return self.filter(due_at__lte=timezone.now())


class Mailing(models.Model):
    """The sending of one post by mail, or, without a post, of the digest of a week.

    ``told`` is the ``Subscription.subscriber`` that was reached last, in their order. ``due_at`` is
    empty while there is nothing to do: it is complete (``done_at``), or the post is not public at
    the moment.
    """

    post = models.OneToOneField("blog.Post", models.CASCADE, null=True, related_name="mailing")
    # When the digest of its week goes out.
    week = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, db_index=True)
    told = models.CharField(max_length=24, blank=True)
    count = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["week"], condition=Q(post=None), name="blog_mailing_one_letter_a_week"
            ),
        ]

    def __str__(self):
        return f"mailing {self.pk}"
