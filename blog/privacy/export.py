"""What the blog's own tables hold about somebody who writes for it, as she takes it along.

Each function is given a :class:`~accounts.privacy.inventory.DataSubject` and yields records; which
table needs which is said in :mod:`blog.privacy.inventory`.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from blog.models import Image, Post, PostRevision
from blog.permalinks import absolute


def posts(subject):
    """Her posts and pages, with the versions and unsaved words that are hers."""
    if subject.user is None:
        return
    own = Post.objects.filter(author=subject.user).prefetch_related("tags").order_by("pk")
    for post in own:
        yield {
            _("Kind"): post.get_kind_display(),
            _("Title"): post.title,
            _("State"): post.get_status_display(),
            _("Address"): absolute(post.get_absolute_url()) if post.is_public else "",
            _("Published"): post.published_at,
            _("Changed"): post.updated_at,
            _("Tags"): [tag.name for tag in post.tags.all()],
            _("Excerpt"): post.excerpt,
            _("Text"): post.body,
        }
    for version in PostRevision.objects.filter(author=subject.user).order_by("pk").iterator():
        yield {
            _("Kind"): version.get_kind_display(),
            _("Title"): version.fields.get("title"),
            _("Changed"): version.updated_at,
            _("Excerpt"): version.fields.get("excerpt"),
            _("Text"): version.fields.get("body"),
        }


def pictures(subject):
    """Pictures that she uploaded: what is kept of each, and where it can be fetched."""
    if subject.user is None:
        return
    for image in Image.objects.filter(uploaded_by=subject.user).order_by("pk"):
        yield {
            _("Title"): image.title,
            _("What it shows"): image.alt,
            _("Uploaded"): image.created_at,
            _("Address"): absolute(settings.MEDIA_URL + image.file),
        }
