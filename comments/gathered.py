"""What one person wrote that readers see anyway, gathered for her public profile."""

from django.core.paginator import Paginator

from blog.models import Post
from comments.models import Comment

COMMENTS_A_PAGE = 25


def comments_of(person, number):
    """Return a template and its context: a page of somebody's comments, newest first.

    One of ``settings.PROFILE_PARTS``. Raises LookupError where there is no page of this number.
    """
    # What somebody disowned is nobody's, here as everywhere; what she claimed was a guest's.
    hers = {"user": person, "claimed_at": None}
    public = Comment.objects.public().filter(post__in=Post.objects.published(), **hers)
    shown = public.select_related("post", "content_note")
    pages = Paginator(shown.order_by("-created_at", "-pk"), COMMENTS_A_PAGE)
    if not 1 <= number <= pages.num_pages:
        raise LookupError(number)
    page = pages.page(number)
    return "comments/_gathered.html", {
        "comments": page.object_list,
        "number": number,
        "count": pages.num_pages,
        "previous_url": page.has_previous() and f"?page={number - 1}",
        "next_url": page.has_next() and f"?page={number + 1}",
    }
