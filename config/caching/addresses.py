"""The plain form of a public page's address: the words that its view knows, each in one spelling.

Pages are made for the plain address and kept under it, so that nobody can fill a cache with
addresses that mean the same, and no page can depend on a word that its key does not have. Unknown
words are left out. What is no value at all, such as ``page=x``, is left for the view to refuse,
and what is refused is not kept.
"""

import unicodedata
from collections.abc import Mapping

from django.urls import ResolverMatch, reverse

from blog.views import PAGE_NUMBER
from comments.models import ConversationSettings
from comments.threads import news
from comments.threads import page as threads_page

POST_PAGES = frozenset({"blog:post", "blog:page"})
NEWS = "comments:news"
LISTS = frozenset({"blog:home", "blog:tag", "blog:series", "blog:archive", "blog:archive_year"})
SITEMAP, SITEMAP_PART = "blog:sitemap", "blog:sitemap_part"
FEEDS = frozenset({"blog:feed", "blog:json_feed", "blog:tag_feed"})
FEEDS |= {"comments:feed", "comments:post_feed"}
# All whose pages are kept.
VIEWS = POST_PAGES | LISTS | FEEDS | {NEWS, SITEMAP, SITEMAP_PART}

Words = dict[str, str]


def plain_path(path: str, match: ResolverMatch) -> str:
    """Return the one spelling of a path: in NFC, and a year without zeros before it."""
    if "year" in match.kwargs:
        return reverse(match.view_name, kwargs=match.kwargs)
    return unicodedata.normalize("NFC", path)


def plain_words(asked: Mapping[str, str], view: str) -> Words:
    """Return the words of a query that this view knows, in the order in which our links have them.

    ``asked`` are the words as they were sent, the last one of each name. Whether there is a
    comment of the number in ``open`` or ``place`` is asked by :func:`existing`.
    """
    if view in POST_PAGES:
        return _post(asked)
    if view == NEWS:
        return _news(asked)
    if view in LISTS:
        return _numbered(asked, "page")
    if view == SITEMAP_PART and PAGE_NUMBER.fullmatch(asked.get("p", "")):
        return _numbered(asked, "p")
    return {}


def _numbered(asked, name):
    return {name: asked[name]} if asked.get(name, "1") != "1" else {}


def _post(asked):
    words = _numbered(asked, "page")
    if asked.get("order") in threads_page.ORDERS:
        if words.get("page") == "":
            del words["page"]
        return words | {"order": asked["order"]}
    # Permalinks have no order: there "open" and "gone" would say nothing.
    words |= {"open": asked["open"]} if asked.get("open") else {}
    return words | ({"gone": asked["gone"]} if asked.get("gone") == threads_page.GONE else {})


def _news(asked):
    words = {"after": asked["after"]} if "after" in asked else {}
    if asked.get("place", "0") != "0" and words.get("after") != "0":
        words["place"] = asked["place"]
    return words | ({"as": "html"} if asked.get("as") == "html" else {})


def may_be_unknown(words: Words) -> bool:
    """Return whether :func:`existing` has to look at these plain words."""
    return "open" in words or "place" in words


def existing(words: Words, slug: str, settings: ConversationSettings) -> Words:
    """Return the plain words of a post's address, less those that name nothing there. One query."""
    if "open" in words and threads_page.NUMBER.fullmatch(words["open"]):
        number = words.get("page", "1")
        known = PAGE_NUMBER.fullmatch(number) and threads_page.opens(
            slug, int(words["open"]), int(number), settings
        )
        return words if known else {name: words[name] for name in words if name != "open"}
    place, after = words.get("place", ""), words.get("after", "")
    if news.KEY.fullmatch(place) and news.KEY.fullmatch(after):
        known = news.is_place(int(after), int(place))
        return words if known else {name: words[name] for name in words if name != "place"}
    return words
