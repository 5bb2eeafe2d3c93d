"""Previews in the post admin: a framed page for the author, and links to share.

The page in the frames is the public template with unsaved content. It is the only page that may be
framed, and only by this site; the page around it is the only one that may contain frames.
"""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusal import Refused
from blog.models import PostRevision, PreviewLink, preview_links
from blog.permalinks import absolute
from blog.publishing import preview as publishing_preview
from blog.related import links_of


class PreviewAdmin:
    """Mixed into ``PostAdmin``."""

    def get_urls(self):
        view = self.admin_site.admin_view
        frames = csp_update({"frame-src": [SELF]})(require_safe(self.preview))
        framed = csp_replace({"frame-ancestors": [SELF]})(
            xframe_options_sameorigin(require_safe(self.previewed_page))
        )
        begin, end = require_POST(self.begin_preview), require_POST(self.end_link)
        links = require_http_methods(["GET", "HEAD", "POST"])(self.links)
        return [
            path("preview/", view(begin), name="blog_post_preview_new"),
            path("<int:pk>/preview/", view(begin), name="blog_post_preview"),
            path("preview/<int:key>/", view(frames), name="blog_post_previewed"),
            path("preview/<int:key>/page/", view(framed), name="blog_post_preview_page"),
            path("<int:pk>/links/", view(links), name="blog_post_links"),
            path("<int:pk>/links/<int:key>/end/", view(end), name="blog_post_link_end"),
            *super().get_urls(),
        ]

    # -- the preview itself ----------------------------------------------------------------

    def begin_preview(self, request, pk=None):
        """Store the form as an unsaved revision and redirect to its preview."""
        try:
            row = self.keep_typed(request, pk)
        except Refused as refusal:
            return self._preview_page(request, {"problem": refusal.sentence}, status=413)
        return HttpResponseRedirect(reverse("admin:blog_post_previewed", args=[row.pk]))

    def preview(self, request, key):
        """The page around the frames."""
        row = self._own_unsaved(request, key)
        address = reverse("admin:blog_post_preview_page", args=[key])
        return self._preview_page(request, {"row": row, "address": address})

    def previewed_page(self, request, key):
        """The page inside the frames: as readers see it, without comments."""
        post, tags = publishing_preview.post_from_revision(self._own_unsaved(request, key))
        context = {
            **(links_of(post)._asdict() if post.pk else {}),
            "parent": f"blog/posts/{post.kind}_detail.html",
            "post": post,
            "tags": tags,
            "comments_enabled": False,
            "framed": True,
        }
        return TemplateResponse(request, "blog/posts/preview_detail.html", context)

    def _own_unsaved(self, request, key):
        rows = PostRevision.objects.unsaved().filter(author=request.user)
        row = get_object_or_404(rows.select_related("author"), pk=key)
        self.own_post(request, row.post_id)  # which may have changed hands
        return row

    def _preview_page(self, request, context, status=200):
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Preview"),
            "is_nav_sidebar_enabled": False,
        }
        page = "admin/blog/post/preview.html"
        return TemplateResponse(request, page, common | context, status=status)

    # -- preview links -----------------------------------------------------------------------

    def links(self, request, pk):
        """List the working links of a post; POST makes a new one."""
        post = self.own_post(request, pk)
        if request.method == "POST":
            self._make_link(request, post)
            return HttpResponseRedirect(request.path)
        context = {
            "links": [
                {
                    "address": absolute(link.get_absolute_url()),
                    "link": link,
                    "end": reverse("admin:blog_post_link_end", args=[pk, link.pk]),
                }
                for link in post.preview_links.working().select_related("made_by")
            ],
            "lifetimes": preview_links.LIFETIMES,
            "usual": preview_links.USUAL,
            "zone": timezone.get_current_timezone_name(),
            "is_public": post.is_public,
        }
        return self._page(request, post, "preview_links", _("Preview links"), context)

    def _make_link(self, request, post):
        days = request.POST.get("days", "")
        if days not in map(str, preview_links.LIFETIMES):
            messages.error(request, _("Please choose how long the link should work."))
        elif PreviewLink.objects.make(post, request.user, int(days)) is None:
            text = _("This post already has %d links. Delete one that’s no longer needed.")
            messages.error(request, text % preview_links.MOST)
        else:
            messages.success(request, _("Your link is ready. Copy it below."))

    def end_link(self, request, pk, key):
        """Delete a link, which ends it at once."""
        post = self.own_post(request, pk)
        if not post.preview_links.filter(pk=key).delete()[0]:
            raise Http404
        messages.success(request, _("This link no longer works."))
        return HttpResponseRedirect(reverse("admin:blog_post_links", args=[pk]))
