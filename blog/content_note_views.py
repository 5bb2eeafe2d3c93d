"""The page where a reader chooses which content notes open by themselves in their browser."""

from datetime import timedelta
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from blog.context_processors import open_content_notes
from blog.models import content_notes as models_content_notes
from blog.newsletter.forms import ContentNotesForm

KEPT_FOR = timedelta(days=365)
# Pages on which a reader may have met a content note, so that a link may lead back there.
PAGES_TO_READ = {f"blog:{name}" for name in "home post page tag series archive search".split()}
PAGES_TO_READ |= {"blog:archive_year", "comments:thread", "comments:after"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_content_notes(request):
    """Show the form; on POST, store the choice in a cookie and the account, or forget it."""
    if request.method == "POST":
        return _choose(request)
    known = open_content_notes(request)
    form = ContentNotesForm(initial={"open": list(known), "back": _came_from(request)})
    return _notes_page(request, form, known)


def _choose(request):
    form = ContentNotesForm(request.POST)
    if not form.is_valid():
        return _notes_page(request, form, open_content_notes(request), status=422)
    back = _local(form.cleaned_data["back"])
    here = reverse("blog:notes")
    response = redirect(f"{here}?{urlencode({'back': back})}" if back else here)
    keys = [] if "forget" in request.POST else list(map(int, form.cleaned_data["open"]))
    if request.user.is_authenticated:
        models_content_notes.store_choice(request.user, keys)
    if keys:
        response.set_cookie(
            models_content_notes.COOKIE,
            models_content_notes.as_cookie(keys),
            max_age=KEPT_FOR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(models_content_notes.COOKIE, samesite="Lax")
    return response


def _notes_page(request, form, known, status=200):
    back = _local(form["back"].value())
    context = {"form": form, "remembered": bool(known), "back": back}
    return render(request, "blog/content_notes.html", context, status=status)


def _came_from(request):
    """Return the path on this site that the reader came from, or an empty string."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    came = referrer.path if referrer.netloc == request.get_host() else ""
    came += f"?{referrer.query}" if came and referrer.query else ""
    return _local(request.GET.get("back", came))


def _local(path):
    """Return ``path`` if it is one of PAGES_TO_READ, otherwise an empty string.

    Other paths may contain secret tokens, which must not end up in links, logs or Referer headers.
    """
    safe = path and path.startswith("/") and url_has_allowed_host_and_scheme(path, None)
    try:
        match = safe and resolve(unquote(urlsplit(path).path))
    except Resolver404:
        return ""
    return path if match and match.view_name in PAGES_TO_READ else ""
