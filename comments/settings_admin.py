"""The settings of the conversation in the admin: one page, in the order in which one asks."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.care import help as care_help
from comments.care.admin import STILL_SHIPPED, CareForm, moderator_field
from comments.models import ConversationSettings

WHO_IS_HEARD = _("Who may write, and what a moderator reads before others do.")
REPORTS = _("What happens when readers say that something is wrong with a comment.")
CARE = _(
    "For what a person should look at soon. docs/moderation.md says what this is and what it is "
    "not. Write the help text first, then switch it on."
)
MAILS = _("How often moderators hear of comments that wait, and when they are left in peace.")
LOOK = _("How much of a conversation stands on one page. It is fine to leave this as it is.")
SERVICE = _("It reads comments outside of this blog. Leave both empty if you are not sure.")


@admin.register(ConversationSettings)
class ConversationSettingsAdmin(admin.ModelAdmin):
    """One row: the list leads straight to it."""

    form = CareForm

    fieldsets = [
        (
            _("Who is heard"),
            {
                "description": WHO_IS_HEARD,
                "fields": ["default_mode", "held_links", "close_after_days", "max_length"],
            },
        ),
        (
            _("Reports of readers"),
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
            _("Mails to moderators"),
            {"description": MAILS, "fields": ["moderator_mail", "quiet_from", "quiet_until"]},
        ),
        (
            _("How a conversation looks"),
            {
                "description": LOOK,
                "fields": ["threads_per_page", "replies_shown", "display_depth", "reader_word"],
            },
        ),
        (
            _("A spam service"),
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

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        row = ConversationSettings.get()
        return HttpResponseRedirect(
            reverse("admin:comments_conversationsettings_change", args=[row.pk])
        )
