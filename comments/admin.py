"""Comments in the admin: conversation settings, saved replies, redirects to the queue.

Moderators work in :mod:`comments.queue`. Nobody can rewrite another person's comment here.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.base_admin import ReadOnlyAdmin, SingleRowAdmin
from comments.audit_log import admin as audit_log_admin
from comments.care import admin as care_admin
from comments.care import help_text as care_help
from comments.care.admin import STILL_SHIPPED, CareForm, moderator_field
from comments.models import Comment, ConversationSettings, SavedReply
from comments.queue import admin as queue_admin
from comments.queue.views import old_list
from comments.reactions import admin as reactions_admin
from comments.spam import admin as spam_admin
from comments.subscriptions import admin as subscriptions_admin

# Registered by being imported.
__all__ = [
    "audit_log_admin",
    "care_admin",
    "queue_admin",
    "reactions_admin",
    "spam_admin",
    "subscriptions_admin",
]


WHO_IS_HEARD = _("Who can comment, and which comments are reviewed first.")
REPORTS = _("What happens when readers report a comment.")
CARE = _(
    "For comments that may need a person soon; docs/moderation.md explains what Care is "
    "and isn’t. Write the help text first, then turn it on."
)
MAILS = _("How often moderators hear about waiting comments, and their quiet hours.")
LOOK = _("How much of a conversation each page shows. It’s fine to leave this as it is.")
SERVICE = _("This service reads comments outside this blog. Leave both empty if you’re not sure.")


@admin.register(ConversationSettings)
class ConversationSettingsAdmin(SingleRowAdmin):
    """The settings of conversations."""

    form = CareForm

    fieldsets = [
        (
            _("Who can comment"),
            {
                "description": WHO_IS_HEARD,
                "fields": ["default_mode", "held_links", "close_after_days", "max_length"],
            },
        ),
        (
            _("Reader reports"),
            {"description": REPORTS, "fields": ["reports_to_hold", "account_reports_count"]},
        ),
        (
            _("Care"),
            {
                "description": CARE,
                "fields": [
                    "care_on",
                    "care_publishes",
                    "care_help",
                    "care_blurred",
                    "care_second_contact",
                    "care_second_after",
                ],
            },
        ),
        (
            _("Emails to moderators"),
            {"description": MAILS, "fields": ["moderator_mail", "quiet_from", "quiet_until"]},
        ),
        (
            _("Conversation layout"),
            {
                "description": LOOK,
                "fields": ["threads_per_page", "replies_shown", "display_depth", "reader_word"],
            },
        ),
        (
            _("Spam service"),
            {"description": SERVICE, "fields": ["spam_service", "spam_service_key"]},
        ),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return moderator_field(field) if db_field.name == "care_second_contact" else field

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.care_on and care_help.is_shipped(obj):
            messages.warning(request, STILL_SHIPPED)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """Redirects the admin's old comment pages to the queue."""

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
    """Reply templates for moderators, kept by the owner."""

    list_display = ["title", "use", "order"]
    list_filter = ["use"]
