"""Publishing, unpublishing and archiving of posts, and the buttons and notices for it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import formats, timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from blog.models import Post
from blog.models.post_validation import NEEDS_DATE

HAS_PASSED = _(
    "This time has passed. Choose a later one, or choose “Publish now” so readers see the "
    "post right away."
)


def publish(post: Post) -> None:
    """Publish now. A past date is kept, so that a republished post keeps its place."""
    if post.published_at is None or post.published_at > timezone.now():
        post.published_at = timezone.now()
    post.status = post.Status.PUBLISHED
    post.save()


def take_back(post: Post) -> None:
    """Make the post a draft again, which readers cannot see."""
    post.status = post.Status.DRAFT
    post.save()


def archive(post: Post) -> None:
    """Archive the post: out of all lists, comments closed, still readable at its address."""
    post.status = post.Status.ARCHIVED
    post.save()


class PublishAction(TextChoices):
    """The actions of the buttons in the post form, besides saving."""

    PUBLISH = "publish", _("Publish now")
    SCHEDULE = "schedule", _("Schedule")
    TAKE_BACK = "take-back", _("Revert to draft")
    ARCHIVE = "archive", pgettext_lazy("verb", "Archive")
    RESTORE = "restore", _("Restore and save")


# "Revert to draft" by the status that it ends, where there is a better word.
TAKE_BACK_LABELS = {"scheduled": _("Unschedule"), "published": _("Unpublish")}


# The actions that make sense for each status.
OFFERED = {
    "draft": (PublishAction.PUBLISH, PublishAction.SCHEDULE),
    "scheduled": (PublishAction.PUBLISH, PublishAction.SCHEDULE, PublishAction.TAKE_BACK),
    "published": (PublishAction.TAKE_BACK, PublishAction.ARCHIVE),
    "archived": (PublishAction.PUBLISH, PublishAction.TAKE_BACK),
    "trash": (PublishAction.RESTORE,),
}


def offered_actions(post: Post | None) -> tuple[PublishAction, ...]:
    """Return the actions that the form offers for a post, or for a new one (None)."""
    return OFFERED[_stage(post)]


def offered_buttons(post: Post | None) -> list[tuple[str, str]]:
    """Return ``[(value, label)]`` of these actions: a published post is unpublished, say."""
    labels = {PublishAction.TAKE_BACK: TAKE_BACK_LABELS.get(_stage(post))}
    return [(act.value, labels.get(act) or act.label) for act in offered_actions(post)]


def _stage(post):
    """Return the key of a post, or of a new one (None), in ``OFFERED``."""
    if post is None:
        return "draft"
    if post.appears_by_date:  # scheduled or published: the date decides
        return "published" if post.is_listed else "scheduled"
    return str(post.status)


def state_after(act: str, date: datetime | None) -> tuple[str, datetime | None]:
    """Return ``(status, published_at)`` after an action on a form with this date.

    Raises ValidationError for ``published_at`` when scheduling without a date or in the past.
    """
    now = timezone.now()
    if act == PublishAction.TAKE_BACK:
        return "draft", date
    if act == PublishAction.ARCHIVE:
        return "archived", date
    if act == PublishAction.PUBLISH:
        return "published", now if date is None or date > now else date
    if date is None:
        raise ValidationError({"published_at": NEEDS_DATE})
    if date <= now:
        raise ValidationError({"published_at": HAS_PASSED})
    return "scheduled", date


def visibility_notice(post: Post) -> str:
    """Return a message on when readers can see a post whose date or status changed, or ""."""
    date = post.published_at and formats.date_format(
        timezone.localtime(post.published_at), "DATETIME_FORMAT"
    )
    if post.status == post.Status.SCHEDULED and post.is_listed:
        return gettext("Its scheduled date has passed, so readers can see it right away.")
    if post.is_to_come:
        return gettext("Readers will see it from %(date)s.") % {"date": date}
    if post.status == post.Status.PUBLISHED:
        return gettext("Readers can see it now.")
    return ""
