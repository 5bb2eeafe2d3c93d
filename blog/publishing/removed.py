"""What saving removes from a text, said to its author: it is not silent."""

from collections import Counter
from html.parser import HTMLParser

from django.utils.translation import ngettext_lazy

KINDS = {
    "iframe": ngettext_lazy("%(n)d frame was removed.", "%(n)d frames were removed.", "n"),
    "script": ngettext_lazy("%(n)d script was removed.", "%(n)d scripts were removed.", "n"),
    "style": ngettext_lazy("%(n)d style was removed.", "%(n)d styles were removed.", "n"),
    "form": ngettext_lazy("%(n)d form was removed.", "%(n)d forms were removed.", "n"),
    "video": ngettext_lazy("%(n)d video was removed.", "%(n)d videos were removed.", "n"),
    "audio": ngettext_lazy(
        "%(n)d audio player was removed.", "%(n)d audio players were removed.", "n"
    ),
    "svg": ngettext_lazy("%(n)d drawing was removed.", "%(n)d drawings were removed.", "n"),
    "object": ngettext_lazy(
        "%(n)d embedded object was removed.", "%(n)d embedded objects were removed.", "n"
    ),
    "img": ngettext_lazy(
        "%(n)d image from another site was removed. Upload it here instead.",
        "%(n)d images from other sites were removed. Upload them here instead.",
        "n",
    ),
}
SAME = {"embed": "object"}


class _Counted(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = Counter()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found[SAME.get(tag, tag)] += 1


def sentences(typed: str, stored: str) -> list[str]:
    """Return a sentence for each kind of element that ``typed`` has and ``stored`` lacks."""
    gone = _Counted(typed).found - _Counted(stored).found
    return [words % {"n": gone[tag]} for tag, words in KINDS.items() if gone[tag]]
