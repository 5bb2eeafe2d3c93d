"""Deleting a post in the admin: to the trash, back from it, and for good."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog.models import Post
from blog.publishing import trash

CHANGE, LIST, TRASH = (
    "admin:blog_post_change",
    "admin:blog_post_changelist",
    "admin:blog_post_trash",
)
HAS_COMMENTS = gettext_lazy(
    "This post has comments, so it can’t be deleted. Archive it instead: it disappears "
    "from all lists, and its comments are closed but kept."
)


class TrashAdmin:
    """Mixed into ``PostAdmin``."""

    def get_urls(self):
        own = [
            ("trash/", require_safe(self.trash), "trash"),
            ("<int:pk>/restore/", require_POST(self.restore), "restore"),
            ("<int:pk>/erase/", require_http_methods(["GET", "POST"])(self.erase), "erase"),
        ]
        view = self.admin_site.admin_view
        return [
            *(path(at, view(act), name=f"blog_post_{name}") for at, act, name in own),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request, obj=None):
        """Owners delete everything, authors those of their own posts that nobody has read."""
        if super().has_delete_permission(request, obj):
            return True
        is_own = obj is not None and obj.author_id == request.user.pk
        return is_own and not obj.has_been_public and self.has_change_permission(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        """Move a post to the trash; a GET asks first."""
        post = self._to_delete(request, object_id)
        if trash.with_comments(Post.objects.filter(pk=post.pk)):
            return self._archive_instead(request, post)
        if request.method != "POST":
            return self._page(
                request, post, "delete_confirmation", _("Delete"), {"days": trash.KEPT.days}
            )
        with transaction.atomic():
            Post.objects.select_for_update().get(pk=post.pk)
            post = self._to_delete(request, object_id)  # perhaps it was published meanwhile
            if trash.with_comments(Post.objects.filter(pk=post.pk)):
                return self._archive_instead(request, post)
            trash.move(post)
            self.log_change(request, post, _("Moved to the trash."))
        said = _("“%(title)s” is in the trash for %(days)d days.")
        said %= {"title": post.title, "days": trash.KEPT.days}
        link = format_html('<a href="{}">{}</a>', reverse(TRASH), _("Open trash"))
        messages.success(request, format_html("{} {}", said, link))
        return HttpResponseRedirect(reverse(LIST))

    def _archive_instead(self, request, post):
        messages.warning(request, HAS_COMMENTS)
        return HttpResponseRedirect(reverse(CHANGE, args=[post.pk]))

    def _to_delete(self, request, key):
        post = self.get_object(request, key)
        if not self.has_delete_permission(request, post):
            raise PermissionDenied
        if post.is_in_trash:
            raise Http404
        return post

    # -- the trash -----------------------------------------------------------------------

    def trash(self, request):
        """List the posts in the trash that this person may change."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        posts = self.of_person(request).in_trash().select_related("author").defer("body")
        rows = [
            {
                "post": post,
                "until": post.trashed_at + trash.KEPT,
                "deletable": self.has_delete_permission(request, post),
            }
            for post in posts
        ]
        context = {"rows": rows, "days": trash.KEPT.days}
        return self._page(request, None, "trash", _("Trash"), context)

    def restore(self, request, pk):
        """Make a post in the trash what it was before."""
        with transaction.atomic():
            post = self._from_trash(request, pk)
            trash.restore(post)
            self.log_change(request, post, _("Restored from the trash."))
        said = _("“%(title)s” is back. Status: %(state)s.")
        messages.success(request, said % {"title": post.title, "state": post.get_status_display()})
        return HttpResponseRedirect(reverse(CHANGE, args=[pk]))

    def erase(self, request, pk):
        """Delete a post in the trash for good, as soon as that was confirmed."""
        post = self._from_trash(request, pk)
        if request.method != "POST":
            return self._page(request, post, "erase_confirmation", _("Delete now"), {})
        if trash.delete_for_good(Post.objects.in_trash().filter(pk=post.pk)):
            messages.success(request, _("The post and its versions are deleted for good."))
        else:
            messages.warning(request, HAS_COMMENTS)
        return HttpResponseRedirect(reverse(TRASH))

    def _from_trash(self, request, pk):
        """Return a locked post in the trash; raises Http404 or PermissionDenied."""
        with transaction.atomic():
            Post.objects.select_for_update().filter(pk=pk).first()
            post = self.get_object(request, str(pk))
        if not post.is_in_trash:
            raise Http404
        if not self.has_delete_permission(request, post):
            raise PermissionDenied
        return post
