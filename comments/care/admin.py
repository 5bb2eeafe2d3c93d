"""Care in the admin: its settings, the weekly rota and each moderator's preferences."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.base_admin import SingleRowAdmin
from blog.models import Blog
from comments.care import help_text as care_help
from comments.care import rota
from comments.models import DutyPreference, DutySlot

STILL_SHIPPED = gettext_lazy(
    "Care is on, but writers see the help text that came with Hearth. It wasn’t written "
    "for your readers’ countries; please write your own."
)


class CareForm(forms.ModelForm):
    """The conversation settings; the help text starts as the one we ship."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "care_help" in self.fields:  # not for who may only look
            self.initial["care_help"] = care_help.text(self.instance)

    def clean_care_help(self):
        return care_help.text_to_store(self.cleaned_data["care_help"])


def moderator_field(field):
    """Make a form field offer moderators only, without links into their accounts."""
    field.queryset = rota.moderators()
    field.label_from_instance = lambda person: person.name
    for link in ("add", "change", "delete", "view"):
        setattr(field.widget, f"can_{link}_related", False)
    return field


@admin.register(DutySlot)
class DutySlotAdmin(admin.ModelAdmin):
    """The rota; the list page shows the whole week."""

    fields = ["weekday", ("starts", "ends"), "moderator"]
    list_per_page = 500
    list_max_show_all = 0
    actions = None
    sortable_by = []
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin/care.css"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return moderator_field(field) if db_field.name == "moderator" else field

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": _("On-call schedule"),
            "week": rota.weekly_table(),
            "zone": Blog.get().time_zone,
            "told": [person.name for person in rota.first_contacts()],
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)


@admin.register(DutyPreference)
class DutyPreferenceAdmin(SingleRowAdmin):
    """A moderator's own preferences."""

    fields = ["hours", ("quiet_from", "quiet_until"), "blurs"]
    readonly_fields = ["hours"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(rota.MODERATES)

    has_change_permission = has_view_permission

    def has_module_permission(self, request):
        return request.user.has_perm(rota.MODERATES)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(user=request.user)

    def get_object(self, request, object_id, from_field=None):
        preference = super().get_object(request, object_id, from_field)
        if preference is None:
            raise Http404
        return preference

    def get_form(self, request, obj=None, change=False, **kwargs):
        quiet = _(
            "Times are in the %(zone)s time zone. If no one else is on call then, you’ll "
            "still be notified."
        )
        kwargs["help_texts"] = {"quiet_from": quiet % {"zone": Blog.get().time_zone}}
        return super().get_form(request, obj, change, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"title": _("My on-call settings"), "subtitle": None, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("your on-call hours"))
    def hours(self, preference):
        slots = preference.user.duty_slots.all()
        return "; ".join(slot.in_words for slot in slots) or _("none (the owner sets them)")

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def the_row(self, request):
        return DutyPreference.objects.get_or_create(user=request.user)[0]
