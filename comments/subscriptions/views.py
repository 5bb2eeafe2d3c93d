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
from comments import policy
from comments.guests import address_proofs, session
from comments.models import Comment, ConversationSettings
from comments.subscriptions import subscribe
from comments.subscriptions.forms import GuestSubscriptionForm, SubscriptionForm

TOO_MANY, INVALID = 429, 422
acting = require_http_methods(["GET", "HEAD", "POST"])
STOP, FOLLOW = "stop", "follow"
SUBSCRIPTIONS_PER_PAGE = 25


@never_cache
@acting
def subscribe_to_post(request, slug):
    """Follow all that is said on a post."""
    found = get_object_or_404(Post, slug=slug)
    _refuse_hidden(found)
    return _follow(request, post=found)


@never_cache
@acting
def subscribe_to_comment(request, pk):
    """Follow the answers to one comment."""
    comments = Comment.objects.with_names().select_related("post")
    found = get_object_or_404(comments, pk=pk)
    _refuse_hidden(found.post)
    if not policy.may_see(found, session.viewer_of(request)):
        raise Http404
    return _follow(request, comment=found)


@never_cache
@acting
def subscribe_to_all(request):
    """Follow all conversations."""
    return _follow(request)


def _refuse_hidden(found):
    if policy.mode_of(found, ConversationSettings.get()) is policy.Mode.HIDDEN:
        raise Http404


def _follow(request, **what):
    if request.user.is_authenticated:
        return _follow_by_account(request, what)
    form = GuestSubscriptionForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, form, what)
    if not form.is_valid():
        return _page(request, form, what, status=INVALID)
    if wait := session.seconds_to_wait(request, "following"):
        form.add_error(None, _("Many wishes came from here in a short time. Wait a little."))
        response = _page(request, form, what, status=TOO_MANY)
        response["Retry-After"] = str(wait)
        return response
    own = session.viewer_of(request).own
    counts = subscribe.subscribe_guest(form.cleaned_data["email"], form.wish(**what), own)
    return render(
        request, "comments/subscriptions/subscription_done.html", {"counts": counts, **what}
    )


def _follow_by_account(request, what):
    user, row = request.user, subscribe.subscription_of(request.user, **what)
    if request.method == "POST" and request.POST.get("act") == STOP:
        subscribe.unsubscribe(subscribe.Subscriber(user=user), [row.pk] if row else [])
        return redirect(request.path)
    initial = {"discreet": user.discreet, "rhythm": (row or user).rhythm}
    form = SubscriptionForm(request.POST if request.method == "POST" else None, initial=initial)
    proved = subscribe.Subscriber(user=user).email
    if form.is_bound and proved and form.is_valid():
        subscribe.subscribe_account(user, form.wish(**what))
        return redirect(request.path)
    status = INVALID if form.is_bound else 200
    return _page(request, form, what, status, followed=row, to_address=proved)


def _page(request, form, what, status=200, **more):
    context = {"form": form, "post": None, "comment": None, **what, **more}
    return render(request, "comments/subscriptions/subscription_form.html", context, status=status)


@never_cache
@acting
@login_required
def subscription_list(request):
    """All that somebody with an account follows, each with a button that ends it."""
    follower = subscribe.Subscriber(user=request.user)
    if request.method == "POST":
        chosen = request.POST.get("following", "")
        subscribe.unsubscribe(follower, None if chosen == "all" else _keys(chosen))
        return redirect("comments:followings")
    rows = follower.followings().select_related("post", "comment__post")
    pages = Paginator(rows.order_by("-created_at", "-pk"), SUBSCRIPTIONS_PER_PAGE)
    page, settings = pages.get_page(request.GET.get("page")), ConversationSettings.get()
    context = {
        "lines": [SubscriptionLine(row, settings) for row in page],
        "number": page.number,
        "count": pages.num_pages,
        "previous_url": page.has_previous() and f"?page={page.number - 1}",
        "next_url": page.has_next() and f"?page={page.number + 1}",
    }
    return render(request, "comments/subscriptions/subscription_list.html", context)


def _keys(chosen):
    return [_key(chosen)] if _key(chosen) else []


def _key(text):
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


class SubscriptionLine:
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
def confirm_subscriptions(request, given):
    """Where the proof of an address leads: what does she wish to follow, what did she write?

    Two forms, and each decides its own. The page is as neutral as that of the link before it, but
    for the titles of what is to be followed.
    """
    address = address_proofs.address_from_token(given)
    if address is None:
        raise Http404
    mine = session.viewer_of(request).own
    act = request.method == "POST" and request.POST.get("act", "claim")
    chosen = [_key(each) for each in request.POST.getlist("following")] if act == FOLLOW else []
    context = {
        "followed": subscribe.confirm(address, filter(None, chosen), "discreet" in request.POST),
        "done": act == "claim" and address_proofs.claim_comments(address, mine),
        "nothing": act == FOLLOW and not chosen,
        "count": address_proofs.claimable_comments(address, mine).count(),
        "lines": _waiting(address, mine),
        "discreet": not subscribe.prefers_open_mails(address),
    }
    response = render(request, "comments/subscriptions/confirm_subscriptions.html", context)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _waiting(address, mine):
    """Lines of the wishes that wait; ticked is one that stands alone and was made right here."""
    found, settings = list(subscribe.pending_subscriptions(address)), ConversationSettings.get()
    lines = [SubscriptionLine(row, settings) for row in found]
    for line in lines:
        line.is_checked = len(lines) == 1 and subscribe.is_from_this_browser(line.row, mine)
    return lines
