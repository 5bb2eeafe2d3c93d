"""The moderation log in the admin, to be read only."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.log import ModerationAction
from comments.status import Status


class ReadOnly(admin.ModelAdmin):
    """Rows that nobody adds, rewrites or deletes by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ModerationAction)
class ModerationActionAdmin(ReadOnly):
    """The log, to be read only."""

    list_display = ["created_at", "act", "comment_key", "who", "before", "after", "reason"]
    list_display_links = None
    list_filter = ["act", "created_at"]
    list_select_related = ["who"]
    list_max_show_all = 0
    search_fields = ["=comment_key", "who__username", "reason"]
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        title = _("Moderation log")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @admin.display(description=gettext_lazy("before"))
    def before(self, action):
        return "" if action.from_status is None else Status(action.from_status).label

    @admin.display(description=gettext_lazy("after"))
    def after(self, action):
        return Status(action.to_status).label
