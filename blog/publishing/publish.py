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


# What each of these means for readers, from then on.
NOT_DUE = _("It becomes a draft again, and isn’t published on its date.")
WHAT_READERS_SEE = {
    PublishAction.TAKE_BACK: _(
        "Readers can’t open it from then on, and its comments are hidden with it."
    ),
    PublishAction.ARCHIVE: _(
        "Readers can still open it at its URL, but not find it in lists, feeds or search; its "
        "comments are closed."
    ),
}
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


def offered_buttons(post: Post | None, *, may_restore: bool = True) -> dict[str, list[tuple]]:
    """Return the buttons of these actions: ``publish``, and ``beside`` with what each does.

    Those that publish are ``(value, label)``, the others ``(value, label, help)``. A published
    post is unpublished, say.
    """
    stage = _stage(post)
    labels = {PublishAction.TAKE_BACK: TAKE_BACK_LABELS.get(stage)}
    buttons = {"publish": [], "beside": []}
    for act in offered_actions(post):
        if act == PublishAction.RESTORE and not may_restore:
            continue
        label = labels.get(act) or act.label
        if act in {PublishAction.TAKE_BACK, PublishAction.ARCHIVE}:
            help_text = NOT_DUE if stage == "scheduled" else WHAT_READERS_SEE[act]
            buttons["beside"].append((act.value, label, help_text))
        else:
            buttons["publish"].append((act.value, label))
    return buttons


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
    check_date(date)
    return "scheduled", date


def check_date(date: datetime | None) -> None:
    """Raise ValidationError for ``published_at`` unless this is a moment to come."""
    if date is None:
        raise ValidationError({"published_at": NEEDS_DATE})
    if date <= timezone.now():
        raise ValidationError({"published_at": HAS_PASSED})


def visibility_notice(post: Post) -> str:
    """Return a message on when readers can see a post whose date or status changed, or ""."""
    date = post.published_at and formats.date_format(
        timezone.localtime(post.published_at), "DATETIME_FORMAT"
    )
    if post.is_to_come:
        return gettext("Readers will see it from %(date)s.") % {"date": date}
    if post.status == post.Status.PUBLISHED:
        return gettext("Readers can see it now.")
    if post.status == post.Status.ARCHIVED:
        return gettext(
            "Readers can still open it at its URL; lists, feeds and search no longer have it, and "
            "its comments are closed."
        )
    return gettext("Readers can no longer open it.") if post.was_public else ""
