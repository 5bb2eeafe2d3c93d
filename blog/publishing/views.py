"""The page behind a preview link: a post before publication, for people with the link."""

from functools import wraps

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from blog.models import Post, PreviewLink
from blog.related import links_of

# Keep the secret address out of caches, search engines and Referer headers.
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
    """Show the post as last saved; redirect to its own address once it is public."""
    link = PreviewLink.objects.found_by(token)
    if link is None or link.post.is_in_trash:
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
