"""The page where a moderator stops or resumes their digests."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments.care import rota
from comments.digests import preferences
from comments.guests import session


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def moderator_emails(request):
    """Show whether digests are on, with a button to stop or resume them."""
    if not request.user.has_perm(rota.MODERATES):
        raise Http404
    if request.method == "POST":
        stops = "stop" in request.POST
        (preferences.stop_digests if stops else preferences.resume_digests)(request.user)
        return redirect("comments:moderator_mail")
    context = {
        "has_stopped": preferences.has_stopped(request.user),
        "settings": session.settings_of(request),
        "is_reachable": request.user.has_verified_address(),
    }
    return render(request, "comments/digests/moderator_emails.html", context)
