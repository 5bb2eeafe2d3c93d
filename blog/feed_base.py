"""Base classes of all feeds: every string is cleaned as it enters the feed.

Sources: RFC 4287 (Atom), RFC 4685 (threading), XML 1.0.
"""

import re
from typing import Any

from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.functional import Promise

NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, section 2.2
THREADING = "http://purl.org/syndication/thread/1.0"  # RFC 4685, section 2


def feed_id(authority: str, path: str) -> str:
    """Return the id of the feed at a path of this site (RFC 4151), whatever its domain.

    ``authority`` is ``Blog.tag_authority``.
    """
    return f"tag:{authority},2026:{path}"


def cleaned(value: Any) -> Any:
    """Return ``value`` with characters that XML forbids removed from every string in it."""
    match value:
        case str() | Promise():
            return NOT_IN_XML.sub("", str(value))
        case list() | tuple():
            return [cleaned(each) for each in value]
        case dict():
            return {name: cleaned(each) for name, each in value.items()}
    return value


class CleanFeed(SyndicationFeed):
    """A feed of any format without characters that XML forbids."""

    def __init__(self, *args, **kwargs):
        super().__init__(*cleaned(args), **cleaned(kwargs))

    def add_item(self, *args, **kwargs):
        super().add_item(*cleaned(args), **cleaned(kwargs))


class AtomFeed(CleanFeed, Atom1Feed):
    """An Atom feed with full content, prepared for links to comment feeds (RFC 4685).

    Needs ``touched_at`` for the feed and ``content`` (HTML) for each entry.
    """

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:thr": THREADING}

    def latest_post_date(self):
        """Return ``touched_at`` for an empty feed, so that it does not change with the clock."""
        return super().latest_post_date() if self.items else self.feed["touched_at"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        attributes = {"type": "html", "xml:base": item["link"]}
        handler.addQuickElement("content", item["content"], attributes)
