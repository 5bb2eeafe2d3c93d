"""One branch of a thread on a page of its own, and the next part of a long branch."""

from dataclasses import dataclass

from blog.models import Post
from comments import policy
from comments.models import Comment, ConversationSettings
from comments.models.settings import Break
from comments.policy import Viewer
from comments.threads import nodes, thread
from comments.threads.nodes import NodeBuilder
from comments.threads.thread import NoSuchPageError, Thread

# Replies on a branch's own page, and in each further part of a long thread.
PART = 50


@dataclass
class Branch:
    """A comment with the replies below it (``thread``), and the comment it answers (``parent``)."""

    post: Post
    thread: Thread
    parent: nodes.CommentNode | None = None
    break_: Break | None = None  # the break that closes the conversation or holds new comments


def branch(
    comment: Comment,
    viewer: Viewer,
    last: Comment | None = None,
    settings: ConversationSettings | None = None,
) -> Branch:
    """Return the ``Branch`` of a comment, or its next part after the comment ``last``.

    Reads ``settings`` unless given. Raises NoSuchPageError when the viewer can see nothing of it.
    """
    settings = settings or ConversationSettings.get()
    mode = policy.mode_of(comment.post, settings, viewer.user)
    if mode is policy.Mode.HIDDEN:
        raise NoSuchPageError
    builder = NodeBuilder.for_page(comment.post, viewer, settings, policy.takes_answers(mode))
    below = Comment.objects.filter(
        tree_id=comment.tree_id, lft__gte=comment.lft, rght__lte=comment.rght
    )
    if last is not None:
        below = below.filter(lft__gt=last.lft)
    rows = _part(below, (last or comment).lft, comment.rght, viewer)
    if not rows:
        raise NoSuchPageError
    part = thread.build(builder, rows, comment.pk, below.approved().count())
    part.nodes[0].locked = last is None and rows[0].locked
    thread.name_missing_parents(part.nodes, settings.word_for_a_reader)
    answered = comment.pk if last is not None else comment.reply_to_id or comment.parent_id
    break_ = policy.break_of(mode, settings)
    return Branch(comment.post, part, _single(answered, builder), break_)


def _part(below, start, end, viewer):
    """Return rows with up to PART visible replies, reading only as many rows as needed."""
    width = 2 * (PART + 1) + thread.SLACK
    while True:
        rows = list(thread.rows(below.filter(lft__lte=start + width)))
        rows = nodes.truncate(nodes.prune_hidden(rows, viewer), viewer, PART)
        if rows or start + width >= end:
            return rows
        width *= 4


def _single(key, builder):
    if key is None:
        return None
    rows = [
        row
        for row in thread.rows(Comment.objects.filter(pk=key))
        if policy.may_see(row, builder.viewer)
    ]
    return builder.nodes(rows)[0] if rows else None


def quoted_node(
    comment: Comment, viewer: Viewer, settings: ConversationSettings
) -> nodes.CommentNode | None:
    """Return the node of a comment, to be quoted above a reply form; None if it is hidden."""
    names = settings.word_for_a_reader, settings.avatar_key
    builder = NodeBuilder(comment.post, viewer, 1, False, *names)
    return _single(comment.pk, builder)
