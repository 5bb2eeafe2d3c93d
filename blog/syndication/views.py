"""robots.txt, and the key file of IndexNow."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.context_processors import current_blog
from blog.permalinks import absolute
from blog.syndication import indexnow

# Forms and private pages.
NOT_FOR_ROBOTS = (
    "/admin/",
    "/account/",
    "/posts/*/reply/",
    "/posts/*/news/",
    "/posts/*/anchor/",
    "/comments/*/reply/",
)
PLAIN = "text/plain; charset=utf-8"


@require_safe
def robots(request):
    """Serve robots.txt (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {absolute(reverse('blog:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type=PLAIN)


@require_safe
def indexnow_key(request, key):
    """Serve the IndexNow key file, while IndexNow is configured."""
    if key != indexnow.key() or not current_blog(request).indexnow:
        raise Http404
    return HttpResponse(key, content_type=PLAIN)
