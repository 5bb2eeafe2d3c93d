"""Publishing a post, taking it back, putting it away; and what an author is told beforehand."""

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models.post_validation import NEEDS_DATE

HAS_PASSED = _(
    "This moment has passed. Choose a later one, or press “Publish now”: readers then see the post "
    "at once."
)


def publish(post):
    """Publish now. A date that has passed stays: a post that was taken back keeps its place."""
    if post.published_at is None or post.published_at > timezone.now():
        post.published_at = timezone.now()
    post.status = post.Status.PUBLISHED
    post.save()


def take_back(post):
    """Make it a draft again; nobody but those who write here can read it."""
    post.status = post.Status.DRAFT
    post.save()


def archive(post):
    """Take it out of all lists and close its conversation; its address goes on answering."""
    post.status = post.Status.ARCHIVED
    post.save()


class PublishAction(TextChoices):
    """What the buttons of a post's form do beside saving it."""

    PUBLISH = "publish", _("Publish now")
    SCHEDULE = "schedule", _("Schedule")
    TAKE_BACK = "take-back", _("Take back to draft")
    ARCHIVE = "archive", _("Archive")


# Which of them make sense where a post stands now.
OFFERED = {
    "draft": (PublishAction.PUBLISH, PublishAction.SCHEDULE),
    "scheduled": (PublishAction.PUBLISH, PublishAction.SCHEDULE, PublishAction.TAKE_BACK),
    "published": (PublishAction.TAKE_BACK, PublishAction.ARCHIVE),
    "archived": (PublishAction.PUBLISH, PublishAction.TAKE_BACK),
}


def offered_actions(post):
    """Return the acts that its form offers for this post; None stands for one not yet stored."""
    if post is None:
        return OFFERED["draft"]
    if post.appears_by_date:  # which of the two, the clock says
        return OFFERED["published" if post.is_listed else "scheduled"]
    return OFFERED[post.status]


def state_after(act, date):
    """Return ``(status, published_at)`` that an act gives to a post whose date in the form is this.

    Raises ValidationError with a sentence, as ``{"published_at": ...}``, where one schedules
    without a date or for a time that has passed.
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


def visibility_notice(post):
    """Return a sentence on when readers see a post whose date or status has just changed."""
    date = post.published_at and formats.date_format(
        timezone.localtime(post.published_at), "j M Y, H:i"
    )
    if post.status == post.Status.SCHEDULED and post.is_listed:
        return gettext("The date it was scheduled for has passed, so readers can see it at once.")
    if post.is_to_come:
        return gettext("Readers will see it from %(date)s on.") % {"date": date}
    if post.status == post.Status.PUBLISHED:
        return gettext("Readers can see it now.")
    return ""
