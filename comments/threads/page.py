"""A page of a post's conversation: its threads by number, each with its first replies.

A page costs one query for any number of comments: the rows of its threads. Threads that did not
change come from the cache (see :mod:`comments.threads.fragment_cache`).
"""

import re
from dataclasses import dataclass, field
from itertools import chain
from math import ceil

from django.db.models import Exists, F, Subquery
from django.urls import reverse

from blog.models import Post
from comments import policy
from comments.models import Comment, ConversationSettings, ThreadCounter
from comments.models.settings import Break
from comments.policy import Viewer
from comments.threads import nodes, thread
from comments.threads.fragment_cache import PageIndex, ThreadCache
from comments.threads.nodes import NodeBuilder
from comments.threads.thread import NoSuchPageError, Thread
from comments.tree.appearances import cursor_of

# How many of their own pending comments writers see on a post, the newest first.
MOST_WAITING = 50
# Values of the query parameter ``order``; without it, the oldest threads come first.
OLDEST, NEWEST, AUTHOR = "", "newest", "author"
ORDERS = frozenset({NEWEST, AUTHOR})
GONE = "yes"  # the one value of the query parameter ``gone``
# What the values of ``page`` and ``open`` look like; they fit into the integers of databases.
NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass
class Conversation:
    """One page of a conversation, for ``comments/section/_section.html``."""

    post: Post
    mode: policy.Mode
    threads: list[Thread] = field(default_factory=list)
    own_pending: list[Thread] = field(default_factory=list)
    page_number: int = 1
    page_count: int = 1
    order: str = OLDEST
    depth: int = 0  # levels of nested lists
    last: str | int = 0  # the cursor of the comment that became visible last; 0 for none
    author_answers: list = field(default_factory=list)  # ``AuthorReply``s, in the order AUTHOR
    offers_support: bool = False
    gone: bool = False  # whether the reader was sent here by a comment that is no longer shown
    break_: Break | None = None  # the break that closes it or holds new comments

    @property
    def count(self) -> int:
        return self.post.comment_count

    @property
    def is_open(self) -> bool:
        return policy.takes_answers(self.mode)

    @property
    def is_archived(self) -> bool:
        return not self.post.takes_activity

    @property
    def reply_url(self) -> str:
        return reverse("comments:reply_to_post", args=[self.post.slug])

    @property
    def news_url(self) -> str:
        return reverse("comments:news", args=[self.post.slug])

    @property
    def anchor_url(self) -> str:
        """The URL, less the number, that resolves an anchor which is not on this page."""
        return reverse("comments:anchor", args=[self.post.slug, 0]).removesuffix("0/")

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """All orders: ``[(order, URL, whether it is the current one)]``."""
        return [
            (order, page_url(self.post, order=order), order == self.order)
            for order in (OLDEST, NEWEST, AUTHOR)
        ]

    @property
    def previous_url(self) -> str | None:
        return self._page_url(self.page_number - 1) if self.page_number > 1 else None

    @property
    def next_url(self) -> str | None:
        return self._page_url(self.page_number + 1) if self.page_number < self.page_count else None

    def _page_url(self, number):
        return page_url(self.post, number, self.order)


def page_url(
    post: Post,
    number: int = 1,
    order: str = OLDEST,
    through: int | None = None,
    gone: bool = False,
) -> str:
    """Return the URL of a page of a post's conversation; see :func:`conversation`.

    ``gone``: with a sentence for readers who looked for a comment that is no longer shown.
    """
    query = [f"page={number}"] if number > 1 else []
    query += [f"order={order}"] if order else []
    query += [f"open={through}"] if through else []
    query += [f"gone={GONE}"] if gone else []
    return f"{post.get_absolute_url()}{'?' if query else ''}{'&'.join(query)}#comments"


def conversation(
    post: Post,
    viewer: Viewer,
    settings: ConversationSettings,
    version: str | None,
    page: int = 1,
    order: str = OLDEST,
    through: int | None = None,
) -> Conversation | None:
    """Return a page of the conversation for this viewer, or None if it is hidden.

    ``version`` is the site's (see blog/site_cache.py). ``order`` is OLDEST or NEWEST (threads
    first); for AUTHOR see :mod:`comments.threads.by_writer`. ``through`` is the key of a comment
    to show, however far down its thread it is. Raises NoSuchPageError beyond the last page.
    """
    mode = policy.mode_of(post, settings, viewer.user)
    if mode is policy.Mode.HIDDEN:
        return no_conversation(page)
    start = (page - 1) * settings.threads_per_page
    part = thread.PageSlice(order == NEWEST, start, start + settings.threads_per_page)
    waiting = own_pending(post, viewer)
    ranges = _ranges(waiting, _place(through, post))
    result = Conversation(post, mode, page_number=page, order=order)
    result.depth = settings.display_depth
    result.break_ = policy.break_of(mode, settings)
    result.offers_support = settings.offers_support
    builder = NodeBuilder.for_page(post, viewer, settings, result.is_open)
    fragments = ThreadCache(builder, settings, version)
    if not ranges and _is_kept(result, fragments, viewer):
        return result
    slices, first = thread.read(post.pk, part, settings.replies_shown, ranges)
    if first is None and page > 1:
        raise NoSuchPageError
    if first is not None:
        result.last = cursor_of(first.last)
        result.page_count = ceil(first.thread_count / settings.threads_per_page)
    ordered = sorted(slices, key=lambda key: slices[key].rows[0].number, reverse=part.newest_first)
    # The viewer's own comments link to their receipt.
    written = {key for key in ordered if _has_own(slices[key].rows, viewer)}
    personal = ranges.keys() | written
    shared = {key: slices[key].rows[0].version for key in ordered if key not in personal}
    kept = fragments.kept(shared)
    uncached = {key: slices[key] for key in ordered if key not in kept}
    new = _first_parts(uncached, builder, settings.replies_shown)
    result.threads = [kept.get(key) or new[key] for key in ordered]
    fragments.keep({key: new[key] for key in new if key not in personal})
    if not ranges:
        fragments.keep_index(order, page, _index(result, [slices[key].rows for key in ordered]))
    result.own_pending = _unseen_threads(waiting, builder)
    return result


def no_conversation(page: int) -> None:
    """Return None, for a hidden conversation; raise NoSuchPageError for a further page of it."""
    if page > 1:
        raise NoSuchPageError


def _is_kept(result, fragments, viewer):
    """Fill in the page from the cache, if it is there and has nothing of the viewer's own."""
    index = fragments.index(result.order, result.page_number)
    if index is None or index.has_own(viewer):
        return False
    kept = fragments.kept(index.versions)
    if len(kept) < len(index.versions):
        return False
    result.threads = [kept[root] for root in index.versions]
    result.last, result.page_count = index.last, index.page_count
    return True


def _index(result, threads):
    """Return the ``PageIndex`` of a page; ``threads`` are the rows of its threads, in order."""
    rows = list(chain.from_iterable(threads))
    return PageIndex(
        versions={first.pk: first.version for first, *_ in threads},
        keys=frozenset(row.pk for row in rows),
        users=frozenset(row.user_id for row in rows) - {None},
        last=result.last,
        page_count=result.page_count,
    )


def own_pending(post: Post, viewer: Viewer) -> list[tuple[int, int]]:
    """Return ``[(root, lft)]`` of the viewer's newest pending comments on a post."""
    columns, found = ("pk", "tree_id", "lft"), set()
    if viewer.own:
        # By key alone: with the post in the condition, SQLite would scan all comments on it.
        rows = Comment.objects.filter(pk__in=viewer.own).values_list(*columns, "post_id", "status")
        here = (post.pk, Comment.Status.PENDING)
        found.update(row[:3] for row in rows if row[3:] == here)
    if viewer.user.is_authenticated:
        rows = Comment.objects.pending_by(viewer.user, post).order_by("-pk")
        found.update(rows.values_list(*columns)[:MOST_WAITING])
    return [(tree, lft) for _pk, tree, lft in sorted(found, reverse=True)[:MOST_WAITING]]


def _has_own(rows, viewer):
    return not viewer.is_stranger and any(viewer.wrote(row.pk, row.user_id) for row in rows)


def _place(key, post):
    """Return ``[(root, lft)]`` of a comment, or nothing if it is not in this conversation."""
    if key is None:
        return []
    return list(Comment.objects.filter(pk=key, post=post).values_list("tree_id", "lft"))


def _ranges(waiting, asked):
    """Return ``{root: [RowRange]}`` for comments that have to be on the page."""
    ranges = {}
    for root, lft in waiting:
        ranges.setdefault(root, []).append(thread.range_before_own(lft))
    for root, lft in asked:
        ranges.setdefault(root, []).append(thread.range_around(lft))
    return ranges


def _first_parts(slices, builder, shown):
    """Return ``{root: Thread}``, each with its first ``shown`` replies and its further ranges."""
    parts_of = {key: each.parts(builder.viewer, shown) for key, each in slices.items()}
    rows_of = {key: list(chain.from_iterable(parts)) for key, parts in parts_of.items()}
    for rows in rows_of.values():
        builder.reserve(rows)
    left_out = thread.omitted_counts(parts_of)
    threads = {
        key: thread.build(builder, rows, key, rows[0].visible_count, left_out[key])
        for key, rows in rows_of.items()
    }
    for key, each in threads.items():
        each.replies = rows_of[key][0].visible_count - thread.approved(rows_of[key][:1])
    shown_nodes = [node for each in threads.values() for node in each.nodes]
    thread.name_missing_parents(shown_nodes, builder.reader_word)
    return threads


def _unseen_threads(waiting, builder):
    """Return threads that nobody but the viewer sees: all that shows is their pending comments."""
    if not waiting:
        return []
    waiting_in = {root for root, _lft in waiting}
    unseen = Comment.objects.filter(pk__in=waiting_in, visible_count=0).values("pk")
    threads = {}
    for row in thread.rows(Comment.objects.filter(tree_id__in=unseen)):
        threads.setdefault(row.tree_id, []).append(row)
    parts = [nodes.prune_hidden(rows, builder.viewer) for rows in threads.values()]
    return [Thread(builder.nodes(rows)) for rows in parts]


def place_of(comment: Comment, viewer: Viewer, settings: ConversationSettings) -> str | None:
    """Return the URL to which a link to this comment leads, or None if it is to stay unknown.

    That is the page with the comment or, if it is hidden, its tombstone. Whoever may know of a
    comment that left none is led to the conversation, with a sentence.
    """
    if policy.may_see(comment, viewer):
        return address_of(comment, settings)
    if below := _first_visible_below(comment):
        # Where that reply is shown, its tombstone is, too.
        return _with_anchor(address_of(below, settings), comment)
    if policy.has_met(comment, viewer) or viewer.wrote(comment.pk, comment.user_id):
        return page_url(comment.post, gone=True)
    return None


def _first_visible_below(comment):
    below = {"tree_id": comment.tree_id, "lft__gt": comment.lft, "lft__lt": comment.rght}
    replies = Comment.objects.approved().filter(**below).select_related("post")
    return replies.order_by("lft").first()


def _with_anchor(address, comment):
    return f"{address.partition('#')[0]}#comment-{comment.pk}"


def address_of(comment: Comment, settings: ConversationSettings | None = None) -> str:
    """Return the URL of the page of the post that shows this comment, with its anchor.

    The viewer has to be allowed to see the comment. Reads ``settings`` unless given. One query by
    index alone, and another where threads are missing.
    """
    settings = settings or ConversationSettings.get()
    page, is_further = _page_of(comment.tree_id, comment.lft, comment.post_id, settings)
    through = comment.pk if comment.parent_id is not None and is_further else None
    return _with_anchor(page_url(comment.post, page, through=through), comment)


def opens(slug: str, key: int, page: int, settings: ConversationSettings) -> bool:
    """Return whether the :func:`address_of` a comment is this page of the post, with ``open``.

    ``key`` is the comment's, if there is one. As many queries.
    """
    reply = Comment.objects.filter(pk=key, post__slug=slug, parent__isnull=False).order_by()
    tree, lft, post = (Subquery(reply.values(name)[:1]) for name in ("tree_id", "lft", "post"))
    return _page_of(tree, lft, post, settings) == (page, True)


def _page_of(tree, lft, post, settings):
    """Return the number of the page of a comment, and whether it is beyond the first replies.

    ``tree``, ``lft`` and ``post`` (a key) are values or expressions. None without such a comment.
    """
    replies = Comment.objects.approved().filter(tree_id=tree, level__gt=0)
    further = replies.filter(lft__lte=lft).order_by()[settings.replies_shown :]
    counter = ThreadCounter.objects.filter(pk=post, last=F("threads"))
    root = Comment.objects.filter(pk=tree).order_by()
    root = root.annotate(complete=Exists(counter), is_further=Exists(further))
    columns = ("post_id", "visible_count", "number", "complete", "is_further")
    row = root.values_list(*columns).first()
    if row is None:
        return None
    post, seen, number, complete, is_further = row
    before = 0  # threads that nobody but the writer sees come after the others, on every page
    if seen:
        before = number - 1 if complete else _threads_before(post, number)
    return before // settings.threads_per_page + 1, is_further


def _threads_before(post, number):
    """Count the threads before one; if none is missing, its number less one says as much."""
    return Comment.objects.threads_of(post).filter(number__lt=number).count()
