"""The pages where somebody claims, for their account, what they wrote as a guest."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments.guests import account_claims
from comments.models import ConversationSettings
from comments.receipts.receipt import Receipt
from comments.receipts.views import ACTS, for_the_writer

# Each is shown in full, to be recognised.
COMMENTS_A_PAGE = 10


@never_cache
@require_http_methods(ACTS)
@login_required
def claim_list(request):
    """List the comments that may be claimed; only ticked ones are."""
    done = nothing = None
    if request.method == "POST":
        chosen = [key for key in request.POST.getlist("comment") if _is_key(key)]
        done, nothing = account_claims.claim(request.user, chosen), not chosen
    claimable = (
        account_claims.claimable(request.user).with_names().select_related("post", "content_note")
    )
    pages = Paginator(claimable.order_by("-created_at", "-pk"), COMMENTS_A_PAGE)
    page, settings = pages.get_page(request.GET.get("page")), ConversationSettings.get()
    context = {
        "lines": [Receipt.of(comment, settings, {}) for comment in page],
        "done": done,
        "nothing": nothing,
        "number": page.number,
        "count": pages.num_pages,
        "previous_url": page.has_previous() and f"?page={page.number - 1}",
        "next_url": page.has_next() and f"?page={page.number + 1}",
    }
    return render(request, "comments/claims/claim_list.html", context)


def _is_key(text):
    return text.isascii() and text.isdecimal() and len(text) < 19


@for_the_writer(ACTS)
def by_link(request, comment, token):
    """Claim one comment by its private link."""
    user = request.user
    if not user.is_authenticated or not account_claims.may_claim_by_link(user, comment):
        raise Http404
    if request.method == "POST":
        if not account_claims.claim_by_link(user, comment.pk):
            raise Http404
        return redirect("comments:own_receipt", comment.pk)
    return render(request, "comments/claims/claim_form.html", {"receipt": Receipt.of(comment)})
