"""Pages for readers: lists, posts and pages.

Who may read what is decided by the querysets of ``blog.models`` alone; what a reader
may not see is not found.
"""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, ListView

from blog.addresses import absolute
from blog.context import current_blog
from blog.models import Post, Tag

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
# Forms and people's own pages: nothing there is for a search engine.
NOT_FOR_ROBOTS = (
    "/admin/",
    "/account/",
    "/posts/*/reply/",
    "/posts/*/news/",
    "/posts/*/anchor/",
    "/comments/*/reply/",
)


def page_number(request):
    """Return the number in ``?page=``, 1 without one; raises Http404 for anything else."""
    asked = request.GET.get("page", "1")
    if not PAGE_NUMBER.fullmatch(asked):
        raise Http404(_("There is no page of this number."))
    return int(asked)


def numbered(path, number):
    """Return the path of a page of a list; the first one has no number."""
    return path if number == 1 else f"{path}?page={number}"


class PostList(ListView):
    """Published posts, newest first."""

    template_name = "blog/post_list.html"
    context_object_name = "posts"

    def get_queryset(self):
        return Post.objects.published().posts().for_list()

    def get_paginate_by(self, queryset):
        return current_blog(self.request).posts_per_page

    def paginate_queryset(self, queryset, page_size):
        page_number(self.request)
        return super().paginate_queryset(queryset, page_size)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page, path = context["page_obj"], self.request.path
        context["page_obj"] = {
            "number": page.number,
            "count": page.paginator.num_pages,
            "previous_url": page.has_previous() and numbered(path, page.number - 1),
            "next_url": page.has_next() and numbered(path, page.number + 1),
        }
        context["canonical_url"] = absolute(numbered(path, page.number))
        return context


class TagDetail(PostList):
    """Published posts of one tag; a tag of drafts alone is not found."""

    template_name = "blog/tag_detail.html"
    allow_empty = False

    def get_queryset(self):
        self.tag = get_object_or_404(Tag, slug=self.kwargs["slug"])
        return super().get_queryset().filter(tags=self.tag)

    def get_context_data(self, **kwargs):
        return super().get_context_data(tag=self.tag, **kwargs)


class PostDetail(DetailView):
    """One post; its conversation is mounted by the template."""

    template_name = "blog/post_detail.html"
    context_object_name = "post"

    def get_queryset(self):
        return Post.objects.visible_to(self.request.user).posts()

    def get_object(self, queryset=None):
        rows = self.get_queryset().select_related("author").prefetch_related("tags")
        return get_object_or_404(rows, slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs):
        # The same comments in another order, or some of them, are no other page for a robot.
        number = page_number(self.request) if "order" not in self.request.GET else 1
        path = numbered(self.object.get_absolute_url(), number)
        return super().get_context_data(canonical_url=absolute(path), **kwargs)


class PageDetail(PostDetail):
    """One page, such as "About"."""

    template_name = "blog/page_detail.html"

    def get_queryset(self):
        return Post.objects.visible_to(self.request.user).pages()


@require_safe
def robots(request):
    """robots.txt (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {absolute(reverse('blog:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
