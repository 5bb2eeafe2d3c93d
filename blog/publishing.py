"""Publishing a post, taking it back, putting it away; and what an author is told beforehand."""

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import addresses, dressing, markup

NEEDS_DATE = _("A scheduled post needs the date on which it appears.")
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


class Act(TextChoices):
    """What the buttons of a post's form do beside saving it."""

    PUBLISH = "publish", _("Publish now")
    SCHEDULE = "schedule", _("Schedule")
    TAKE_BACK = "take-back", _("Take back to draft")
    ARCHIVE = "archive", _("Archive")


# Which of them make sense where a post stands now.
OFFERED = {
    "draft": (Act.PUBLISH, Act.SCHEDULE),
    "scheduled": (Act.PUBLISH, Act.SCHEDULE, Act.TAKE_BACK),
    "published": (Act.TAKE_BACK, Act.ARCHIVE),
    "archived": (Act.PUBLISH, Act.TAKE_BACK),
}


def offered(post):
    """Return the acts that its form offers for this post; None stands for one not yet stored."""
    if post is None:
        return OFFERED["draft"]
    if post.appears_by_date:  # which of the two, the clock says
        return OFFERED["published" if post.is_listed else "scheduled"]
    return OFFERED[post.status]


def after(act, date):
    """Return ``(status, published_at)`` that an act gives to a post whose date in the form is this.

    Raises ValidationError with a sentence, as ``{"published_at": ...}``, where one schedules
    without a date or for a time that has passed.
    """
    now = timezone.now()
    if act == Act.TAKE_BACK:
        return "draft", date
    if act == Act.ARCHIVE:
        return "archived", date
    if act == Act.PUBLISH:
        return "published", now if date is None or date > now else date
    if date is None:
        raise ValidationError({"published_at": NEEDS_DATE})
    if date <= now:
        raise ValidationError({"published_at": HAS_PASSED})
    return "scheduled", date


def what_readers_see(post):
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


def prepare(post):
    """Complete what follows by itself: an address from the title, a date, a clean text.

    Raises ValueError when the text is too long.
    """
    addresses.prepare(post)
    post.body = dressing.as_stored(post.body)
    post.describe_lead_image()
    if not post.series_id:
        post.series_position = None
    elif post.series_position is None:
        post.series_position = post.series.next_position()
    if post.status in {post.Status.PUBLISHED, post.Status.ARCHIVED} and not post.published_at:
        post.published_at = timezone.now()


def check(post):
    """Complete the post; raises ValidationError with a sentence for each field that is wrong."""
    errors = {}
    try:
        prepare(post)
    except ValueError:
        most = {"count": len(post.body), "most": markup.MAX_LENGTH}
        errors["body"] = ValidationError(
            _("This text has %(count)d characters; a post can hold %(most)d. Two posts could."),
            params=most,
        )
    if post.status == post.Status.SCHEDULED and not post.published_at:
        errors["published_at"] = NEEDS_DATE
    if post.kind == post.Kind.PAGE and post.slug in addresses.RESERVED:
        errors["slug"] = _(
            "This address belongs to another part of the blog. Please choose another."
        )
    if post.parent_id and (reason := _wrong_parent(post)):
        errors["parent"] = reason
    if post.series_id and post.kind != post.Kind.POST:
        errors["series"] = _("Only a post can be part of a series.")
    if post.by_mail and post.kind != post.Kind.POST:
        errors["by_mail"] = _("Only a post can be sent by mail.")
    if errors:
        raise ValidationError(errors)


def _wrong_parent(post):
    if post.kind != post.Kind.PAGE:
        return _("Only a page can stand below another page.")
    above, seen = post.parent, set()
    while above is not None and above.pk not in seen:
        if above.pk == post.pk:
            return _("A page cannot stand below itself or below one of its own pages.")
        seen.add(above.pk)
        above = above.parent
    return None
