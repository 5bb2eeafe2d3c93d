"""The report of an import, as text for people and as data for programs.

A dry run fills the same report. Problems and skipped items are grouped by their sentence.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.importers.records import PINGS, TALK
from blog.importers.survey import Survey

ROWS = {
    "people": _("People"),
    "tags": _("Tags"),
    "posts": _("Posts"),
    "pages": _("Pages"),
    "comments": _("Comments"),
    "old addresses": _("Redirects"),
    "pictures": _("Images in --media"),
}
COLUMNS = {
    "found": _("found"),
    "new": _("new"),
    "here": _("already here"),
    "changed": _("changed here"),
    "skipped": _("skipped"),
}
TEXTS = {
    "local image": _("images now served from here"),
    "image": _("images turned into links"),
    "lead": _("featured images that adopt_pictures will add"),
    "no lead": _("featured images not found"),
    "iframe": _("iframes turned into links"),
    "object": _("embedded players turned into links"),
    "video": _("videos turned into links"),
    "audio": _("audio files turned into links"),
    "embed": _("embeds turned into links"),
    "address": _("URLs on their own line turned into links"),
    "gallery": _("galleries"),
    "caption": _("captions"),
    "code": _("code blocks"),
    "shortcode": _("shortcodes turned into links or text"),
    "block": _("empty blocks left out"),
    "script": _("scripts left out"),
    "style": _("style sheets left out"),
    "drawing": _("inline SVG drawings left out"),
    "more": _("“read more” markers left out"),
    "nextpage": _("page breaks left out"),
    "noteaser": _("“no teaser” markers left out"),
    "plain": _("texts too deeply nested to convert, turned into plain text"),
    "title": _("titles shortened"),
    "slug": _("posts without a slug that were given one"),
    "name": _("commenter names shortened"),
    "no name": _("comments without a name"),
    "no text": _("comments without text"),
    "email": _("commenter email addresses left out"),
    "website": _("commenter websites left out"),
}
NAMED = 100  # items listed per kind of problem


class Report:
    """Counts by row and column, and problems by sentence."""

    def __init__(self):
        self.facts = {}
        self.source = self.title = ""
        self.counts = {row: Counter() for row in ROWS}
        self.skipped, self.texts = Counter(), Counter()
        self.statuses = Counter()
        self.problems = defaultdict(list)

    def count(self, row: str, column: str, number: int = 1) -> None:
        """Add to a cell of the table: a key of ROWS and a key of COLUMNS."""
        self.counts[row][column] += number

    def skip(self, reason: str | Promise, row: str | None = None, number: int = 1) -> None:
        """Count skipped items by reason."""
        self.skipped[str(reason)] += number
        if row:
            self.count(row, "skipped", number)

    def problem(self, sentence: str | Promise, name: str) -> None:
        """Record an item that somebody may want to check; ``name`` identifies it."""
        self.problems[str(sentence)].append(str(name))

    def take(self, survey: Survey) -> None:
        """Take over the facts of a Survey."""
        self.source, self.title = survey.source, survey.site.title
        self.facts = facts(survey)

    def as_data(self) -> dict:
        """Return the whole report as plain values, for ``--json``."""
        return {
            "source": self.source,
            "file": self.facts,
            "counts": {row: {c: self.counts[row][c] for c in COLUMNS} for row in ROWS},
            "statuses": dict(self.statuses),
            "skipped": dict(self.skipped),
            "texts": {kind: number for kind, number in self.texts.items() if number},
            "problems": dict(self.problems),
        }

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report as text."""
        yield gettext("In the file: %(title)s (%(source)s)") % vars(self)
        yield from self._of_the_file()
        yield ""
        yield from self._table()
        yield from _list(gettext("Comments by status"), self.statuses)
        yield from _list(gettext("Skipped"), self.skipped)
        texts = {str(TEXTS.get(kind, kind)): n for kind, n in self.texts.items() if n}
        yield from _list(gettext("Content"), texts)
        for sentence, names in self.problems.items():
            yield ""
            yield f"{sentence} ({len(names)}):"
            yield from (f"  {name}" for name in names[:NAMED])
            if len(names) > NAMED:
                yield gettext("  and %d more; use --json to list all") % (len(names) - NAMED)

    def _of_the_file(self):
        f = self.facts
        yield gettext(
            "  posts: %(posts)s (%(statuses)s), %(locked)s password-protected, %(sticky)s sticky"
        ) % {
            "posts": f["posts"],
            "statuses": _pairs(f["posts_by_status"]),
            "locked": f["password_protected"],
            "sticky": f["sticky"],
        }
        yield gettext("  pages: %(pages)s (%(statuses)s)") % {
            "pages": f["pages"],
            "statuses": _pairs(f["pages_by_status"]),
        }
        yield gettext(
            "  comments: %(comments)s (%(statuses)s), pingbacks and trackbacks: %(pings)s"
        ) % {
            "comments": f["comments"],
            "statuses": _pairs(f["comments_by_status"]),
            "pings": f["pings"],
        }
        yield (
            gettext(
                "  categories: %(categories_declared)s, %(categories_used_on_posts)s of "
                "them used; tags: %(tags_declared)s, %(tags_used_on_posts)s used"
            )
            % f
        )
        yield gettext("  authors: %(authors_declared)s declared, %(creators_used)s credited") % f
        yield gettext("  items: %(items)s (%(types)s)") % {
            "items": f["items"],
            "types": _pairs(f["items_by_type"]),
        }
        if f["control_characters"] or f["wrong_bytes"]:
            yield (
                gettext(
                    "  repaired: %(control_characters)s invalid characters left out, "
                    "%(wrong_bytes)s bytes in another encoding read as Windows-1252"
                )
                % f
            )

    def _table(self):
        heads = [str(head) for head in COLUMNS.values()]
        width = max(len(str(name)) for name in ROWS.values())
        yield " " * width + "".join(f"  {head:>12}" for head in heads)
        for row, name in ROWS.items():
            cells = (self.counts[row][column] for column in COLUMNS)
            yield f"{name!s:<{width}}" + "".join(f"  {cell:>12}" for cell in cells)


def facts(survey: Survey) -> dict:
    """Return the counts of what is in a file, by their names in ``--json``."""
    talk, pings, kinds = Counter(), Counter(), Counter()
    for (kind, state), number in survey.comments.items():
        kinds[kind] += number
        if kind in PINGS:
            pings[state] += number
        elif kind in TALK:
            talk[state] += number
    used = Counter(label.taxonomy for label in survey.labels)
    posts, pages = survey.statuses["post"], survey.statuses["page"]
    return {
        "items": survey.items.total(),
        "items_by_type": dict(survey.items),
        "posts": posts.total(),
        "posts_by_status": dict(posts),
        "pages": pages.total(),
        "pages_by_status": dict(pages),
        "drafts": posts["draft"],
        "password_protected": survey.numbers["password_protected"],
        "sticky": survey.numbers["sticky"],
        "attachments": survey.items["attachment"],
        "authors_declared": survey.numbers["authors_declared"],
        "creators_used": len(survey.creators),
        "categories_declared": survey.terms["category"],
        "tags_declared": survey.terms["post_tag"],
        "categories_used_on_posts": used["category"],
        "tags_used_on_posts": used["post_tag"],
        "comments_all": kinds.total(),
        "comments_by_type": dict(kinds),
        "comments": talk.total(),
        "comments_by_status": dict(talk),
        "pings": pings.total(),
        "pings_by_status": dict(pings),
        "comments_on_posts_and_pages": survey.numbers["comments_on_posts_and_pages"],
        "control_characters": survey.repairs.control_characters,
        "wrong_bytes": survey.repairs.wrong_bytes,
    }


def _pairs(counts):
    return ", ".join(f"{name} {number}" for name, number in counts.items()) or "-"


def _list(title, counts):
    if counts:
        yield ""
        yield f"{title}:"
        yield from (f"  {number:>8}  {what}" for what, number in counts.items())
