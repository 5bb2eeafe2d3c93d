"""Posts and pages of an old blog become posts and pages here, once.

What came in an earlier run is left as it is, what was deleted here stays away. Texts are
converted before the transaction and wait in a spool; inside of it rows are only inserted.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import markup, permalinks
from blog.images.models import MAX_ALT
from blog.import_loader.permalinks import Permalinks
from blog.import_loader.tags import Tags
from blog.importers.html import convert
from blog.importers.survey import KINDS
from blog.models import Blog, PendingLeadImage, Post, RemovedSource, SearchEntry
from blog.models.querysets import SEARCH_KIND

ROW = {"post": "posts", "page": "pages"}
LEFT_OUT = frozenset({"trash", "inherit"})
MAX_TITLE = 300
MENU = 2**31 - 1
# A cut text with the sentence that says so has to stay below markup.MAX_LENGTH.
MAX_BODY = markup.MAX_LENGTH - 1000


@dataclass(slots=True)
class PreparedPost:
    """A new post: its fields but for the author and the address, its texts in the spool."""

    item_id: str
    creator: str
    wish: str
    values: dict
    ticket: tuple
    labels: tuple
    parent: int
    link: str
    guid: str
    lead: tuple
    made: Post | None = field(default=None)


class PostLoader:
    """The posts of one export. ``prepare`` each item; in a transaction ``load`` and ``finish``."""

    def __init__(self, survey, people, pictures, report, spool):
        self._survey, self._people, self._pictures = survey, people, pictures
        self._report, self._spool = report, spool
        self._rows = Post.objects.filter(source=survey.source)
        self._here = dict(self._rows.values_list("source_id", "updated_at"))
        gone = RemovedSource.objects.filter(kind=RemovedSource.Kind.POST, source=survey.source)
        self._gone = set(gone.values_list("source_id", flat=True))
        self._new, self._keys = {}, {}

    def prepare(self, item):
        """Take an item; return whether its comments have a post here."""
        if item.type not in KINDS:
            self._report.skip(_("items of the type %s") % item.type[:40])
            return False
        self._report.count(ROW[item.type], "found")
        key = str(item.post_id)
        if item.status in LEFT_OUT:
            self._report.skip(_("posts and pages in the trash"), ROW[item.type])
        elif key in self._gone:
            self._report.skip(_("posts and pages that were deleted here"), ROW[item.type])
        elif key in self._here:
            self._compare(item)
            return True
        elif key in self._new:
            self._report.skip(_("posts and pages that are in the file twice"), ROW[item.type])
            return True
        else:
            self._new[key] = self._prepared(item, key)
            return True
        return False

    def load(self):
        """Store what is new; return ``{id in the export: our key}``, earlier ones too."""
        self._people.load()
        tags, links = Tags(self._report), Permalinks(self._survey, self._report)
        for each in self._new.values():
            each.made = self._store(each)
            each.made.tags.add(*tags.of(each.labels))
            links.keep(each)
            self._report.count(ROW[each.made.kind], "new")
        self._keys = dict(self._rows.values_list("source_id", "pk"))
        return self._keys

    def finish(self):
        """Put pages below their parents and let every page be made anew.

        The last step: whoever comments waits for the rows that this writes.
        """
        self._place_pages(self._keys)
        if self._new:
            Blog.touch()

    # -- before the transaction ------------------------------------------------------------

    def _compare(self, item):
        """Say which side has changed a post since it came; what is here is never overwritten."""
        then, row = _changed_at(item), ROW[item.type]
        here = self._here[str(item.post_id)]
        self._report.count(row, "here")
        if then and here > then:
            self._report.count(row, "changed")
        elif then and here < then:
            self._report.problem(
                _("Changed on the old blog since; what is here was left as it is"), _named(item)
            )

    def _prepared(self, item, key):
        status, date = _status(item)
        title = convert.title_text(item.title)
        if len(title) > MAX_TITLE:
            self._report.texts["title"] += 1
        if not item.slug:
            self._report.texts["slug"] += 1
        if item.has_password:
            self._report.problem(_("Had a password on the old blog; a draft here"), title)
        if status == Post.Status.PUBLISHED and not date:
            self._report.problem(_("Published without a date; it is the day of the import"), title)
            date = timezone.now()
        written = item.date or item.modified or timezone.now()
        values = {
            "kind": Post.Kind(item.type),
            "title": title[:MAX_TITLE] or gettext("Untitled"),
            "status": status,
            "published_at": date,
            "created_at": written,
            "updated_at": _changed_at(item) or written,
            "comment_mode": _mode(item),
            "menu_order": max(-MENU, min(MENU, item.menu_order)),
            "source": self._survey.source,
            "source_id": key,
        }
        return PreparedPost(
            key,
            item.creator,
            item.slug or title,
            values,
            self._spool.put(self._body(item), convert.excerpt_text(item.excerpt)),
            item.labels,
            item.parent if item.type == "page" else 0,
            item.link,
            item.guid,
            self._lead(item),
        )

    def _body(self, item):
        base = item.link or self._survey.site.address
        converted = convert.post_html(
            item.body,
            media=self._pictures.find,
            gallery=lambda ids: self._gallery(ids or self._survey.attached.get(item.post_id, ())),
            base=base,
        )
        self._report.texts.update(converted.counts)
        body = converted.text
        if len(body) > MAX_BODY:
            end = body.rfind("</p>", 0, MAX_BODY)
            body = body[: end + 4] if end > 0 else ""
            self._report.problem(
                _("Too long for one post; the end of the text was left out"), _named(item)
            )
        return markup.clean(body)

    def _gallery(self, ids):
        return [self._survey.files[each] for each in ids if each in self._survey.files]

    def _lead(self, item):
        """Return (name of the file, what it shows) of the picture above the text; () without."""
        if not item.lead:
            return ()
        address, _label = self._survey.files.get(item.lead, ("", ""))
        name = self._pictures.name_of(address)
        self._report.texts["lead" if name else "no lead"] += 1
        return (name, self._survey.alts.get(item.lead, "")[:MAX_ALT]) if name else ()

    # -- inside the transaction ------------------------------------------------------------

    def _store(self, each):
        body, excerpt = self._spool.get(each.ticket)
        kind = each.values["kind"]
        slug = permalinks.free_slug(each.wish, kind)
        wished = permalinks.slug_of(each.wish)
        if wished and slug != wished:
            self._report.problem(
                _("Addresses that were taken or reserved"), f"{wished[:80]} → {slug[:100]}"
            )
        # Not save(): the text is clean already, and a post from 2009 was not changed today.
        [post] = Post.objects.bulk_create(
            [
                Post(
                    slug=slug,
                    body=body,
                    excerpt=excerpt,
                    author_id=self._people.of_login(each.creator),
                    **each.values,
                )
            ]
        )
        if each.lead:
            file, alt = each.lead
            PendingLeadImage.objects.create(post=post, file=file, alt=alt)
        SearchEntry.put(SEARCH_KIND, [post.searched])
        return post

    def _place_pages(self, keys):
        """Put new pages below their parents, wherever these stand in the file; never in a ring."""
        pages = Post.objects.filter(kind=Post.Kind.PAGE)
        above = dict(pages.values_list("pk", "parent_id"))
        for each in self._new.values():
            if not each.parent:
                continue
            page, parent = each.made.pk, keys.get(str(each.parent))
            if parent not in above or _leads_to(page, parent, above):
                self._report.problem(
                    _("Pages whose parent was not found; they have none now"), each.made.title
                )
                continue
            above[page] = parent
            Post.objects.filter(pk=page).update(parent=parent)


def _status(item):
    """Return (status, date of publishing): only what everybody could read is published."""
    if item.status == "publish" and not item.has_password:
        return Post.Status.PUBLISHED, item.date or item.modified
    if item.status == "future" and not item.has_password and item.date:
        return Post.Status.SCHEDULED, item.date
    # What was out once keeps its day; a draft gets one when it is published.
    once_out = item.status in ("publish", "private") and item.date
    return Post.Status.DRAFT, item.date if once_out else None


def _mode(item):
    """Return the comment mode: pages show no comments here unless they are told to."""
    closed = item.comment_status == "closed"
    if item.type == "post":
        return Post.CommentMode.CLOSED if closed else Post.CommentMode.DEFAULT
    if item.comment_status == "open":
        return Post.CommentMode.FIRST_TIMERS
    talked = any(comment.is_talk for comment in item.comments)
    return Post.CommentMode.CLOSED if talked else Post.CommentMode.DEFAULT


def _changed_at(item) -> datetime | None:
    return item.modified or item.date


def _named(item):
    return f"{item.post_id} {convert.title_text(item.title)[:80]}".strip()


def _leads_to(page, start, above):
    """Return whether ``page`` is ``start`` or stands above it."""
    seen = set()
    while start is not None and start not in seen:
        if start == page:
            return True
        seen.add(start)
        start = above.get(start)
    return False
