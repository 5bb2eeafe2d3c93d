"""Rows about readers who get new posts by mail, and about what has been sent to them.

What people do with them is in :mod:`blog.newsletter.subscribe`, the sending in
:mod:`blog.newsletter.send`.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.models.mail_preference import MailPreference, MailPreferenceQuerySet

A_WEEK = timedelta(days=7)


class SubscriptionQuerySet(MailPreferenceQuerySet):
    def receiving(self):
        """Those to which a mail can go: an account needs a proved address."""
        proved = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
        return self.active().filter(Q(user=None) | Exists(proved))

    def of(self, mailing):
        """Those that a mailing is for, in the order in which they are told.

        A weekly letter also goes to who had it weekly when something of that week was published.
        """
        Rhythm = self.model.Rhythm
        if mailing.post_id:
            wanted = Q(rhythm=Rhythm.AT_ONCE)
        else:
            wanted = Q(rhythm=Rhythm.WEEKLY) | Q(weekly_until__gt=mailing.week - A_WEEK)
        return self.active().filter(wanted).order_by("subscriber")


class Subscription(MailPreference):
    """Somebody wishes to get new posts by mail."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        WEEKLY = "weekly", _("Once a week, on Sunday evening")

    # The key of her mailbox (accounts.mail.mailboxes): columns that may be empty are never equal.
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
        verbose_name=_("address of a guest"),
    )
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm, default=Rhythm.AT_ONCE)
    # When she changed from weekly to at once: what had waited for Sunday until then still comes.
    weekly_until = models.DateTimeField(null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader by mail")
        verbose_name_plural = _("readers by mail")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(address=None), name="blog_subscription_of_one"
            ),
        ]

    def __str__(self):
        return f"subscription {self.pk}"


class MailingQuerySet(models.QuerySet):
    def due(self):
        """Those of which somebody is still to be told."""
        return self.filter(due_at__lte=timezone.now())


class Mailing(models.Model):
    """A post that goes out by mail, or without one the letter of a week.

    ``told`` is the last subscriber whose turn has been: they come in the order of
    ``Subscription.subscriber``. ``due_at`` is empty while nothing is to be done: everybody was told
    (``done_at``), or the post is not public at the moment.
    """

    post = models.OneToOneField("blog.Post", models.CASCADE, null=True, related_name="mailing")
    # When the letter of its week goes out.
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
