"""Atom feeds of comments, threaded by RFC 4685."""

from types import SimpleNamespace

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.context_processors import current_blog
from blog.feed_base import AtomFeed, feed_id
from blog.models import Post
from blog.models.content_notes import wrap_in_details
from blog.permalinks import absolute, tag_uri, with_whole_addresses
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

    def get_object(self, request, post=None):
        return SimpleNamespace(blog=current_blog(request), path=request.path, post=post)

    def title(self, source):
        return _("Comments")

    def link(self, source):
        return absolute(reverse("blog:home"))

    def feed_url(self, source):
        return absolute(source.path)

    def feed_guid(self, source):
        return feed_id(source.blog.tag_authority, source.path)

    def feed_extra_kwargs(self, source):
        return {"touched_at": (source.post or source.blog).touched_at}

    def items(self, source):
        return self.with_ids(self.newest(source), source)

    def newest(self, source):
        related = self.comments(source).with_names()
        return related.select_related("post", "parent", "reply_to", "content_note").newest()[
            :LENGTH
        ]

    def comments(self, source):
        return Comment.objects.listed()

    def with_ids(self, comments, source):
        newest = list(comments)
        for each in newest:
            each.answered = each.reply_to or each.parent or each.post
            for row in (each, each.answered):
                row.atom_id = tag_uri(source.blog.tag_authority, row)
        return newest

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
        text = with_whole_addresses(item.body_html, absolute(item.post.get_absolute_url()))
        address = absolute(item.answered.get_absolute_url())
        return {
            "answers": {"ref": item.answered.atom_id, "href": address, "type": "text/html"},
            "content": wrap_in_details(text, item.closed_behind),
        }


class PostCommentsFeed(CommentsFeed):
    """The newest comments of one post."""

    def get_object(self, request, slug):
        post = get_object_or_404(Post.objects.public().select_related("author"), slug=slug)
        if policy.mode_of(post, ConversationSettings.get()) is policy.Mode.HIDDEN:
            raise Http404
        return super().get_object(request, post)

    def title(self, source):
        return _("Comments on %(title)s") % {"title": source.post.title}

    def link(self, source):
        return absolute(source.post.get_absolute_url())

    def comments(self, source):
        return Comment.objects.public().filter(post=source.post)
