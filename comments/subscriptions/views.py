"""The pages for subscribing to comments, and the one that confirms an address.

GET shows, POST acts. A guest is told the same whether their address is known here or not.
"""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import throttling
from accounts.mail import address_proofs
from blog.models import Post
from comments import policy, timestamps
from comments.guests import recognition, session
from comments.models import Comment, ConversationSettings
from comments.subscriptions import subscribe
from comments.subscriptions.forms import GuestSubscriptionForm, SubscriptionForm

INVALID = 422
acting = require_http_methods(["GET", "HEAD", "POST"])
STOP, FOLLOW, AGAIN = "stop", "follow", "again"
SUBSCRIPTIONS_PER_PAGE = 25


@never_cache
@acting
def subscribe_to_post(request, slug):
    """Subscribe to all comments on a post."""
    post = get_object_or_404(Post, slug=slug)
    _refuse_hidden(post)
    return _subscribe(request, post=post)


@never_cache
@acting
def subscribe_to_comment(request, pk):
    """Subscribe to the replies to one comment."""
    comments = Comment.objects.with_names().select_related("post")
    comment = get_object_or_404(comments, pk=pk)
    _refuse_hidden(comment.post)
    if not policy.may_see(comment, session.viewer_of(request)):
        raise Http404
    return _subscribe(request, comment=comment)


@never_cache
@acting
def subscribe_to_all(request):
    """Subscribe to all comments."""
    return _subscribe(request)


def _refuse_hidden(post):
    if policy.mode_of(post, ConversationSettings.get()) is policy.Mode.HIDDEN:
        raise Http404


def _subscribe(request, **target):
    if request.user.is_authenticated:
        return _subscribe_account(request, target)
    form = GuestSubscriptionForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, form, target)
    if wait := session.seconds_to_wait(request, "following"):
        throttling.refuse_unchecked(form, timestamps.please_wait(wait))
        page = _page(request, form, target, status=throttling.TOO_MANY)
        return throttling.slowed(page, wait)
    if not form.is_valid():
        return _page(request, form, target, status=INVALID)
    own = session.viewer_of(request).own
    wanted = form.subscription_request(**target)
    counts = subscribe.subscribe_guest(form.cleaned_data["email"], wanted, own)
    return render(
        request, "comments/subscriptions/subscription_done.html", {"counts": counts, **target}
    )


def _subscribe_account(request, target):
    user, existing = request.user, subscribe.subscription_of(request.user, **target)
    if request.method == "POST" and request.POST.get("act") == STOP:
        subscribe.unsubscribe(subscribe.Subscriber(user=user), [existing.pk] if existing else [])
        return redirect(request.path)
    initial = {"discreet": user.discreet, "rhythm": (existing or user).rhythm}
    form = SubscriptionForm(request.POST if request.method == "POST" else None, initial=initial)
    verified = subscribe.Subscriber(user=user).email
    if form.is_bound and verified and form.is_valid():
        subscribe.subscribe_account(user, form.subscription_request(**target))
        return redirect(request.path)
    status = INVALID if form.is_bound else 200
    return _page(request, form, target, status, followed=existing, to_address=verified)


def _page(request, form, target, status=200, **more):
    context = {"form": form, "post": None, "comment": None, **target, **more}
    return render(request, "comments/subscriptions/subscription_form.html", context, status=status)


@never_cache
@acting
@login_required
def subscription_list(request):
    """List an account's subscriptions, each with a button that ends it."""
    subscriber = subscribe.Subscriber(user=request.user)
    if request.method == "POST":
        chosen = request.POST.get("following", "")
        if chosen == AGAIN and subscriber.email:
            address_proofs.resume_mail(subscriber.email)
        else:
            subscribe.unsubscribe(subscriber, None if chosen == "all" else _keys(chosen))
        return redirect("comments:followings")
    rows = subscriber.subscriptions().select_related("post", "comment__post")
    pages = Paginator(rows.order_by("-created_at", "-pk"), SUBSCRIPTIONS_PER_PAGE)
    page, settings = pages.get_page(request.GET.get("page")), ConversationSettings.get()
    # All wishes of a mailbox are marked together.
    refused_at = next((row.refused_at for row in page if row.refused_at), None)
    context = {
        "refused_at": refused_at,
        "to_address": refused_at and subscriber.email,
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
    """A subscription in a list; without a title while readers cannot see its post."""

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

    @property
    def what(self):
        """What is followed, in words."""
        title = {"title": self.title}
        if self.row.comment_id:
            if not self.title:
                return _("Replies to a comment")
            return _("Replies to a comment on “%(title)s”") % title
        if self.row.post_id:
            return _("Conversation on “%(title)s”") % title if self.title else _("A conversation")
        return _("All conversations")


@never_cache
@acting
def confirm_subscriptions(request, given):
    """After verifying an address: confirm subscriptions, and claim this browser's comments.

    Two independent forms. Like the page before it, it gives nothing away but the titles to
    subscribe to.
    """
    address = recognition.address_from_token(given)
    if address is None:
        raise Http404
    own = session.viewer_of(request).own
    act = request.method == "POST" and request.POST.get("act", "claim")
    chosen = [_key(text) for text in request.POST.getlist("following")] if act == FOLLOW else []
    context = {
        "followed": subscribe.confirm(address, filter(None, chosen), "discreet" in request.POST),
        "done": act == "claim" and recognition.claim_comments(address, own),
        "nothing": act == FOLLOW and not chosen,
        "count": recognition.claimable_comments(address, own).count(),
        "lines": _pending(address, own),
        "discreet": not subscribe.prefers_open_mails(address),
    }
    response = render(request, "comments/subscriptions/confirm_subscriptions.html", context)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _pending(address, own):
    """Return the pending subscriptions; a single one that this browser requested is ticked."""
    pending, settings = subscribe.pending_subscriptions(address), ConversationSettings.get()
    lines = [SubscriptionLine(row, settings) for row in pending]
    for line in lines:
        line.is_checked = len(lines) == 1 and subscribe.is_from_this_browser(line.row, own)
    return lines
