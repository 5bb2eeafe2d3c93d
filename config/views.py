"""Small addresses that other programs ask every site for."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

A_DAY = 24 * 3600
# RFC 9116, 2.5.5 recommends less than a year. Who is no longer there to read soon looks it.
VALID_FOR = timedelta(days=180)


@require_safe
@cache_control(public=True, max_age=A_DAY)
def security_txt(request):
    """Whom to tell about a weakness (https://www.rfc-editor.org/rfc/rfc9116)."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + VALID_FOR).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {expires}",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=A_DAY)
def favicon(request):
    """Browsers ask for this address where no page has told them of the mark."""
    return redirect(static("icon.svg"))
