"""Publishing a post, taking it back, putting it away; and what an author is told beforehand."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import addresses, markup


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


def what_readers_see(post):
    """Return a sentence on when readers see a post whose date or status has just changed."""
    date = post.published_at and formats.date_format(
        timezone.localtime(post.published_at), "j M Y, H:i"
    )
    if post.status == post.Status.SCHEDULED and post.is_public:
        return gettext("The date it was scheduled for has passed, so readers can see it at once.")
    if post.status in {post.Status.SCHEDULED, post.Status.PUBLISHED} and not post.is_public:
        return gettext("Readers will see it from %(date)s on.") % {"date": date}
    return ""


def prepare(post):
    """Complete what follows by itself: an address from the title, a date, a clean text.

    Raises ValueError when the text is too long.
    """
    addresses.prepare(post)
    post.body = markup.clean(post.body)
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
        errors["published_at"] = _("A scheduled post needs the date on which it appears.")
    if post.kind == post.Kind.PAGE and post.slug in addresses.RESERVED:
        errors["slug"] = _(
            "This address belongs to another part of the blog. Please choose another."
        )
    if post.parent_id and (reason := _wrong_parent(post)):
        errors["parent"] = reason
    if post.series_id and post.kind != post.Kind.POST:
        errors["series"] = _("Only a post can be part of a series.")
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
