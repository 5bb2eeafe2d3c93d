"""A page of a post's conversation: its threads by number, of each the first replies.

A page costs two queries at any number of comments: the settings with the count of threads
that is kept for the post, and the rows of the page's threads. Threads that did not change
since somebody read them come from the cache (see :mod:`comments.fragments`).
"""

from dataclasses import dataclass, field
from itertools import chain
from math import ceil

from django.db.models import (
    BigAutoField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import NameChanges
from blog.models import Changes, prepared
from comments import nodes, policy, thread, windows
from comments.appearing import Appearance, cursor_of
from comments.fragments import Fragments
from comments.models import Comment, ConversationSettings
from comments.nodes import Builder
from comments.numbering import Numbering
from comments.thread import NoSuchPageError, Thread

# Comments of one writer on one post that she is shown while they wait, the newest first.
MOST_WAITING = 50
# A page of more comments is crowded: beyond, every element of a comment counts. See
# docs/decisions/0016-elements-of-a-page.md.
CROWDED = 120
# Orders as an address names them; without a name it is the oldest first.
OLDEST, NEWEST, AUTHOR = "", "newest", "author"


@dataclass
class Conversation:
    """What ``comments/_section.html`` shows."""

    post: object
    mode: str
    threads: list[Thread] = field(default_factory=list)
    own_waiting: list[Thread] = field(default_factory=list)
    page_number: int = 1
    page_count: int = 1
    order: str = OLDEST
    depth: int = 0  # levels of lists, one inside the other
    last: int = 0  # the key of the comment that became visible last: what is newer is new
    answers: list = field(default_factory=list)  # of the author, in that order; see author_answers
    offers_support: bool = False
    rest: object = None  # the Break that closes it or lets everything wait

    @property
    def count(self):
        return self.post.comment_count

    @property
    def is_open(self):
        return policy.takes_answers(self.mode)

    @property
    def is_archived(self):
        return self.post.status == self.post.Status.ARCHIVED

    @property
    def reply_url(self):
        return reverse("comments:reply_to_post", args=[self.post.slug])

    @property
    def news_url(self):
        return reverse("comments:news", args=[self.post.slug])

    @property
    def anchor_url(self):
        """Where an anchor that is not on this page is looked for; the number follows."""
        return reverse("comments:anchor", args=[self.post.slug, 0]).removesuffix("0/")

    @property
    def orders(self):
        """Return ``[(order, its address, whether it is this page's)]``."""
        return [
            (order, page_url(self.post, order=order), order == self.order)
            for order in (OLDEST, NEWEST, AUTHOR)
        ]

    @property
    def previous_url(self):
        return self._page_url(self.page_number - 1) if self.page_number > 1 else None

    @property
    def next_url(self):
        return self._page_url(self.page_number + 1) if self.page_number < self.page_count else None

    def _page_url(self, number):
        return page_url(self.post, number, self.order)


def page_url(post, number=1, order=OLDEST, through=None):
    """Return the address of a page of a post's conversation."""
    query = [f"page={number}"] if number > 1 else []
    query += [f"order={order}"] if order else []
    query += [f"open={through}"] if through else []
    return f"{post.get_absolute_url()}{'?' if query else ''}{'&'.join(query)}#comments"


def conversation(post, viewer, page=1, order=OLDEST, through=None):
    """Return a page of the conversation for this viewer, or None where it is hidden.

    ``order`` is OLDEST or NEWEST (threads first); the author's answers alone are for
    :mod:`comments.author_answers`. ``through`` is the key of a comment that is shown, however
    far down its thread it stands. Raises NoSuchPageError beyond the last page.
    """
    settings = _settings_with_counts(post)
    mode = policy.mode_of(post, settings, viewer.user)
    if mode is policy.Mode.HIDDEN:
        return None
    result = Conversation(post, mode, page_number=page, order=order, last=cursor_of(settings.last))
    result.depth = settings.display_depth
    result.page_count = max(1, ceil(settings.thread_count / settings.threads_per_page))
    if not 1 <= page <= result.page_count:
        raise NoSuchPageError
    result.rest = policy.break_of(mode, settings)
    result.offers_support = settings.offers_support
    builder = Builder.of(post, viewer, settings, result.is_open)
    start = (page - 1) * settings.threads_per_page
    part = windows.Part(order == NEWEST, start, start + settings.threads_per_page)
    waiting = own_waiting(post, viewer)
    goals = _windows(waiting, _place(through, post))
    found = windows.read(post.pk, part, settings.replies_shown, goals)
    ordered = sorted(found, key=lambda key: found[key].rows[0].number, reverse=part.newest_first)
    builder.crowded = _is_crowded((found[key].rows[0] for key in ordered), settings)
    fragments = Fragments(builder, settings)
    # Her own words have a link to their receipt.
    written = {key for key in ordered if _has_own(found[key].rows, viewer)}
    personal = goals.keys() | written
    shared = {key: found[key].rows[0].version for key in ordered if key not in personal}
    kept = fragments.kept(shared)
    made = {key: found[key] for key in ordered if key not in kept}
    new = _first_parts(made, builder, settings.replies_shown)
    result.threads = [kept.get(key) or new[key] for key in ordered]
    fragments.keep({key: new[key] for key in new if key not in personal})
    result.own_waiting = _unseen_threads(waiting, builder)
    return result


def _is_crowded(roots, settings):
    return sum(min(row.visible_count, settings.replies_shown + 1) for row in roots) > CROWDED


def _settings_with_counts(post):
    """Return the settings with ``thread_count`` of the post and counters: one query."""
    rows = _counted(post=post.pk)
    found = rows[0] if rows else ConversationSettings.get()
    found.thread_count = getattr(found, "thread_count", None) or 0
    found.last = getattr(found, "last", None)
    return found


@prepared(post=BigAutoField())
def _counted(post):
    return ConversationSettings.with_support().annotate(
        thread_count=Subquery(Numbering.objects.filter(pk=post).values("threads")),
        name_changes=Subquery(NameChanges.objects.values("count")[:1]),
        changes_everywhere=Subquery(Changes.objects.values("everywhere")[:1]),
        last=Subquery(Appearance.objects.latest_of(post)),
    )[:1]


def own_waiting(post, viewer):
    """Return ``[(root, lft)]`` of the newest comments that wait and are the viewer's."""
    columns, found = ("pk", "tree_id", "lft"), set()
    if viewer.own:
        # By key alone: told the post as well, SQLite would look through all that stand there.
        rows = Comment.objects.filter(pk__in=viewer.own).values_list(*columns, "post_id", "status")
        here = (post.pk, Comment.Status.PENDING)
        found.update(row[:3] for row in rows if row[3:] == here)
    if viewer.user.is_authenticated:
        rows = Comment.objects.waiting_of(viewer.user, post).order_by("-pk")
        found.update(rows.values_list(*columns)[:MOST_WAITING])
    return [(tree, lft) for _pk, tree, lft in sorted(found, reverse=True)[:MOST_WAITING]]


def _has_own(rows, viewer):
    return not viewer.is_stranger and any(viewer.wrote(row.pk, row.user_id) for row in rows)


def _place(key, post):
    """Return ``[(root, lft)]`` of a comment, empty when it is not in this conversation."""
    if key is None:
        return []
    return list(Comment.objects.filter(pk=key, post=post).values_list("tree_id", "lft"))


def _windows(waiting, asked):
    """Return ``{root: list of windows}`` for places that have to be on the page."""
    found = {}
    for root, lft in waiting:
        found.setdefault(root, []).append(windows.before_own(lft))
    for root, lft in asked:
        found.setdefault(root, []).append(windows.around(lft))
    return found


def _first_parts(excerpts, builder, shown):
    """Return ``{root: Thread}``, each cut after ``shown`` replies, with its windows."""
    pieces_of = {key: each.pieces(builder.viewer, shown) for key, each in excerpts.items()}
    rows_of = {key: list(chain.from_iterable(pieces)) for key, pieces in pieces_of.items()}
    for rows in rows_of.values():
        builder.reserve(rows)
    left_out = windows.left_out(pieces_of)
    threads = {
        key: thread.of(builder, rows, key, rows[0].visible_count, left_out[key])
        for key, rows in rows_of.items()
    }
    for key, each in threads.items():
        each.replies = rows_of[key][0].visible_count - thread.approved(rows_of[key][:1])
    shown_nodes = [node for each in threads.values() for node in each.nodes]
    thread.name_the_absent(shown_nodes, builder.reader_word)
    return threads


def _unseen_threads(waiting, builder):
    """Return the threads that nobody but the viewer sees, since only her own waits in them."""
    if not waiting:
        return []
    waiting_in = {root for root, _lft in waiting}
    unseen = Comment.objects.filter(pk__in=waiting_in, visible_count=0).values("pk")
    threads = {}
    for row in thread.rows(Comment.objects.filter(tree_id__in=unseen)):
        threads.setdefault(row.tree_id, []).append(row)
    parts = [nodes.prune(rows, builder.viewer) for rows in threads.values()]
    return [Thread(builder.nodes(rows)) for rows in parts]


def address_of(comment, settings=None):
    """Return the address of the page of the post that shows this comment, with its anchor.

    For a comment that its reader may see. ``settings``: the row of ``ConversationSettings``
    where it was read already. One query, all by index.
    """
    settings = settings or ConversationSettings.get()
    replies = Comment.objects.approved().filter(tree_id=comment.tree_id, level__gt=0)
    further = replies.filter(lft__lte=comment.lft).order_by()[settings.replies_shown :]
    root = Comment.objects.filter(pk=comment.tree_id).annotate(
        before=_threads_before(comment.post), is_further=Exists(further)
    )
    # What nobody but its writer sees stands after the threads, on every page.
    seen, before, is_further = root.values_list("visible_count", "before", "is_further").get()
    page = before // settings.threads_per_page + 1 if seen else 1
    through = comment.pk if comment.parent_id is not None and is_further else None
    address = page_url(comment.post, page, through=through)
    return f"{address.partition('#')[0]}#comment-{comment.pk}"


def _threads_before(post):
    """Count the threads of the post before one: by its number alone where none is missing."""
    complete = Numbering.objects.filter(pk=post.pk, last=F("threads"))
    earlier = Comment.objects.threads_of(post).filter(number__lt=OuterRef("number")).order_by()
    counted = earlier.values("post").annotate(n=Count("pk")).values("n")
    return Case(
        When(Exists(complete), then=F("number") - 1),
        default=Coalesce(Subquery(counted), 0),
        output_field=IntegerField(),
    )
