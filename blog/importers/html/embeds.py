"""Replaces images, frames and players of other hosts with labelled links.

Reading an imported post must not cause requests to third parties. Images among the imported media
stay images; everything else becomes a link that says what it is, so that nothing is lost.
"""

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote, urljoin, urlsplit

from blog.importers.html.tree import Node, text_of

ADDRESS_LINE = re.compile(r"https?://[^\s<>\"]{3,2000}")
BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*['\"]?([^'\")]{1,2000})")
SCHEMES = frozenset(["http", "https", "mailto", "tel", ""])
PLAYERS = {"video": "Video", "audio": "Audio", "iframe": "Embedded", "embed": "Embedded"}
LABELS = ("Image", "Video", "Audio", "Embedded")
VIDEO_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "dailymotion.com")
YOUTUBE = re.compile(r"^(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{11})")
KEPT = frozenset(
    "lang dir href title src alt width height cite datetime open start reversed value colspan "
    "rowspan scope".split()
)


class EmbedReplacer:
    """Walks a tree once, and counts the replacements by kind in ``counts``.

    With ``lines``, an address on a line of its own becomes a link, too (oEmbed).
    """

    def __init__(
        self,
        counts: Counter,
        media: Callable[[str], str | None] | None = None,
        base: str = "",
        lines: bool = True,
    ) -> None:
        self._counts, self._base, self._lines = counts, base, lines
        self._media = media or (lambda address: None)

    def replace(self, root: Node) -> None:
        """Replace what is below ``root``, in place."""
        root.children = self._children(root, in_link=False, raw=False)

    def _children(self, node, in_link, raw):
        made = []
        for at, child in enumerate(node.children):
            if isinstance(child, str):
                lone = self._lines and not (in_link or raw) and _stands_alone(node.children, at)
                made.append(self._line(child) if lone else child)
                continue
            new = self._node(child, in_link, raw)
            if new and made and _is_label(new[0]) and _is_label(made[-1]):
                made.append(" ")
            made += new
        return made

    def _node(self, node, in_link, raw):
        if node.tag == "img":
            return self._image(node, in_link)
        if node.tag in PLAYERS or node.tag == "object":
            return self._player(node, in_link)
        if node.tag == "picture":
            return [n for c in _nodes(node) if c.tag == "img" for n in self._image(c, in_link)]
        if node.tag in ("source", "param"):
            return []
        is_link = node.tag == "a"
        if is_link:
            node.attrs["href"] = self._target(node.attrs.get("href", ""))
            is_link = bool(node.attrs["href"])
        before = [] if node.tag == "a" else self._background(node, in_link)
        inside = self._children(node, in_link or is_link, raw or node.tag in ("pre", "code"))
        node.attrs = {name: value for name, value in node.attrs.items() if name in KEPT}
        node.children = before + inside
        return [node] if is_link or node.tag != "a" else inside

    def _target(self, address):
        """Return the new target of a link, or "" if it cannot be used."""
        address = self._absolute(address)
        if _scheme(address) not in SCHEMES:
            return ""
        return (address and self._media(address)) or address

    def _image(self, node, in_link):
        attrs = node.attrs
        alt = attrs.get("alt", "").strip()
        if alt and {"wp-smiley", "emoji"} & set(attrs.get("class", "").split()):
            return [alt]
        address = attrs.get("src", "")
        if not address or address.startswith("data:"):
            address = attrs.get("data-src") or attrs.get("data-lazy-src") or address
        address = self._absolute(address)
        local = self._media(address) if address else None
        if local:
            self._counts["local image"] += 1
            kept = {name: attrs[name] for name in ("title", "width", "height") if attrs.get(name)}
            return [Node("img", {"src": local, "alt": alt, **kept})]
        if not address and not alt:
            return []
        self._counts["image"] += 1
        label = alt or attrs.get("title", "").strip() or _file_name(address)
        return [self._labelled("Image", label, address, in_link)]

    def _player(self, node, in_link):
        address = self._absolute(_address_of(node))
        self._counts[node.tag if node.tag != "embed" else "object"] += 1
        kind = PLAYERS.get(node.tag, "Embedded")
        watch = YOUTUBE.match(address)
        if watch:
            address = f"https://www.youtube.com/watch?v={watch[1]}"
        parts = _parts(address)
        host = (parts.hostname or "") if parts else ""
        if kind == "Embedded" and host.removeprefix("www.").endswith(VIDEO_HOSTS):
            kind = "Video"
        if not address:
            return [kind]
        address = self._media(address) or address
        title = node.attrs.get("title", "").strip()
        name = _file_name(address) if node.tag in ("video", "audio") else host
        return [self._labelled(kind, title or name, address, in_link)]

    def _labelled(self, kind, label, address, in_link):
        text = f"{kind}: {' '.join(label.split())}" if label.strip() else kind
        if in_link or _scheme(address) not in ("http", "https", "") or not address:
            return text
        return Node("a", {"href": address}, [text])

    def _background(self, node, in_link):
        found = BACKGROUND.search(node.attrs.get("style", ""))
        if not found or in_link:
            return []
        made = self._image(Node("img", {"src": found[1].strip()}), in_link)
        return [Node("p", None, made)] if node.tag == "div" else made

    def _line(self, text):
        """Return a link for an address on a line of its own (oEmbed), or the text."""
        address = text.strip()
        if not ADDRESS_LINE.fullmatch(address):
            return text
        self._counts["address"] += 1
        return Node("a", {"href": address}, [address])

    def _absolute(self, address):
        address = "".join(address.split())
        try:
            return urljoin(self._base, address) if self._base and address else address
        except ValueError:
            return ""


def _parts(address):
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _scheme(address):
    parts = _parts(address)
    return parts.scheme.lower() if parts else "broken"


def _is_label(node):
    """Return whether a node looks like a link that this module made."""
    return isinstance(node, Node) and node.tag == "a" and text_of(node).startswith(LABELS)


def _stands_alone(children, at):
    beside = children[max(0, at - 1) : at] + children[at + 1 : at + 2]
    return all(isinstance(node, Node) and node.tag == "br" for node in beside)


def _nodes(node):
    for child in node.children:
        if isinstance(child, Node):
            yield child
            yield from _nodes(child)


def _address_of(node):
    """Return the address of a player's or frame's content."""
    for name in ("src", "data", "data-src"):
        if node.attrs.get(name):
            return node.attrs[name]
    for child in _nodes(node):
        if child.tag == "param" and child.attrs.get("name", "").lower() in ("movie", "src"):
            return child.attrs.get("value", "")
        if child.tag in ("source", "embed", "iframe") and child.attrs.get("src"):
            return child.attrs["src"]
    found = ADDRESS_LINE.search(text_of(node))
    return found[0] if found else ""


def _file_name(address):
    parts = _parts(address)
    name = unquote(parts.path.rpartition("/")[2]) if parts and parts.scheme != "data" else ""
    return name or (parts.hostname or "" if parts else "")
