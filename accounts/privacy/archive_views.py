"""The pages on which people ask for all that is kept about them, and fetch it.

GET shows, POST acts. Whoever is not meant finds nothing at these addresses.
"""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rate_limit
from accounts.auth import reauthentication
from accounts.auth.forms import GuestRequestForm
from accounts.privacy import archives, guest_access

INVALID, TOO_MANY = 422, 429
acting = require_http_methods(["GET", "HEAD", "POST"])


def private_page(referrer):
    """Decorator: nobody keeps the page or lists it, and its address goes no farther than that."""

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
    """Ask for the archive of one's account, see how far it is, and fetch it.

    Whoever finds an open browser has to show that it is she before one is made, and before the
    page says where it is fetched. A press is kept until then: it makes an archive and no more.
    """
    if request.method == "POST":
        if page := reauthentication.reauthentication_page(request):
            return page
        archives.request_archive(user=request.user)
        return redirect("accounts:archive")
    archive = archives.latest_for_account(request.user)
    given = archive and archive.is_ready and archives.signed(archive)
    if given and (page := reauthentication.reauthentication_page(request)):
        return page
    context = {"archive": archive, "given": given, "may_ask": archives.may_request(archive)}
    return render(request, "accounts/privacy/archive.html", context)


@private_page("same-origin")
@acting
def request_guest_link(request):
    """Ask as a guest for a link by mail. What is said is the same for every address."""
    form = GuestRequestForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return render(request, "accounts/privacy/guest_request.html", {"form": form})
    if wait := guest_access.seconds_to_wait(rate_limit.network_key_of(request.META)):
        response = render(request, "429.html", status=TOO_MANY)
        response["Retry-After"] = str(wait)
        return response
    if not form.is_valid():
        return render(
            request, "accounts/privacy/guest_request.html", {"form": form}, status=INVALID
        )
    guest_access.send_link(form.cleaned_data["email"])
    return render(request, "accounts/privacy/guest_request_done.html")


# No form stands on this page, so that its address need not even go to ourselves.
@private_page("no-referrer")
@require_safe
def guest(request, given):
    """Where a guest waits for her archive, and fetches it."""
    archive = archives.find(given)
    if archive is None or archive.user_id:
        raise Http404
    return render(
        request, "accounts/privacy/guest_archive.html", {"archive": archive, "given": given}
    )


@private_page("no-referrer")
@require_safe
def file(request, given):
    """Send the file. That of an account goes to nobody who is not signed in to it."""
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
