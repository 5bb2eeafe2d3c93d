"""Atom feeds of comments, threaded by RFC 4685."""

import re

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from blog.models import Blog, Post
from blog.models.content_notes import wrap_in_details
from comments import policy
from comments.models import Comment, ConversationSettings

LENGTH = 50
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, section 2.2
THREADING = "http://purl.org/syndication/thread/1.0"  # RFC 4685, section 2


def xml_text(text):
    """Return ``text`` without the characters that XML cannot carry."""
    return NOT_IN_XML.sub("", text)


def absolute(path):
    """Return the whole address of a path of this site, the same whatever host was asked."""
    return f"{settings.SITE_URL}{path}"


class ThreadedFeed(Atom1Feed):
    """Atom whose entries say what they answer."""

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:thr": THREADING}

    def latest_post_date(self):
        """An empty feed keeps its date: it is the same bytes until something is said."""
        return super().latest_post_date() if self.items else self.feed["touched_at"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement(
            "content", item["content"], {"type": "html", "xml:base": item["link"]}
        )
        handler.addQuickElement("thr:in-reply-to", "", item["answers"])


class CommentsFeed(Feed):
    """The newest comments of all posts but those in the archive."""

    feed_type = ThreadedFeed

    def title(self, obj):
        return _("Comments")

    def link(self, obj):
        return absolute(reverse("blog:home"))

    def feed_url(self, obj):
        return absolute(reverse("comments:feed"))

    def feed_extra_kwargs(self, obj):
        return {"touched_at": (obj or Blog.get()).touched_at}

    def items(self, obj):
        return self.newest(Comment.objects.public().filter(post__in=Post.objects.published()))

    def newest(self, comments):
        related = comments.with_names().select_related("post", "parent", "reply_to", "content_note")
        return related.order_by("-approved_at", "-pk")[:LENGTH]

    def item_title(self, item):
        names = {"name": item.writer_name, "title": item.post.title}
        title = _("%(name)s on %(title)s") % names
        behind = item.closed_behind
        return xml_text(f"{title} · {behind.label}" if behind else title)

    item_description = None  # the words are the content, and stand there once

    def item_link(self, item):
        return absolute(item.get_absolute_url())

    def item_guid(self, item):
        return item.atom_id

    def item_author_name(self, item):
        return xml_text(item.writer_name)

    def item_pubdate(self, item):
        return item.created_at

    def item_updateddate(self, item):
        return max(filter(None, (item.created_at, item.edited_at, item.approved_at)))

    def item_extra_kwargs(self, item):
        answered = item.reply_to or item.parent or item.post
        address = absolute(answered.get_absolute_url())
        return {
            "answers": {"ref": answered.atom_id, "href": address, "type": "text/html"},
            "content": xml_text(wrap_in_details(item.body_html, item.closed_behind)),
        }


class PostCommentsFeed(CommentsFeed):
    """The newest comments of one post."""

    def get_object(self, request, slug):
        post = get_object_or_404(Post.objects.public().select_related("author"), slug=slug)
        if policy.mode_of(post, ConversationSettings.get()) is policy.Mode.HIDDEN:
            raise Http404
        return post

    def title(self, obj):
        return xml_text(_("Comments on %(title)s") % {"title": obj.title})

    def link(self, obj):
        return absolute(obj.get_absolute_url())

    def feed_url(self, obj):
        return absolute(reverse("comments:post_feed", args=[obj.slug]))

    def items(self, obj):
        return self.newest(Comment.objects.public().filter(post=obj))
