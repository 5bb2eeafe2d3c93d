"""What is new in a conversation, and where a comment is that an old anchor names.

The script of a page asks here, without any cookie: the answers are the same for everybody.
"""

import re

from django.core.exceptions import BadRequest
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from blog.models import Post
from comments import policy
from comments.guests import session
from comments.models import Comment, ConversationSettings
from comments.threads import branch as threads_branch
from comments.threads import news, page
from comments.threads.thread import NoSuchPageError

KEY = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)  # what every database can look up


@require_safe
def what_is_new(request, slug):
    """How many comments appeared after ``?after=``, or with ``&as=html`` these themselves.

    ``&place=`` may follow, as it was told: see :mod:`comments.threads.news`.
    """
    asked, place = request.GET.get("after", ""), request.GET.get("place", "0")
    if not (KEY.fullmatch(asked) and KEY.fullmatch(place)):
        raise BadRequest(
            "after= is the number of a comment, or 0; place= is a number as it was told."
        )
    post = get_object_or_404(Post.objects.select_related("author"), slug=slug)
    shown = request.GET.get("as") == "html"
    try:
        found = news.news(post, int(asked), int(place) or None, shown)
    except news.NoSuchConversationError:
        raise Http404 from None
    if shown:
        return render(request, "comments/threads/_news.html", {"news": found})
    told = {"count": found.count, "new": found.keys, "last": found.last, "open": found.is_open}
    return JsonResponse(told | ({"place": found.place} if found.place else {}))


@require_safe
def anchor(request, slug, number):
    """Lead from ``#comment-<number>``, which is not on the page that was opened, to where it is.

    The number is a comment's own, or the one that it had in the system that it came from.
    """
    post = get_object_or_404(Post, slug=slug)
    if policy.mode_of(post, ConversationSettings.get()) is policy.Mode.HIDDEN:
        raise Http404
    found = Comment.objects.named(post, number)
    if found is None:
        raise Http404
    return redirect(page.address_of(found))


@require_safe
def permalink(request, pk):
    """Lead to the page of the post that shows the comment."""
    comment = _seen_comment(request, pk)
    if not policy.may_see(comment, session.viewer_of(request)):
        raise Http404
    return redirect(page.address_of(comment, session.settings_of(request)))


@require_safe
def thread(request, pk):
    """One branch, with what it answers."""
    return _branch(request, "comments/threads/thread_detail.html", _seen_comment(request, pk))


@require_safe
@vary_on_headers("HX-Request")
def after(request, pk, last):
    """The next part of a branch, after the comment ``last``."""
    comment = _seen_comment(request, pk)
    end = get_object_or_404(
        Comment, pk=last, tree_id=comment.tree_id, lft__gte=comment.lft, rght__lte=comment.rght
    )
    # htmx puts the part into the page that is there; everybody else gets a page of its own.
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
    return render(request, template, context | {"rest": branch.rest})


def _seen_comment(request, pk):
    """Return a comment whose conversation is shown; its own words may be hidden."""
    comment = get_object_or_404(Comment.objects.select_related("post", "user"), pk=pk)
    if policy.mode_of(comment.post, session.settings_of(request)) is policy.Mode.HIDDEN:
        raise Http404
    return comment


@require_safe
@vary_on_headers("HX-Request")
def keys(request):
    """The keys that move through a conversation; htmx shows them in a dialog."""
    name = "_keyboard_shortcuts_dialog" if request.htmx else "keyboard_shortcuts"
    return render(request, f"comments/threads/{name}.html")
