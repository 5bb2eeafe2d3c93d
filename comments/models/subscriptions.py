"""Subscriptions to comments, the jobs that notify subscribers, and the entries of their digests.

:mod:`comments.subscriptions` and :mod:`comments.publication` use them.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.models.mail_preference import MailPreference, MailPreferenceQuerySet
from blog.models import Post


class SubscriptionQuerySet(MailPreferenceQuerySet):
    def about(self, *comments: models.Model) -> Self:
        """Return the subscriptions that :meth:`Subscription.covers` one of these comments."""
        everything = Q(post=None, comment=None)
        posts = {comment.post_id for comment in comments}
        answered = {_answered(comment) for comment in comments} - {None}
        return self.filter(everything | Q(post__in=posts) | Q(comment__in=answered))


def _answered(comment):
    return comment.reply_to_id or comment.parent_id


class Subscription(MailPreference):
    """A subscription to replies to one comment, on one post, or anywhere."""

    class Rhythm(models.TextChoices):
        AT_ONCE = "at-once", _("Right away")
        DAILY = "daily", _("Daily, in the evening")
        WEEKLY = "weekly", _("Weekly, on Sunday evening")

    # Subscriber and target as one string ("u5 p7"), for uniqueness: NULLs are never equal.
    key = models.CharField(max_length=80, unique=True, editable=False)
    follower = models.CharField(max_length=24, db_index=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="followings",
        verbose_name=_("account"),
    )
    address = models.ForeignKey(
        Address,
        models.CASCADE,
        null=True,
        related_name="followings",
        verbose_name=_("guest email address"),
    )
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, related_name="+", verbose_name=_("post")
    )
    comment = models.ForeignKey(
        "comments.Comment",
        models.CASCADE,
        null=True,
        related_name="followings",
        verbose_name=_("comment"),
    )
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm, default=Rhythm.AT_ONCE)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(address=None), name="comment_following_of_one"
            ),
            models.CheckConstraint(
                condition=Q(post=None) | Q(comment=None), name="comment_following_of_one_thing"
            ),
        ]

    def __str__(self):
        return f"subscription {self.pk}"

    def covers(self, comment: models.Model) -> bool:
        """Return whether it is to the comment that this one answers, its post, or all comments."""
        if self.comment_id:
            return self.comment_id == _answered(comment)
        return self.post_id in {None, comment.post_id}


class NotificationJobQuerySet(models.QuerySet):
    def due(self) -> Self:
        """Return the jobs that are due."""
        return self.filter(due_at__lte=timezone.now())


class NotificationJob(models.Model):
    """A comment whose subscribers are still to be notified; deleted when all have been.

    ``due_at`` is None while the comment is not visible. ``told`` is the last subscriber handled, in
    the order of ``Subscription.follower``.
    """

    comment = models.OneToOneField("comments.Comment", models.CASCADE, primary_key=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    told = models.CharField(max_length=24, blank=True)

    objects = NotificationJobQuerySet.as_manager()

    def __str__(self):
        return f"announcement of #{self.comment_id}"


class DigestEntryQuerySet(models.QuerySet):
    def due(self) -> Self:
        """Return the entries whose digest is due."""
        return self.filter(posted_at=None, due_at__lte=timezone.now())


class DigestEntry(models.Model):
    """A comment in one subscriber's digest, which is sent from ``due_at`` on."""

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="+")
    follower = models.CharField(max_length=24)
    due_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)

    objects = DigestEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "comment"], name="comment_notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(posted_at=None), name="comment_notice_waiting"
            ),
        ]

    def __str__(self):
        return f"notice {self.pk}"
