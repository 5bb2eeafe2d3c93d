"""The page behind a preview link: a post before it is published, for who was given its address."""

from functools import wraps

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from blog.models import Post, PreviewLink
from blog.related import links_of

# For nobody's memory but the friend's own: no copy, no search engine, no address handed on.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def _leaves_no_trace(view):
    @wraps(view)
    def answer(request, token):
        response = view(request, token)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return answer


@require_safe
@_leaves_no_trace
def preview(request, token):
    """Show the newest saved version of the post; one that is public has an address of its own."""
    link = PreviewLink.objects.found_by(token)
    if link is None:
        return render(request, "blog/posts/preview_gone.html", status=404)
    if link.post.is_public:
        return redirect(link.post)
    post = Post.objects.for_page().get(pk=link.post_id)
    context = {
        "parent": f"blog/posts/{post.kind}_detail.html",
        "post": post,
        **links_of(post)._asdict(),
        "comments_enabled": False,
        "preview_until": link.expires_at,
    }
    return render(request, "blog/posts/preview_detail.html", context)
