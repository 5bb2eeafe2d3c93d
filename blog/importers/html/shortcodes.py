"""Conversion of WordPress shortcodes ("[gallery ids=...]") to HTML, before it is parsed.

Only what is certainly a shortcode is converted: a known name, or an unknown one with an attribute
or an end tag. "[sic]", "[1]" and "[[gallery]]" are literal text.
"""

import html
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable

from blog.importers.html.tree import ATTRIBUTE, decoded

MAX_NESTING = 5  # levels of shortcodes
SHORTCODE = re.compile(
    r"\[(\[?)([a-zA-Z][\w-]{1,40})(?![\w-])((?:[^\[\]\"'<]|\"[^\"\[\]]{0,2000}\"|'[^'\[\]]{0,2000}'"
    r"|['\"]|<(?!!)[^<>\[\]]{0,300}>){0,2000}+)(?<!/)(/?)\](\]?)"
)
END = re.compile(r"\[/([a-zA-Z][\w-]{1,40})\]")
ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>\[\]|]+")
NUMBER = re.compile(r"\d+")
CODE = frozenset("code sourcecode source php python css html javascript bash sql ruby java".split())
VIDEO = frozenset("youtube vimeo video wpvideo dailymotion googlevideo ted flv vodpod".split())
AUDIO = frozenset("audio soundcloud spotify bandcamp playlist".split())
KNOWN = VIDEO | AUDIO | {"caption", "wp_caption", "embed", "gallery"}
PLACES = {
    "youtube": ("https://www.youtube.com/watch?v=", re.compile(r"[\w-]{11}")),
    "vimeo": ("https://vimeo.com/", re.compile(r"\d{5,12}")),
    "dailymotion": ("https://www.dailymotion.com/video/", re.compile(r"x\w{4,9}")),
}


def replace_shortcodes(
    source: str,
    counts: Counter,
    gallery: Callable[[tuple[int, ...]], Iterable[tuple[str, str]]] | None = None,
) -> str:
    """Return ``source`` with its shortcodes replaced by HTML, and count them in ``counts``.

    ``gallery(ids)`` returns ``(address, label)`` pairs of a gallery's images; ``ids`` is empty for
    all images that are attached to the post.
    """
    if "[" not in source:
        return source
    return _Replacing(counts, gallery).replaced(source, 0)


class _Replacing:
    def __init__(self, counts, gallery):
        self._counts, self._gallery = counts, gallery

    def replaced(self, source, nesting):
        ends = {}
        for match in END.finditer(source):
            ends.setdefault(match[1], []).append(match.span())
        made, at = [], 0
        for match in SHORTCODE.finditer(source):
            if match.start() < at:
                continue
            made.append(source[at : match.start()])
            at = match.end()
            if match[1] and match[5]:  # "[[gallery]]" is an escaped "[gallery]"
                made.append(match[0][1:-1])
                continue
            made.append(match[1])
            end = _end_of(match, ends)
            content = source[at : end[0]] if end else None
            text = self._html(match, content, nesting)
            if text is None:
                made.append(match[0][len(match[1]) :])
                continue
            at = end[1] if end else at
            made.append(text + ("" if end else match[5]))
        made.append(source[at:])
        return "".join(made)

    def _html(self, match, content, nesting):
        """Return the HTML for one shortcode, or None to leave it as text."""
        name, attrs = match[2].lower(), _attributes(match[3])
        if name in CODE:
            return self._code(content, match[3])
        if name not in KNOWN and content is None and not _is_shortcode(match[3]):
            return None
        if content is not None and nesting < MAX_NESTING:
            content = self.replaced(content, nesting + 1)
        if name in ("caption", "wp_caption"):
            self._counts["caption"] += 1
            words = attrs.get("caption", "")
            return (
                f"<figure>{content or ''} <figcaption>{words}</figcaption></figure>"
                if (words)
                else _figure(content or "")
            )
        if name == "gallery":
            self._counts["gallery"] += 1
            return self._pictures(attrs)
        self._counts["embed" if name in KNOWN else "shortcode"] += 1
        return _link(name, match[3], attrs, content)

    def _code(self, content, written):
        if content is None or ("=" not in written and written.strip()):
            return None
        self._counts["code"] += 1
        code = html.escape(html.unescape(content.strip("\r\n")), quote=False)
        return f"<pre>{code}</pre>"

    def _pictures(self, attrs):
        ids = tuple(int(n) for n in NUMBER.findall(attrs.get("ids") or attrs.get("include", "")))
        pictures = list(self._gallery(ids)) if self._gallery else []
        if not pictures:
            words = {0: "", 1: " of 1 picture"}.get(len(ids), f" of {len(ids)} pictures")
            return f"<p>Gallery{words}</p>"
        images = (
            f'<li><img src="{html.escape(address)}" alt="{html.escape(label)}"></li>'
            for address, label in pictures
        )
        return f"<ul>{''.join(images)}</ul>"


def _end_of(match, ends):
    if match[4]:
        return None
    spans = ends.get(match[2], ())
    at = bisect_left(spans, (match.end(), 0))
    return spans[at] if at < len(spans) else None


def _attributes(text):
    return {name: html.unescape(value) for name, value in _pairs(text)}


def _pairs(text):
    for match in ATTRIBUTE.finditer(text):
        value = next((v for v in match.groups()[1:] if v is not None), None)
        if value is not None:
            yield match[1].lower(), decoded(value)


def _is_shortcode(written):
    return "=" in written or bool(ADDRESS.search(written))


def _figure(content):
    """Return a figure with the text after the image as caption (WordPress 3.4 and later)."""
    end = max(content.rfind("</a>") + 4 if "</a>" in content else 0, _after_image(content))
    return f"<figure>{content[:end]}<figcaption>{content[end:].strip()}</figcaption></figure>"


def _after_image(content):
    start = content.lower().rfind("<img")
    return content.find(">", start) + 1 if start >= 0 else 0


def _link(name, written, attrs, content):
    inside = ADDRESS.search(html.unescape(content or ""))
    written = html.unescape(written)
    found = ADDRESS.search(written) or (inside if name in KNOWN else None)
    label = "Video" if name in VIDEO else "Audio" if name in AUDIO else "Embedded"
    address = found[0] if found else _known_place(name, written)
    if name not in KNOWN and content:
        return content
    if address:
        words = attrs.get("title") or address
        return f'<a href="{html.escape(address)}">{label}: {html.escape(words)}</a>'
    return html.escape(label if name in KNOWN else f"[{name}]")


def _known_place(name, written):
    start, pattern = PLACES.get(name, ("", None))
    found = pattern.search(written) if pattern else None
    return start + found[0] if found else ""
