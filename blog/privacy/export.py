"""Data export of an author: what the blog's tables hold about them.

Each function takes a :class:`~accounts.privacy.registry.DataSubject` and yields records; the
inventory (:mod:`blog.privacy.inventory`) assigns them to tables.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.privacy.registry import DataSubject
from blog.models import Image, Post, PostRevision
from blog.permalinks import absolute


def posts(subject: DataSubject) -> Iterator[dict]:
    """Yield a person's posts and pages, and the revisions and drafts that they wrote."""
    if subject.user is None:
        return
    own = Post.objects.filter(author=subject.user).prefetch_related("tags").order_by("pk")
    for post in own:
        yield {
            _("Type"): post.get_kind_display(),
            _("Title"): post.title,
            _("Status"): post.get_status_display(),
            _("URL"): absolute(post.get_absolute_url()) if post.is_public else "",
            _("Published"): post.published_at,
            _("Updated"): post.updated_at,
            _("Tags"): [tag.name for tag in post.tags.all()],
            _("Excerpt"): post.excerpt,
            _("Text"): post.body,
        }
    for version in PostRevision.objects.filter(author=subject.user).order_by("pk").iterator():
        yield {
            _("Type"): version.get_kind_display(),
            _("Title"): version.fields.get("title"),
            _("Updated"): version.updated_at,
            _("Excerpt"): version.fields.get("excerpt"),
            _("Text"): version.fields.get("body"),
        }


def pictures(subject: DataSubject) -> Iterator[dict]:
    """Yield a person's uploaded images, with the address of each file."""
    if subject.user is None:
        return
    for image in Image.objects.filter(uploaded_by=subject.user).order_by("pk"):
        yield {
            _("Title"): image.title,
            _("Description"): image.alt,
            _("Uploaded"): image.created_at,
            _("URL"): absolute(settings.MEDIA_URL + image.file),
        }
