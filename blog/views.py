"""Public views: lists, search, posts and pages.

Only the querysets of ``blog.models.querysets`` decide who may read what; anything else is a 404.
"""

import re
from urllib.parse import urlencode

from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, ListView

from accounts import throttling
from blog import search, site_cache
from blog.context_processors import current_blog, site_version
from blog.database import statement_limits
from blog.fulltext import query
from blog.images import social_card
from blog.images.drawing_queue import Busy
from blog.models import Post, Series, Tag
from blog.permalinks import absolute
from blog.related import links_of
from blog.syndication import structured_data

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
RESULTS = 20  # of a search, per page
# Of a search that took too long: the same one would again, so there is no hurry (RFC 9110, 10.2.3).
TRY_OTHER_WORDS = {"Retry-After": "60", "Cache-Control": "no-store"}
ARCHIVE_LINES = 200
A_YEAR = 365 * 24 * 3600  # seconds


def page_number(request):
    """Return the number in ``?page=``, or 1 without one. Raises Http404 for anything else."""
    asked = request.GET.get("page", "1")
    if not PAGE_NUMBER.fullmatch(asked):
        raise Http404("There is no page with this number.")
    return int(asked)


def numbered(path, number):
    """Return the path of a page of a list; the first page has no ``?page=``."""
    return path if number == 1 else f"{path}?page={number}"


class PostList(ListView):
    """Published posts, newest first."""

    template_name = "blog/lists/post_list.html"
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
        page = context["page_obj"]
        context["page_obj"] = {
            "number": page.number,
            "count": page.paginator.num_pages,
            "previous_url": page.has_previous() and self.page_path(page.number - 1),
            "next_url": page.has_next() and self.page_path(page.number + 1),
        }
        context["page_number"] = page.number
        context["canonical_url"] = absolute(self.canonical_path(page.number))
        context["is_home"] = self.request.path == reverse("blog:home")
        return context

    def page_path(self, number):
        """Return the path of page ``number`` of this list."""
        return numbered(self.request.path, number)

    def canonical_path(self, number):
        """Return the path by which search engines know page ``number`` of this list."""
        return self.page_path(number)


class TagDetail(PostList):
    """Published posts of one tag; 404 for a tag without any."""

    template_name = "blog/lists/tag_detail.html"
    allow_empty = False

    def get_queryset(self):
        self.tag = get_object_or_404(Tag, slug=self.kwargs["slug"])
        return super().get_queryset().filter(tags=self.tag)

    def get_context_data(self, **kwargs):
        return super().get_context_data(tag=self.tag, **kwargs)


class SeriesDetail(PostList):
    """Published posts of a series, in its order; 404 for a series without any."""

    template_name = "blog/lists/series_detail.html"
    allow_empty = False

    def get_queryset(self):
        self.series = get_object_or_404(Series, slug=self.kwargs["slug"])
        return Post.objects.published().filter(series=self.series).in_series().for_list()

    def get_context_data(self, **kwargs):
        return super().get_context_data(series=self.series, **kwargs)


class Archive(PostList):
    """The titles of one year's posts, with links to the other years."""

    template_name = "blog/lists/archive.html"

    def get_paginate_by(self, queryset):
        return ARCHIVE_LINES

    def get_queryset(self):
        posts = Post.objects.published().posts()
        self.years = posts.by_year()
        if "year" in self.kwargs and self.kwargs["year"] not in self.years:
            raise Http404("Nothing was published that year.")
        self.year = self.kwargs.get("year") or max(self.years, default=None)
        if self.year is None:
            return posts.none()
        return posts.filter(published_at__year=self.year).only(
            "kind", "title", "slug", "published_at"
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            years=self.years, year=self.year, is_newest="year" not in self.kwargs, **kwargs
        )

    def canonical_path(self, number):
        """Return the path of the year's page, also for the address of whatever year is newest."""
        if self.year is None:
            return super().canonical_path(number)
        return numbered(reverse("blog:archive_year", args=[self.year]), number)


class Search(PostList):
    """Search results, matches in titles first; without a query the empty form."""

    template_name = "blog/search/search.html"
    context_object_name = "matches"
    paginate_by = RESULTS

    def get(self, request, *args, **kwargs):
        """Search, unless this visitor does it too often; the empty form costs nothing."""
        is_asked = request.GET.get("q", "").strip()
        if refusal := throttling.refusal(request, "search") if is_asked else None:
            return refusal
        try:
            return super().get(request, *args, **kwargs)
        except OperationalError as error:
            if not statement_limits.was_ended(error):
                raise
            context = {"typed": self.typed, "ticks": self._ticks(), "too_long": True}
            answer = render(request, self.template_name, context, status=503)
            for name, value in TRY_OTHER_WORDS.items():
                answer[name] = value
            return answer

    def get_paginate_by(self, queryset):
        return self.paginate_by

    def get_queryset(self):
        asked = self.request.GET
        self.typed, self.left_out = asked.get("q", "").strip(), asked.getlist("without")
        language = current_blog(self.request).language
        self.found = search.find(query.parse(self.typed), self.left_out, language)
        return self.found.matches[: search.MOST]

    def page_path(self, number):
        words = self._words() + ([("page", number)] if number > 1 else [])
        return f"{self.request.path}?{urlencode(words)}"

    def _words(self):
        return [("q", self.typed), *(("without", kind) for kind in self.left_out)]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        matches, path = context["matches"], reverse("blog:search")
        return context | {
            "canonical_url": absolute(path),
            "typed": self.typed,
            "query": self.found.query,
            "count": context["paginator"].count,
            "too_many": len(self.found.matches) > search.MOST,
            "more": self.found.cut,
            "results": search.to_results(matches, self.found.query),
            "ticks": self._ticks(),
            "everywhere": self.left_out and f"{path}?{urlencode({'q': self.typed})}",
        }

    def _ticks(self):
        return [
            {"kind": source.KIND, "label": source.LABEL, "on": source.KIND in self.left_out}
            for source in search.sources()
            if source.LABEL
        ]


class PostDetail(DetailView):
    """One post; the template includes its comments."""

    template_name = "blog/posts/post_detail.html"
    context_object_name = "post"
    kind = Post.Kind.POST

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            deleted = Post.objects.in_trash().filter(was_public=True, kind=self.kind)
            if not deleted.filter(slug=kwargs["slug"]).exists():
                raise
            return render(request, "410.html", status=410)

    def get_object(self, queryset=None):
        posts = Post.objects.visible_to(self.request.user).for_page()
        return get_object_or_404(posts, kind=self.kind, slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        number = 1 if asked.get("order") and not asked.get("page") else page_number(self.request)
        # Another order of the same comments is not another page for a search engine.
        path = numbered(self.object.get_absolute_url(), 1 if asked.get("order") else number)
        links = self._links()
        return super().get_context_data(
            canonical_url=absolute(path),
            page_number=number,
            metadata=structured_data.post_metadata(
                self.object, current_blog(self.request), links.tags
            ),
            **links._asdict(),
            **kwargs,
        )

    def _links(self):
        """Return the links below the post; cached if it is public, as drafts are not versioned."""
        post = self.object
        version = site_version(self.request) if post.is_public else None
        return site_cache.remembered(version, f"links:{post.pk}", lambda: links_of(post))


class PageDetail(PostDetail):
    """One page, such as "About"."""

    template_name = "blog/posts/page_detail.html"
    kind = Post.Kind.PAGE


@require_safe
def card(request, slug, digest):
    """Serve the social card of a post; an outdated digest redirects to the current one."""
    post = get_object_or_404(Post.objects.public().posts(), slug=slug)
    blog = current_blog(request)
    if digest != social_card.digest(post, blog):
        response = redirect(social_card.path(post, blog))
        response["Cache-Control"] = "no-store"
        return response
    if not social_card.is_drawn(post, blog) and (refused := throttling.refusal(request, "card")):
        return refused
    try:
        image = social_card.png(post, blog)
    except Busy as busy:
        headers = {"Cache-Control": "no-store", "Retry-After": busy.retry_after}
        return HttpResponse(busy.sentence, "text/plain", status=503, headers=headers)
    headers = {"Cache-Control": f"public, max-age={A_YEAR}, immutable"}
    return HttpResponse(image, content_type="image/png", headers=headers)
