"""Preparation and validation of a post before it is stored."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import names
from accounts.text.plurals import grouped
from blog import markup, permalinks
from blog.images import responsive

NEEDS_DATE = _("A scheduled post needs a publish date.")


def prepare(post) -> None:
    """Complete derived fields: slug, sanitized body, place in the series, date of publication.

    Raises ValueError if the text is too long.
    """
    if "slug" not in post.get_deferred_fields():
        permalinks.settle_slug(post, getattr(post, "_stored", {}).get("slug"))
    post.body = responsive.stored_html(post.body)
    post.render()
    post.describe_lead_image()
    if not post.series_id:
        post.series_position = None
    elif post.series_position is None:
        post.series_position = post.series.next_position()
    if post.status in {post.Status.PUBLISHED, post.Status.ARCHIVED} and not post.published_at:
        post.published_at = timezone.now()


def check(post) -> None:
    """Prepare and validate the post; raises ValidationError with a message per invalid field."""
    errors = {}
    try:
        prepare(post)
    except ValueError:
        most = {"count": grouped(len(post.body)), "most": grouped(markup.MAX_LENGTH)}
        errors["body"] = ValidationError(
            _(
                "This text has %(count)s characters; the limit is %(most)s. Please split it "
                "into several posts."
            ),
            params=most,
        )
    if fault := names.fault(post.title):
        errors["title"] = fault
    if post.status == post.Status.SCHEDULED and not post.published_at:
        errors["published_at"] = NEEDS_DATE
    if post.kind == post.Kind.PAGE and post.slug in permalinks.RESERVED:
        errors["slug"] = _(
            "This slug is reserved for another part of the blog. Please choose another."
        )
    if post.parent_id and (reason := _wrong_parent(post)):
        errors["parent"] = reason
    if post.series_id and post.kind != post.Kind.POST:
        errors["series"] = _("Only posts can be part of a series.")
    if post.by_mail and post.kind != post.Kind.POST:
        errors["by_mail"] = _("Only posts can be sent by email.")
    if errors:
        raise ValidationError(errors)


def _wrong_parent(post):
    if post.kind != post.Kind.PAGE:
        return _("Only pages can have a parent page.")
    above, seen = post.parent, set()
    while above is not None and above.pk not in seen:
        if above.pk == post.pk:
            return _("A page can’t be placed under itself or one of its own subpages.")
        seen.add(above.pk)
        above = above.parent
    return None
