"""Models of the blog: posts and pages, tags and series, images, settings, subscriptions."""

from blog.images.models import Image, PendingLeadImage
from blog.models.change_counter import ChangeCounter
from blog.models.content_notes import ContentNote
from blog.models.post import Post
from blog.models.preview_links import PreviewLink
from blog.models.redirects import OldAddress, RemovedSource
from blog.models.revisions import PostRevision
from blog.models.search_index import SearchEntry
from blog.models.settings import Blog, IndexNowPing, WebSubPing
from blog.models.subscriptions import Mailing, Subscription
from blog.models.taxonomy import OldSeriesSlug, OldTagSlug, Series, Tag

__all__ = [
    "Blog",
    "ChangeCounter",
    "ContentNote",
    "Image",
    "IndexNowPing",
    "Mailing",
    "OldAddress",
    "OldSeriesSlug",
    "OldTagSlug",
    "PendingLeadImage",
    "Post",
    "PostRevision",
    "PreviewLink",
    "RemovedSource",
    "SearchEntry",
    "Series",
    "Subscription",
    "Tag",
    "WebSubPing",
]
