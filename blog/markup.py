"""The HTML that an author may publish: one allow-list, enforced by two sanitizers in turn.

bleach is the sanitizer of this project and gets no more fixes, so nh3 applies the same
allow-list before and after it. No other module of ``blog`` imports either. Images are only served
from this site: an ``img`` that points to another host is dropped.
"""

import re
import threading

import bleach
import nh3
from bleach.html5lib_shim import Filter
from django.utils.html import linebreaks

from blog.html_to_text import INLINE, TAG

MAX_LENGTH = 2_000_000  # characters; a long novel chapter has 60,000
TAGS = frozenset(
    "a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure "
    "h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q s samp small source span strong "
    "sub summary sup table tbody td tfoot th thead time tr u ul var".split()
)
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "id", "title"},
    "abbr": {"title"},
    "blockquote": {"cite", "class"},
    "code": {"class"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "figure": {"class"},
    "img": {"alt", "height", "loading", "sizes", "src", "srcset", "title", "width"},
    "ins": {"cite", "datetime"},
    "li": {"id", "value"},
    "ol": {"reversed", "start"},
    "q": {"cite"},
    "source": {"sizes", "srcset", "type"},
    "sup": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
# The classes that our style sheet and the highlighter know, and no others.
CLASSES = {
    "blockquote": re.compile(r"pull"),
    "code": re.compile(r"language-[\w+#.-]{1,30}", re.ASCII),
    "figure": re.compile(r"broad"),
}
# Where a footnote's links lead. Other ids could be taken for those of our own pages.
FOOTNOTE_ID = re.compile(r"_?(?:fn|ftn|fnref|ftnref|footnote)[\w.:-]{0,60}", re.ASCII)
PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})
DROPPED_WHOLE = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
IGNORED_IN_ADDRESSES = re.compile(r"[\x00-\x20]")  # browsers skip these: WHATWG URL, section 4.4
# Candidates of a srcset, each a path on this site and a width (HTML, section 4.8.4.2.1).
_SIZE = r"/(?![/\\])[^\s,\\]+ [0-9]{1,5}w"
OWN_SIZES = re.compile(rf"{_SIZE}(?:, {_SIZE})*", re.ASCII)
# No text needs them, bleach shows some as "?", and neither XML nor PostgreSQL accepts all.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# bleach looks through all open elements at each tag.
DEEPEST = 100
ELEMENT = re.compile(r'<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?:[^">]|"[^"]*")*>')
VOID = frozenset({"br", "hr", "img", "source"})
_walls = threading.local()  # a bleach Cleaner is not safe to share between threads


def clean(html: str) -> str:
    """Return ``html`` reduced to what an author may publish.

    What is nested deeper than DEEPEST keeps its words and loses its tags. Idempotent. Raises
    ValueError above MAX_LENGTH characters.
    """
    if len(html) > MAX_LENGTH:
        raise ValueError(f"The text has {len(html)} characters; {MAX_LENGTH} are allowed.")
    html = CONTROL_CHARACTERS.sub("", html)
    if "<" not in html and "&" not in html:
        return html
    return _nh3(_bleach(_shallow(_nh3(html))))


def with_paragraphs(text: str) -> str:
    """Return plain text with its paragraphs and line breaks as HTML; HTML comes back unchanged.

    A text that only has inline tags, such as <em>, counts as plain text with markup and gets
    paragraphs too.
    """
    if not TAG.search(text[: text.rfind(">") + 1]):  # in linear time: html_to_text.words
        return linebreaks(text, autoescape=True)
    return text if TAG.search(INLINE.sub("", text)) else linebreaks(text, autoescape=False)


def _shallow(html):
    """Drop the tags of what is nested too deeply in the output of nh3, where each has its end."""
    if html.count("<") <= 2 * DEEPEST:
        return html
    depth = 0

    def kept(found):
        nonlocal depth
        if found["name"] in VOID:
            return found[0]
        # A stored image has sources of several sizes around it, one level more than it was given.
        deepest = DEEPEST + (found["name"] == "picture")
        if found["end"]:
            depth -= 1
            return found[0] if depth < deepest else ""
        depth += 1
        return found[0] if depth <= deepest else ""

    return ELEMENT.sub(kept, html)


def _nh3(html):
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WHOLE),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=lambda tag, name, value: value if _keeps(tag, name, value) else None,
        url_schemes=set(PROTOCOLS),
        link_rel=None,
    )


def _bleach(html):
    if not hasattr(_walls, "cleaner"):
        _walls.cleaner = bleach.Cleaner(
            tags=TAGS,
            attributes=lambda tag, name, value: (
                (name in ATTRIBUTES.get(tag, ()) or name in ATTRIBUTES["*"])
                and _keeps(tag, name, value)
            ),
            protocols=PROTOCOLS,
            strip=True,
            strip_comments=True,
            filters=[NoEmptyPictures],
        )
    return _walls.cleaner.clean(html)


class NoEmptyPictures(Filter):
    """Drop images whose address was not allowed, instead of showing a broken image."""

    NEEDED = {"img": (None, "src"), "source": (None, "srcset")}

    def __iter__(self):
        for token in super().__iter__():
            needed = self.NEEDED.get(token.get("name"))
            if needed is None or needed in (token.get("data") or {}):
                yield token


def _keeps(tag, name, value):
    """Return whether to keep an attribute of the list, by its value."""
    if tag == "img" and name == "src":
        path = IGNORED_IN_ADDRESSES.sub("", value).replace("\\", "/")
        return path.startswith("/") and not path.startswith("//")
    if name == "class":
        return bool(CLASSES[tag].fullmatch(value))
    if name == "id":
        return bool(FOOTNOTE_ID.fullmatch(value))
    if name == "srcset":
        return bool(OWN_SIZES.fullmatch(value))
    return True
