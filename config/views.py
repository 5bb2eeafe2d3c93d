"""Site-wide views: security.txt, favicon, error handlers, CSRF failures, ways into the admin."""

from datetime import timedelta

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER, get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views import defaults
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from accounts.text.plurals import grouped
from blog import markup
from comments.posting import fields as posting_fields
from config.typed_words import typed_words

A_DAY = 24 * 3600
# RFC 9116, 2.5.5 recommends less than a year, so that an abandoned contact expires.
VALID_FOR = timedelta(days=180)


@require_safe
@cache_control(public=True, max_age=A_DAY)
def security_txt(request):
    """Serve the contacts for reporting vulnerabilities (RFC 9116)."""
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
    """Redirect to the icon, for browsers that request this path without a page's link."""
    return redirect(static("icon.svg"))


def bad_request(request, exception):
    """Answer a bad request (``handler400``); one that is too large with 413 and the limit."""
    if isinstance(exception, RequestDataTooBig):
        most = getattr(request, "most_bytes", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        context = {"most": most, "chars": grouped(markup.MAX_LENGTH)}
        return render(request, "413.html", context, status=413)
    return defaults.bad_request(request, exception)


FROM_ELSEWHERE = tuple(
    reason.partition("%s")[0] for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER)
)


@never_cache
def csrf_failure(request, reason=""):
    """Show people their text again after a failed CSRF check (``CSRF_FAILURE_VIEW``).

    Also to somebody of the desk who was signed out meanwhile, with a way to sign in.

    What a reader sent is put into a form again that one press submits, unless another site had sent
    it: the visitor has not typed that. Our script gets a new token in a header, and presses again
    by itself; it gets an empty one, to show this page, where that would send words under another
    name than the form did.
    """
    context = typed_words(request)
    if reason.startswith(FROM_ELSEWHERE):
        context["action"] = ""
    # The new page has a token that its browser knows.
    context["others"] = [each for each in context["others"] if each[0] != "csrfmiddlewaretoken"]
    opened = dict(context["others"])
    context["is_by_another"] = _is_by_another(request, opened)
    if "who" in opened and not request.user.is_authenticated:
        context["login"] = f"{reverse('admin:login')}?next={reverse('admin:index')}"
    response = render(request, "403_csrf.html", context, status=403)
    if request.htmx and context["action"]:
        response["X-Form-Key"] = "" if context["is_by_another"] else get_token(request)
    return response


def _is_by_another(request, fields):
    """Return whether the form was opened by somebody else than would be the one who sends it now.

    A form of the desk says by whom it was opened, and nobody sends it who is signed out.
    """
    if "who" in fields:
        return request.user.is_authenticated and fields["who"] != str(request.user.pk)
    mark = posting_fields.read_mark(fields.get("mark"))
    return bool(mark) and mark.writer not in {None, posting_fields.writer_key(request.user)}


@never_cache
def view_on_site(request, kind, key):
    """Redirect from a row of the admin to its page, if the user may view that row.

    ``kind`` is the pk of a ContentType. Django's own view reveals the URL of any row to all staff,
    and a draft's slug reveals its title.
    """
    model = get_object_or_404(ContentType, pk=kind).model_class()
    if model is None or not admin.site.is_registered(model):
        raise Http404
    page = admin.site.get_model_admin(model)
    row = page.get_object(request, key)
    if row is None or not page.has_view_or_change_permission(request, row):
        raise Http404
    if not hasattr(row, "get_absolute_url"):
        raise Http404
    return redirect(row.get_absolute_url())


@never_cache
def desk_login(request, extra_context=None):
    """The admin's login view: redirect to django-allauth's sign-in, or back if signed in.

    It has no form and accepts no password. Raises PermissionDenied for signed-in users who are
    not staff.
    """
    back = get_next_redirect_url(request) or reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(back, login_url=reverse("account_login"))
    if not request.user.is_staff:
        raise PermissionDenied
    # Not `redirect`, which takes a word for the name of a view.
    return HttpResponseRedirect(back)


@never_cache
def desk_password(request, extra_context=None):
    """The admin's page for one's own password: redirect to the account's, which counts tries."""
    return redirect("account_change_password")
