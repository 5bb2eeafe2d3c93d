"""Comments in the admin: the way to the queue, the replies that the owner saves.

What moderators see and decide is in :mod:`comments.queue`. Nobody rewrites here what somebody else
wrote.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from comments import following_admin, reaction_admin, settings_admin, writers_admin
from comments.admin_log import ReadOnly
from comments.checks import admin as checks_admin
from comments.models import Comment
from comments.queue.views import old_list
from comments.reasons import SavedReply

# Registered by being imported.
__all__ = ["checks_admin", "following_admin", "reaction_admin", "settings_admin", "writers_admin"]


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    """Where the list of comments was: its addresses lead to the queue."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return old_list(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("queue:comment", pk=int(object_id) if object_id.isdecimal() else 0)


@admin.register(SavedReply)
class SavedReplyAdmin(admin.ModelAdmin):
    """Words to begin an answer with; the owner keeps them."""

    list_display = ["title", "use", "order"]
    list_filter = ["use"]
