"""What is new in a conversation, and where a comment is that an old anchor names.

The script of a page asks here, without any cookie: the answers are the same for everybody.
"""

import re

from django.core.exceptions import BadRequest
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from blog.models import Post
from comments import conversation, news, policy
from comments.models import Comment, ConversationSettings

KEY = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)  # what every database can look up


@require_safe
def what_is_new(request, slug):
    """How many comments appeared after ``?after=``, or with ``&as=html`` these themselves.

    ``&place=`` may follow, as it was told: see :mod:`comments.news`.
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
        return render(request, "comments/_news.html", {"news": found})
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
    return redirect(conversation.address_of(found))
