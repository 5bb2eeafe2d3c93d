"""The pages on which people follow a conversation, and the one that ends a proof.

GET shows, POST acts. What a guest is told is the same whether her address is known here or not.
"""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from blog.models import Post
from comments import following, guest, policy, recognising
from comments.forms import FollowForm, GuestFollowForm
from comments.models import Comment, ConversationSettings

TOO_MANY, INVALID = 429, 422
acting = require_http_methods(["GET", "HEAD", "POST"])
STOP, FOLLOW = "stop", "follow"
FOLLOWINGS_A_PAGE = 25


@never_cache
@acting
def post(request, slug):
    """Follow all that is said on a post."""
    found = get_object_or_404(Post, slug=slug)
    _refuse_hidden(found)
    return _follow(request, post=found)


@never_cache
@acting
def comment(request, pk):
    """Follow the answers to one comment."""
    comments = Comment.objects.with_names().select_related("post")
    found = get_object_or_404(comments, pk=pk)
    _refuse_hidden(found.post)
    if not policy.may_see(found, guest.viewer_of(request)):
        raise Http404
    return _follow(request, comment=found)


@never_cache
@acting
def everything(request):
    """Follow all conversations."""
    return _follow(request)


def _refuse_hidden(found):
    if policy.mode_of(found, ConversationSettings.get()) is policy.Mode.HIDDEN:
        raise Http404


def _follow(request, **what):
    if request.user.is_authenticated:
        return _follow_by_account(request, what)
    form = GuestFollowForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, form, what)
    if not form.is_valid():
        return _page(request, form, what, status=INVALID)
    if wait := guest.seconds_to_wait(request, "following"):
        form.add_error(None, _("Many wishes came from here in a short time. Wait a little."))
        response = _page(request, form, what, status=TOO_MANY)
        response["Retry-After"] = str(wait)
        return response
    own = guest.viewer_of(request).own
    counts = following.of_guest(form.cleaned_data["email"], form.wish(**what), own)
    return render(request, "comments/following_done.html", {"counts": counts, **what})


def _follow_by_account(request, what):
    user, row = request.user, following.wish_of(request.user, **what)
    if request.method == "POST" and request.POST.get("act") == STOP:
        following.stop(following.Follower(user=user), [row.pk] if row else [])
        return redirect(request.path)
    initial = {"discreet": following.is_discreet(user), "rhythm": (row or user).rhythm}
    form = FollowForm(request.POST if request.method == "POST" else None, initial=initial)
    proved = following.Follower(user=user).email
    if form.is_bound and proved and form.is_valid():
        following.of_account(user, form.wish(**what))
        return redirect(request.path)
    status = INVALID if form.is_bound else 200
    return _page(request, form, what, status, followed=row, to_address=proved)


def _page(request, form, what, status=200, **more):
    context = {"form": form, "post": None, "comment": None, **what, **more}
    return render(request, "comments/following_form.html", context, status=status)


@never_cache
@acting
@login_required
def own(request):
    """All that somebody with an account follows, each with a button that ends it."""
    follower = following.Follower(user=request.user)
    if request.method == "POST":
        chosen = request.POST.get("following", "")
        following.stop(follower, None if chosen == "all" else _keys(chosen))
        return redirect("comments:followings")
    rows = follower.followings().select_related("post", "comment__post")
    pages = Paginator(rows.order_by("-created_at", "-pk"), FOLLOWINGS_A_PAGE)
    page, settings = pages.get_page(request.GET.get("page")), ConversationSettings.get()
    context = {
        "lines": [Line(row, settings) for row in page],
        "number": page.number,
        "count": pages.num_pages,
        "previous_url": page.has_previous() and f"?page={page.number - 1}",
        "next_url": page.has_next() and f"?page={page.number + 1}",
    }
    return render(request, "comments/following_list.html", context)


def _keys(chosen):
    return [_key(chosen)] if _key(chosen) else []


def _key(text):
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


class Line:
    """A following as the list shows it; what readers cannot see at the moment has no link."""

    def __init__(self, row, settings):
        self.row = row
        post = row.post or (row.comment and row.comment.post)
        mode = post and policy.mode_of(post, settings)
        self.is_shown = post is None or mode is not policy.Mode.HIDDEN
        self.title = post.title if post and post.is_public else ""
        if row.comment:
            self.url = reverse("comments:follow_comment", args=[row.comment_id])
        else:
            self.url = reverse("comments:follow_post", args=[post.slug]) if post else ""


@never_cache
@acting
def proof(request, given):
    """Where the proof of an address leads: what does she wish to follow, what did she write?

    Two forms, and each decides its own. The page is as neutral as that of the link before it, but
    for the titles of what is to be followed.
    """
    address = recognising.address_of(given)
    if address is None:
        raise Http404
    mine = guest.viewer_of(request).own
    act = request.method == "POST" and request.POST.get("act", "claim")
    chosen = [_key(each) for each in request.POST.getlist("following")] if act == FOLLOW else []
    context = {
        "followed": following.confirm(address, filter(None, chosen), "discreet" in request.POST),
        "done": act == "claim" and recognising.claim(address, mine),
        "nothing": act == FOLLOW and not chosen,
        "count": recognising.claimable(address, mine).count(),
        "lines": _waiting(address, mine),
        "discreet": not following.is_open(address),
    }
    response = render(request, "comments/proof_detail.html", context)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _waiting(address, mine):
    """Lines of the wishes that wait; ticked is one that stands alone and was made right here."""
    found, settings = list(following.waiting(address)), ConversationSettings.get()
    lines = [Line(row, settings) for row in found]
    for line in lines:
        line.is_ticked = len(lines) == 1 and following.is_made_here(line.row, mine)
    return lines
