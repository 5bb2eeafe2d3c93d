"""Import of posts and pages, each only once.

Posts of an earlier run are left as they are; posts that were deleted here stay deleted. Texts are
converted before the transaction and kept in a spool; inside it, rows are only inserted.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.text import names
from blog import markup, permalinks
from blog.images.models import MAX_ALT
from blog.import_loader.people import People
from blog.import_loader.permalinks import Permalinks
from blog.import_loader.pictures import Pictures
from blog.import_loader.report import Report
from blog.import_loader.spool import Spool
from blog.import_loader.tags import Tags
from blog.importers.html import convert
from blog.importers.records import Item
from blog.importers.survey import KINDS, Survey
from blog.models import Blog, PendingLeadImage, Post, RemovedSource, SearchEntry
from blog.models.querysets import SEARCH_KIND

ROW = {"post": "posts", "page": "pages"}
LEFT_OUT = frozenset({"trash", "inherit"})
MAX_TITLE = 300
MENU = 2**31 - 1
# Below markup.MAX_LENGTH, with a margin.
MAX_BODY = markup.MAX_LENGTH - 1000


@dataclass(slots=True)
class PreparedPost:
    """A new post: its fields except author and slug, with its texts in the spool."""

    item_id: str
    creator: str
    wish: str
    has_slug: bool
    values: dict
    ticket: tuple
    labels: tuple
    parent: int
    link: str
    guid: str
    lead: tuple
    made: Post | None = field(default=None)


class PostLoader:
    """Loader of an export's posts: ``prepare`` each item, then ``load`` and ``finish``."""

    def __init__(
        self, survey: Survey, people: People, pictures: Pictures, report: Report, spool: Spool
    ) -> None:
        self._survey, self._people, self._pictures = survey, people, pictures
        self._report, self._spool = report, spool
        self._rows = Post.objects.filter(source=survey.source)
        self._here = dict(self._rows.values_list("source_id", "updated_at"))
        gone = RemovedSource.objects.filter(kind=RemovedSource.Kind.POST, source=survey.source)
        self._gone = set(gone.values_list("source_id", flat=True))
        self._gone.update(self._rows.in_trash().values_list("source_id", flat=True))
        self._new, self._keys = {}, {}

    def prepare(self, item: Item) -> bool:
        """Convert an item if it is new; return whether its comments have a post here."""
        if item.type not in KINDS:
            self._report.skip(_("items of type %s") % item.type[:40])
            return False
        self._report.count(ROW[item.type], "found")
        key = str(item.post_id)
        if item.status in LEFT_OUT:
            self._report.skip(_("posts and pages in the trash"), ROW[item.type])
        elif key in self._gone:
            self._report.skip(_("posts and pages deleted here"), ROW[item.type])
        elif key in self._here:
            self._compare(item)
            return True
        elif key in self._new:
            self._report.skip(_("posts and pages that appear twice in the file"), ROW[item.type])
            return True
        else:
            self._new[key] = self._prepared(item, key)
            return True
        return False

    def load(self) -> dict[str, int]:
        """Insert the new posts; return ``{id in the export: primary key}`` of all imported ones."""
        self._people.load()
        tags, links = Tags(self._report), Permalinks(self._survey, self._report)
        for each in self._new.values():
            each.made = self._store(each)
            each.made.tags.add(*tags.of(each.labels))
            links.keep(each)
            self._report.count(ROW[each.made.kind], "new")
        self._keys = dict(self._rows.values_list("source_id", "pk"))
        return self._keys

    def finish(self) -> None:
        """Set the parents of pages, and invalidate all caches.

        The last step of the transaction, since posting a comment waits for the rows locked here.
        """
        self._place_pages(self._keys)
        if self._new:
            Blog.touch()

    # -- before the transaction ------------------------------------------------------------

    def _compare(self, item):
        """Report which side changed a post since its import; the post here is never overwritten."""
        then, row = _changed_at(item), ROW[item.type]
        here = self._here[str(item.post_id)]
        self._report.count(row, "here")
        if then and here > then:
            self._report.count(row, "changed")
        elif then and here < then:
            self._report.problem(
                _(
                    "Changed on the old blog since the last import; the version here was "
                    "left unchanged"
                ),
                _named(item),
            )

    def _prepared(self, item, key):
        status, date = _status(item)
        title = names.shown(convert.title_text(item.title))
        if len(title) > MAX_TITLE:
            self._report.texts["title"] += 1
        if not item.slug:
            self._report.texts["slug"] += 1
        if item.has_password:
            self._report.problem(_("Password-protected on the old blog; imported as drafts"), title)
        if status == Post.Status.PUBLISHED and not date:
            self._report.problem(_("Published without a date; given the date of the import"), title)
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
            bool(item.slug),
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
                _("Too long for one post; the end of the text was cut off"), _named(item)
            )
        return markup.clean(body)

    def _gallery(self, ids):
        return [self._survey.files[each] for each in ids if each in self._survey.files]

    def _lead(self, item):
        """Return ``(file name, description)`` of the lead image, or () without one."""
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
                _("Slugs changed because they were taken or reserved"),
                f"{wished[:80]} → {slug[:100]}",
            )
        # Not save(): the text is sanitized already, and the dates must stay.
        post = Post(
            slug=slug,
            slug_chosen=each.has_slug,
            body=body,
            excerpt=excerpt,
            author_id=self._people.of_login(each.creator),
            **each.values,
        )
        post.render()
        Post.objects.bulk_create([post])
        if each.lead:
            file, alt = each.lead
            PendingLeadImage.objects.create(post=post, file=file, alt=alt)
        SearchEntry.put(SEARCH_KIND, [post.searched])
        return post

    def _place_pages(self, keys):
        """Set the parents of new pages, in any order of the file, without creating cycles."""
        pages = Post.objects.filter(kind=Post.Kind.PAGE)
        above = dict(pages.values_list("pk", "parent_id"))
        for each in self._new.values():
            if not each.parent:
                continue
            page, parent = each.made.pk, keys.get(str(each.parent))
            if parent not in above or _leads_to(page, parent, above):
                self._report.problem(
                    _("Pages whose parent wasn’t found; imported without one"), each.made.title
                )
                continue
            above[page] = parent
            Post.objects.filter(pk=page).update(parent=parent)


def _status(item):
    """Return ``(status, published_at)``: only what was public is published."""
    if item.status == "publish" and not item.has_password:
        return Post.Status.PUBLISHED, item.date or item.modified
    if item.status == "future" and not item.has_password and item.date:
        return Post.Status.SCHEDULED, item.date
    # What was published once keeps its date; a draft gets one on publication.
    once_out = item.status in ("publish", "private") and item.date
    return Post.Status.DRAFT, item.date if once_out else None


def _mode(item):
    """Return the comment mode: by default, pages have no comments here."""
    closed = item.comment_status == "closed"
    if item.type == "post":
        return Post.CommentMode.CLOSED if closed else Post.CommentMode.DEFAULT
    if item.comment_status == "open":
        return Post.CommentMode.FIRST_TIMERS
    has_comments = any(comment.is_talk for comment in item.comments)
    return Post.CommentMode.CLOSED if has_comments else Post.CommentMode.DEFAULT


def _changed_at(item) -> datetime | None:
    return item.modified or item.date


def _named(item):
    return f"{item.post_id} {convert.title_text(item.title)[:80]}".strip()


def _leads_to(page, start, above):
    """Return whether ``page`` is ``start`` or one of its ancestors."""
    seen = set()
    while start is not None and start not in seen:
        if start == page:
            return True
        seen.add(start)
        start = above.get(start)
    return False
