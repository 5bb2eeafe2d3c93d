"""Public views of threads: news of a conversation, permalinks and anchors, and branches.

The page's script requests news and anchors without cookies: the responses are the same for
everybody.
"""

from django.core.exceptions import BadRequest
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from blog.models import Post, RemovedSource
from comments import policy
from comments.guests import session
from comments.models import Comment, ConversationSettings
from comments.threads import branch as threads_branch
from comments.threads import news, page
from comments.threads.thread import NoSuchPageError


@require_safe
def what_is_new(request, slug):
    """Return the number of comments since ``?after=`` as JSON, or with ``&as=html`` the comments.

    ``&place=`` is repeated from an earlier response: see :mod:`comments.threads.news`.
    """
    asked, place = request.GET.get("after", ""), request.GET.get("place", "0")
    if not (news.KEY.fullmatch(asked) and news.KEY.fullmatch(place)):
        raise BadRequest(
            "after= is the number of a comment, or 0; place= is a number as it was told."
        )
    post = get_object_or_404(Post.objects.select_related("author"), slug=slug)
    shown = request.GET.get("as") == "html"
    try:
        latest = news.news(post, int(asked), int(place) or None, shown)
    except news.NoSuchConversationError:
        raise Http404 from None
    if shown:
        return render(request, "comments/threads/_news.html", {"news": latest})
    data = {"count": latest.count, "new": latest.keys, "last": latest.last, "open": latest.is_open}
    return JsonResponse(data | ({"place": latest.place} if latest.place else {}))


@require_safe
def anchor(request, slug, number):
    """Redirect to the page with ``#comment-<number>``, an anchor missing on the page opened.

    The number is a comment's key, or the one it had in the system it was imported from.
    """
    post, settings = get_object_or_404(Post, slug=slug), ConversationSettings.get()
    if policy.mode_of(post, settings) is policy.Mode.HIDDEN:
        raise Http404
    comment = Comment.objects.named(post, number)
    if comment is None:
        # Its source may name a comment of another post.
        purged = [RemovedSource.posts_of_comment(number, source) for source in {"", post.source}]
        return _redirect_from_purged(any(post in posts for posts in purged) and post, settings)
    return _redirect_to(comment, policy.Viewer(), settings)


def _redirect_to(comment, viewer, settings):
    address = page.place_of(comment, viewer, settings)
    if address is None:
        raise Http404
    return redirect(address)


def _redirect_from_purged(post, settings):
    """Redirect to the conversation a purged comment was part of, if ``post`` is any."""
    if not post or policy.mode_of(post, settings) is policy.Mode.HIDDEN:
        raise Http404
    return redirect(page.page_url(post, gone=True))


@require_safe
def permalink(request, pk):
    """Redirect to the page of the post that shows the comment, or says that it is gone."""
    settings = session.settings_of(request)
    comment = Comment.objects.select_related("post", "user").filter(pk=pk).first()
    if comment is None:
        return _redirect_from_purged(RemovedSource.posts_of_comment(pk).first(), settings)
    if policy.mode_of(comment.post, settings) is policy.Mode.HIDDEN:
        raise Http404
    return _redirect_to(comment, session.viewer_of(request), settings)


@require_safe
def thread(request, pk):
    """Show one branch, with the comment it answers."""
    return _branch(request, "comments/threads/thread_detail.html", _seen_comment(request, pk))


@require_safe
@vary_on_headers("HX-Request")
def after(request, pk, last):
    """Show the next part of a branch, after the comment ``last``."""
    comment = _seen_comment(request, pk)
    end = get_object_or_404(
        Comment, pk=last, tree_id=comment.tree_id, lft__gte=comment.lft, rght__lte=comment.rght
    )
    # htmx inserts the part into the current page; without it, it is a page of its own.
    template = (
        "comments/threads/_thread_part.html"
        if request.htmx
        else "comments/threads/thread_part.html"
    )
    return _branch(request, template, comment, end)


def _branch(request, template, comment, last=None):
    try:
        viewer, settings = session.viewer_of(request), session.settings_of(request)
        branch = threads_branch.branch(comment, viewer, last, settings)
    except NoSuchPageError:
        raise Http404 from None
    context = {"post": branch.post, "parent": branch.parent, "thread": branch.thread}
    return render(request, template, context | {"break_": branch.break_})


def _seen_comment(request, pk):
    """Return a comment of a conversation that is not hidden; the comment itself may be."""
    comment = get_object_or_404(Comment.objects.select_related("post", "user"), pk=pk)
    if policy.mode_of(comment.post, session.settings_of(request)) is policy.Mode.HIDDEN:
        raise Http404
    return comment


@require_safe
@vary_on_headers("HX-Request")
def keys(request):
    """Show the keyboard shortcuts of a conversation; htmx puts them into a dialog."""
    name = "_keyboard_shortcuts_dialog" if request.htmx else "keyboard_shortcuts"
    return render(request, f"comments/threads/{name}.html")
