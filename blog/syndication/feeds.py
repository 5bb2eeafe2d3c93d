"""Feeds of all posts (Atom, RFC 4287, and JSON Feed) and of one tag (Atom), with the full text.

The id of an entry never changes (``Post.atom_id``), so that feed readers do not show a post again
when its address or title changes.
"""

import json
from collections.abc import Iterable
from types import SimpleNamespace

from django.apps import apps
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html

from blog.context_processors import current_blog
from blog.feed_base import AtomFeed, CleanFeed, feed_id
from blog.images.responsive import html_for_syndication
from blog.models import Post, Tag, content_notes
from blog.permalinks import absolute, tag_uri

ENTRIES = 20


def with_replies(posts: Iterable[Post], request: HttpRequest) -> list[Post]:
    """Return the posts with ``replies``: ``(count, path)`` of the comment feed, or None.

    A template of the comments app provides them, since this app does not depend on comments.
    """
    posts = list(posts)
    has_comments = apps.is_installed("comments")
    lines = (
        render_to_string("comments/section/_feed_reply_links.txt", {"posts": posts}).strip()
        if has_comments
        else ""
    )
    replies = {key: (count, path) for key, count, path in map(str.split, lines.splitlines())}
    for post in posts:
        post.replies = replies.get(str(post.pk))
    return posts


class AtomOfPosts(AtomFeed):
    """Atom with languages, the WebSub hub, and links to comment feeds."""

    def root_attributes(self):
        return super().root_attributes() | {"xml:lang": self.feed["blog"].language}

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if hub := self.feed["blog"].hub:
            handler.addQuickElement("link", "", {"rel": "hub", "href": hub})  # W3C WebSub, 4

    def item_attributes(self, item):
        own = {"xml:lang": item["language"]} if item["language"] else {}
        return super().item_attributes(item) | own

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["replies"]:
            count, path = item["replies"]
            attributes = {"rel": "replies", "type": "application/atom+xml"}
            attributes |= {"href": absolute(path), "thr:count": count}
            handler.addQuickElement("link", "", attributes)


class JSONFeed(CleanFeed):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding):
        blog = self.feed["blog"]
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["subtitle"],
            "language": blog.language,
            "hubs": [{"type": "WebSub", "url": blog.hub}] if blog.hub else None,
            "items": [_filled(self.item(item)) for item in self.items],
        }
        outfile.write(json.dumps(_filled(document), ensure_ascii=False, indent=1))

    def item(self, item):
        """Return the JSON object of one entry."""
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["summary"],
            "image": item["image"],
            "content_html": item["content"],
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "authors": [{"name": item["author_name"]}],
            "tags": item["categories"],
            "language": item["language"],
        }


def _filled(fields):
    """Return the fields without empty values; ``items`` and ``content_html`` may be empty."""
    kept = {"items", "content_html"}
    return {name: value for name, value in fields.items() if value or name in kept}


def _lead(post):
    """Return the lead image as HTML, or an empty string."""
    if post.lead_image is None:
        return ""
    lead = post.lead_image
    line = '<p><img src="{}" alt="{}" width="{}" height="{}"></p>'
    return format_html(line, lead.url, post.lead_alt, lead.width, lead.height)


class PostFeed(Feed):
    """The newest posts as Atom."""

    feed_type = AtomOfPosts

    def get_object(self, request, slug=None):
        tag = None if slug is None else Tag.objects.get(slug=slug)
        return SimpleNamespace(request=request, blog=current_blog(request), tag=tag)

    def title(self, source):
        return source.blog.title

    def subtitle(self, source):
        return source.blog.tagline or None

    def link(self, source):
        return absolute(reverse("blog:home"))

    def feed_url(self, source):
        return absolute(reverse("blog:feed"))

    def feed_guid(self, source):
        return feed_id(source.blog.tag_authority, source.request.path)

    def feed_extra_kwargs(self, source):
        return {"blog": source.blog, "touched_at": source.blog.touched_at}

    def posts(self, source):
        return Post.objects.published().posts()

    def items(self, source):
        posts = with_replies(self.posts(source).for_list()[:ENTRIES], source.request)
        for post in posts:
            post.atom_id = tag_uri(source.blog.tag_authority, post)
        return posts

    def item_title(self, post):
        return post.title

    def item_description(self, post):
        # Feed readers cannot collapse a summary. Django declares it as type="html".
        closed = post.closed_behind
        return escape(closed.label if closed else post.excerpt) or None

    def item_link(self, post):
        return absolute(post.get_absolute_url())

    def item_guid(self, post):
        return post.atom_id

    def item_pubdate(self, post):
        return post.published_at

    def item_updateddate(self, post):
        return max(post.updated_at, post.published_at)

    def item_author_name(self, post):
        return post.author.name

    def item_categories(self, post):
        return [tag.name for tag in post.tags.all()]

    def item_extra_kwargs(self, post):
        closed = post.closed_behind
        page = absolute(post.get_absolute_url())
        text = html_for_syndication(_lead(post) + post.body, page)
        lead = None if closed else post.lead_image  # feed readers cannot collapse it
        return {
            "content": content_notes.wrap_in_details(text, closed),
            "summary": closed.label if closed else post.excerpt,
            "language": post.language,
            "replies": post.replies,
            "image": lead and absolute(lead.url),
        }


class PostJSONFeed(PostFeed):
    """The newest posts as a JSON Feed."""

    feed_type = JSONFeed

    def feed_url(self, source):
        return absolute(reverse("blog:json_feed"))


class TagFeed(PostFeed):
    """The newest posts of one tag as Atom."""

    def title(self, source):
        return f"{source.tag.name} · {super().title(source)}"

    def link(self, source):
        return absolute(source.tag.get_absolute_url())

    def feed_url(self, source):
        return absolute(reverse("blog:tag_feed", args=[source.tag.slug]))

    def posts(self, source):
        return super().posts(source).filter(tags=source.tag)
