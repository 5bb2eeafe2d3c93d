"""A page of a post's conversation: its threads by number, of each the first replies.

A page costs two queries at any number of comments: the settings with the count of threads,
and the rows of the page's threads. Threads that did not change since somebody read them
come from the cache (see :mod:`comments.fragments`).
"""

from dataclasses import dataclass, field
from itertools import chain
from math import ceil

from django.db.models import Count, Subquery, Value
from django.urls import reverse

from accounts.models import NameChanges
from comments import nodes, policy, thread, windows
from comments.fragments import Fragments
from comments.models import Comment, ConversationSettings
from comments.nodes import Builder, Thread
from comments.thread import NoSuchPageError

# Comments of one writer on one post that she is shown while they wait, the newest first.
MOST_WAITING = 50


@dataclass
class Conversation:
    """What ``comments/_section.html`` shows."""

    post: object
    mode: str
    threads: list[Thread] = field(default_factory=list)
    own_waiting: list[Thread] = field(default_factory=list)
    page_number: int = 1
    page_count: int = 1
    newest_first: bool = False
    offers_support: bool = False

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
    def order_url(self):
        here = self.post.get_absolute_url()
        return f"{here}#comments" if self.newest_first else f"{here}?order=newest#comments"

    @property
    def previous_url(self):
        return self._page_url(self.page_number - 1) if self.page_number > 1 else None

    @property
    def next_url(self):
        return self._page_url(self.page_number + 1) if self.page_number < self.page_count else None

    def _page_url(self, number):
        return page_url(self.post, number, self.newest_first)


def page_url(post, number=1, newest_first=False, through=None):
    """Return the address of a page of a post's conversation."""
    query = [f"page={number}"] if number > 1 else []
    query += ["order=newest"] if newest_first else []
    query += [f"open={through}"] if through else []
    return f"{post.get_absolute_url()}{'?' if query else ''}{'&'.join(query)}#comments"


def conversation(post, viewer, page=1, newest_first=False, through=None):
    """Return a page of the conversation for this viewer, or None where it is hidden.

    ``through`` is the key of a comment that is shown, however far down its thread it stands.
    Raises NoSuchPageError beyond the last page.
    """
    settings = _settings_with_counts(post)
    mode = policy.mode_of(post, settings)
    if mode is policy.Mode.HIDDEN:
        return None
    result = Conversation(post, mode, page_number=page, newest_first=newest_first)
    result.page_count = max(1, ceil(settings.thread_count / settings.threads_per_page))
    if not 1 <= page <= result.page_count:
        raise NoSuchPageError
    result.offers_support = settings.offers_support
    builder = Builder(
        post,
        viewer,
        settings.display_depth,
        result.is_open,
        settings.word_for_a_reader,
        settings.offers_support,
    )
    start = (page - 1) * settings.threads_per_page
    order = "-number" if newest_first else "number"
    roots = _threads(post).order_by(order)[start : start + settings.threads_per_page]
    waiting, written = _own(post, viewer)
    goals = _windows(waiting, _place(through, post))
    found = windows.read(roots, settings.replies_shown, goals)
    ordered = sorted(found, key=lambda key: found[key].rows[0].number, reverse=newest_first)
    fragments = Fragments(builder, settings)
    personal = goals.keys() | written
    shared = {key: found[key].rows[0].version for key in ordered if key not in personal}
    kept = fragments.kept(shared)
    made = {key: found[key] for key in ordered if key not in kept}
    new = _first_parts(made, builder, settings.replies_shown)
    result.threads = [kept.get(key) or new[key] for key in ordered]
    fragments.keep({key: new[key] for key in new if key not in personal})
    result.own_waiting = _unseen_threads(waiting, builder)
    return result


def _settings_with_counts(post):
    """Return the settings with ``thread_count`` of the post, ``name_changes`` and
    ``offers_support``: one query.
    """
    count = _threads(post).order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    found = (
        ConversationSettings.with_support()
        .annotate(
            thread_count=Subquery(count.values("n")),
            name_changes=Subquery(NameChanges.objects.values("count")[:1]),
        )
        .first()
    )
    found = found or ConversationSettings.get()
    found.thread_count = getattr(found, "thread_count", None) or 0
    return found


def _threads(post):
    # Only roots have a number, and every root above something visible has one.
    return Comment.objects.filter(post=post, number__isnull=False, visible_count__gt=0)


def _own(post, viewer):
    """Return ``[(root, lft)]`` of the newest comments that wait and are the viewer's, and the
    roots of all threads in which she wrote, which are hers alone to be shown.
    """
    if viewer.is_stranger:
        return [], set()
    rows = Comment.objects.written_by(viewer).filter(post=post).order_by("-pk")
    own = list(rows.values_list("tree_id", "lft", "status"))
    waiting = [(tree, lft) for tree, lft, status in own if status == Comment.Status.PENDING]
    return waiting[:MOST_WAITING], {tree for tree, *_ in own}


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


def stands_apart(comment):
    """Return whether the thread of this root stands after the others, for a writer only."""
    return not comment.visible_count


def address_of(comment):
    """Return the address of the page of the post that shows this comment, with its anchor.

    For a comment that its reader may see. At most four queries, all by index.
    """
    settings = ConversationSettings.get()
    page, through = 1, None
    root = comment if comment.parent_id is None else Comment.objects.get(pk=comment.tree_id)
    if not stands_apart(root):
        before = _threads(comment.post).filter(number__lt=root.number).count()
        page = before // settings.threads_per_page + 1
    if comment.parent_id is not None:
        earlier = Comment.objects.approved().filter(
            tree_id=comment.tree_id, lft__lte=comment.lft, level__gt=0
        )
        if earlier.count() > settings.replies_shown:
            through = comment.pk
    address = page_url(comment.post, page, through=through)
    return f"{address.partition('#')[0]}#comment-{comment.pk}"
