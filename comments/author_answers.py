"""What the post's author answered, in the order in which she did, each with what it answers.

A page costs three queries at any number of comments: the count, the answers, and what they
answer.
"""

from dataclasses import dataclass
from html import unescape
from math import ceil

from django.db.models import Count, Subquery, Value
from django.utils.html import strip_tags
from django.utils.text import Truncator

from blog.models import Post
from comments import nodes, policy, thread
from comments.appearing import Appearance, cursor_of
from comments.conversation import AUTHOR, Conversation
from comments.models import Comment
from comments.nodes import Builder, Node
from comments.thread import NoSuchPageError

QUOTED_WORDS = 30  # about two lines: enough to know what it was


@dataclass(slots=True)
class Answer:
    """One comment of the author's (``node``) and the comment it answers.

    ``quoted`` is None where it answers the post, or a comment that is not shown.
    """

    node: Node
    quoted: Node | None
    words: str = ""


def author_answers(post, viewer, settings, page=1):
    """Return a ``Conversation`` that holds a page of the author's answers alone.

    None where the conversation is hidden. Raises NoSuchPageError beyond the last page.
    """
    mode = policy.mode_of(post, settings, viewer.user)
    if mode is policy.Mode.HIDDEN:
        return None
    count, last = _count_and_last(post)
    result = Conversation(post, mode, page_number=page, order=AUTHOR, last=cursor_of(last))
    result.page_count = max(1, ceil(count / settings.threads_per_page))
    if not 1 <= page <= result.page_count:
        raise NoSuchPageError
    start = (page - 1) * settings.threads_per_page
    found = _by_author(post).with_support().with_lock().order_by("created_at", "pk")
    rows = found.values_list(*nodes.COLUMNS, named=True)
    rows = list(rows[start : start + settings.threads_per_page]) if count else []
    result.rest = policy.break_of(mode, settings)
    result.offers_support = settings.offers_support
    builder = Builder.of(post, viewer, settings, result.is_open)
    builder.reserve(rows)
    result.answers = _with_quotes([builder.nodes([row])[0] for row in rows], builder)
    return result


def _by_author(post):
    return Comment.objects.approved().filter(post=post, user=post.author_id, claimed_at=None)


def _count_and_last(post):
    count = _by_author(post).order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    last = Appearance.objects.latest_of(post.pk)
    found = Post.objects.filter(pk=post.pk).order_by()
    count, last = found.values_list(Subquery(count.values("n")), Subquery(last)).get()
    return count or 0, last


def _with_quotes(shown, builder):
    keys = {node.addressee_key for node in shown} - {None}
    rows = thread.rows(Comment.objects.approved().filter(pk__in=keys)) if keys else []
    quoted = {row.pk: builder.nodes([row])[0] for row in rows}
    answers = []
    for node in shown:
        above = quoted.get(node.addressee_key)
        node.whom = above.name if above else ""
        answers.append(Answer(node, above, _words(above) if above else ""))
    return answers


def _words(above):
    """The beginning of what was answered, or the content note in its place."""
    if above.note:
        return above.note.label
    html = above.body_html
    plain = unescape(strip_tags(html.replace("<br>", " ").replace("</p>", " ")))
    return Truncator(" ".join(plain.split())).words(QUOTED_WORDS)
