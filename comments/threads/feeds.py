"""Atom feeds of comments, threaded by RFC 4685."""

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.feed_base import AtomFeed
from blog.models import Blog, Post
from blog.models.content_notes import wrap_in_details
from blog.permalinks import absolute
from comments import policy
from comments.models import Comment, ConversationSettings

LENGTH = 50


class ThreadedFeed(AtomFeed):
    """An Atom feed whose entries have ``thr:in-reply-to``."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("thr:in-reply-to", "", item["answers"])


class CommentsFeed(Feed):
    """The newest comments on all published posts."""

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
        return self.newest(Comment.objects.listed())

    def newest(self, comments):
        related = comments.with_names().select_related("post", "parent", "reply_to", "content_note")
        return related.newest()[:LENGTH]

    def item_title(self, item):
        names = {"name": item.writer_name, "title": item.post.title}
        title = _("%(name)s on %(title)s") % names
        behind = item.closed_behind
        return f"{title} · {behind.label}" if behind else title

    item_description = None  # the text is in the content element

    def item_link(self, item):
        return absolute(item.get_absolute_url())

    def item_guid(self, item):
        return item.atom_id

    def item_author_name(self, item):
        return item.writer_name

    def item_pubdate(self, item):
        return item.created_at

    def item_updateddate(self, item):
        return max(filter(None, (item.created_at, item.edited_at, item.approved_at)))

    def item_extra_kwargs(self, item):
        answered = item.reply_to or item.parent or item.post
        address = absolute(answered.get_absolute_url())
        return {
            "answers": {"ref": answered.atom_id, "href": address, "type": "text/html"},
            "content": wrap_in_details(item.body_html, item.closed_behind),
        }


class PostCommentsFeed(CommentsFeed):
    """The newest comments of one post."""

    def get_object(self, request, slug):
        post = get_object_or_404(Post.objects.public().select_related("author"), slug=slug)
        if policy.mode_of(post, ConversationSettings.get()) is policy.Mode.HIDDEN:
            raise Http404
        return post

    def title(self, obj):
        return _("Comments on %(title)s") % {"title": obj.title}

    def link(self, obj):
        return absolute(obj.get_absolute_url())

    def feed_url(self, obj):
        return absolute(reverse("comments:post_feed", args=[obj.slug]))

    def items(self, obj):
        return self.newest(Comment.objects.public().filter(post=obj))
