"""Comments by one writer: the author's replies on a post, and a profile's comments.

A page of the author's replies costs three queries: the count, the replies, and their parents.
"""

from dataclasses import dataclass
from math import ceil

from django.core.paginator import Paginator
from django.db.models import Count, Subquery, Value
from django.utils.text import Truncator

from accounts.models import User
from blog import html_to_text
from blog.models import Post
from comments import policy
from comments.models import Comment, ConversationSettings, VisibilityEvent
from comments.policy import Viewer
from comments.threads import nodes, thread
from comments.threads.nodes import CommentNode, NodeBuilder
from comments.threads.page import AUTHOR, Conversation, no_conversation
from comments.threads.thread import NoSuchPageError
from comments.tree.appearances import cursor_of

QUOTED_WORDS = 30  # about two lines: enough to recognize the comment


@dataclass(slots=True)
class AuthorReply:
    """A comment by the post's author (``node``), and the comment it answers (``quoted``).

    ``quoted`` is None for a reply to the post or to a comment that is not shown; ``words`` is the
    beginning of its text, or the label of its content note.
    """

    node: CommentNode
    quoted: CommentNode | None
    words: str = ""


def author_replies(
    post: Post, viewer: Viewer, settings: ConversationSettings, page: int = 1
) -> Conversation | None:
    """Return a ``Conversation`` with one page of the post author's replies, oldest first.

    None if the conversation is hidden. Raises NoSuchPageError beyond the last page.
    """
    mode = policy.mode_of(post, settings, viewer.user)
    if mode is policy.Mode.HIDDEN:
        return no_conversation(page)
    count, last = _count_and_last(post)
    result = Conversation(post, mode, page_number=page, order=AUTHOR, last=cursor_of(last))
    result.page_count = max(1, ceil(count / settings.threads_per_page))
    if not 1 <= page <= result.page_count:
        raise NoSuchPageError
    start = (page - 1) * settings.threads_per_page
    replies = _by_author(post).with_support().with_lock().order_by("created_at", "pk")
    rows = replies.values_list(*nodes.COLUMNS, named=True)
    rows = list(rows[start : start + settings.threads_per_page]) if count else []
    result.break_ = policy.break_of(mode, settings)
    result.offers_support = settings.offers_support
    builder = NodeBuilder.for_page(post, viewer, settings, result.is_open)
    builder.reserve(rows)
    result.author_answers = _with_quotes([builder.nodes([row])[0] for row in rows], builder)
    return result


def _by_author(post):
    return Comment.objects.approved().filter(post=post, user=post.author_id, claimed_at=None)


def _count_and_last(post):
    count = _by_author(post).order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    last = VisibilityEvent.objects.latest_of(post.pk)
    row = Post.objects.filter(pk=post.pk).order_by()
    count, last = row.values_list(Subquery(count.values("n")), Subquery(last)).get()
    return count or 0, last


def _with_quotes(shown, builder):
    keys = {node.addressee_key for node in shown} - {None}
    rows = thread.rows(Comment.objects.approved().filter(pk__in=keys)) if keys else []
    quoted = {row.pk: builder.nodes([row])[0] for row in rows}
    answers = []
    for node in shown:
        above = quoted.get(node.addressee_key)
        node.addressee = above.name if above else ""
        answers.append(AuthorReply(node, above, _words(above) if above else ""))
    return answers


def _words(above):
    """Return the beginning of the quoted comment, or the label of its content note instead."""
    if above.note:
        return above.note.label
    return Truncator(html_to_text.words(above.body_html)).words(QUOTED_WORDS)


COMMENTS_A_PAGE = 25


def profile_comments(person: User, number: int) -> tuple[str, dict[str, object]]:
    """Return a page of a person's visible comments, newest first: ``(template, context)``.

    One of ``settings.PROFILE_SECTIONS``. Raises LookupError if there is no page of this number.
    """
    # A claimed comment remains a guest's for everybody else.
    own = {"user": person, "claimed_at": None}
    shown = Comment.objects.listed().filter(**own).select_related("post", "content_note")
    pages = Paginator(shown.order_by("-created_at", "-pk"), COMMENTS_A_PAGE)
    if not 1 <= number <= pages.num_pages:
        raise LookupError(number)
    page = pages.page(number)
    return "comments/section/_profile_comments.html", {
        "comments": page.object_list,
        "number": number,
        "count": pages.num_pages,
        "previous_url": page.has_previous() and f"?page={number - 1}",
        "next_url": page.has_next() and f"?page={number + 1}",
    }
