"""The pages for requesting and downloading an archive of one's personal data.

GET shows, POST acts. Everybody else gets a 404.
"""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rate_limit, throttling
from accounts.auth import reauthentication
from accounts.auth.forms import GuestRequestForm
from accounts.privacy import archives, guest_access

INVALID = 422
acting = require_http_methods(["GET", "HEAD", "POST"])


def private_page(referrer):
    """Decorator: keep the page out of caches and search engines.

    ``referrer`` is the Referrer-Policy for its URL.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(*args, **kwargs):
            response = view(*args, **kwargs)
            response["Referrer-Policy"] = referrer
            response["X-Robots-Tag"] = "noindex"
            return response

        return never_cache(wrapped)

    return decorate


@private_page("same-origin")
@acting
@login_required
def account_archive(request):
    """Request an archive of the signed-in account, show its progress, and link to the file.

    Reauthentication is required before an archive is requested, and before the page shows its
    link, because of browsers left open. allauth replays the POST then, which is harmless here.
    """
    if request.method == "POST":
        if refusal := throttling.refusal(request, "archive"):
            return refusal
        if page := reauthentication.reauthentication_page(request):
            return page
        archives.request_archive(user=request.user)
        return redirect("accounts:archive")
    archive = archives.latest_for_account(request.user)
    given = archive and archive.is_ready and archives.signed(archive)
    if given and (page := reauthentication.reauthentication_page(request)):
        return page
    context = {"archive": archive, "given": given, "may_ask": archives.may_request(archive)}
    if archive and not archive.is_ready:
        context["is_announced"] = archives.notified_email(archive) is not None
    return render(request, "accounts/privacy/archive.html", context)


@private_page("same-origin")
@acting
def request_guest_link(request):
    """Let a guest request a link by mail. The response is the same for every address."""
    form = GuestRequestForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render(request, "accounts/privacy/guest_request.html", {"form": form})
    if wait := guest_access.seconds_to_wait(rate_limit.network_key_of(request.META)):
        return throttling.too_many_requests(request, wait)
    if not form.is_valid():
        return render(
            request, "accounts/privacy/guest_request.html", {"form": form}, status=INVALID
        )
    guest_access.send_link(form.cleaned_data["email"])
    return render(request, "accounts/privacy/guest_request_done.html")


# This page has no form, so not even this site needs its URL as a referrer.
@private_page("no-referrer")
@require_safe
def guest(request, given):
    """Show a guest the progress of their archive, and link to the file."""
    archive = archives.find(given)
    if archive is None or archive.user_id:
        raise Http404
    context = {"archive": archive, "given": given, "is_announced": True}
    return render(request, "accounts/privacy/guest_archive.html", context)


@private_page("no-referrer")
@require_safe
def file(request, given):
    """Send the ZIP file. That of an account requires being signed in to it."""
    if refusal := throttling.refusal(request, "archive"):
        return refusal
    archive = archives.find(given)
    if archive is None or not archive.is_ready:
        raise Http404
    if archive.user_id and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if archive.user_id and archive.user_id != request.user.pk:
        raise Http404
    response = StreamingHttpResponse(archives.iter_parts(archive), content_type="application/zip")
    name = _("archive") + f"-{archive.built_at:%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(archive.size)
    response["X-Content-Type-Options"] = "nosniff"
    return response
