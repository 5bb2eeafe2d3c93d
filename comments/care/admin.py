"""Care in the admin: the owner's part of the settings, the weekly table, moderators' wishes."""

from django import forms
from django.contrib import admin
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.models import Blog
from comments.care import duty
from comments.care import help as care_help
from comments.care.duty import DutySlot, DutyWish

STILL_SHIPPED = gettext_lazy(
    "Care is on, and writers are shown the help text that came with Hearth, which knows nothing of "
    "the countries of your readers. Please write your own."
)


class CareForm(forms.ModelForm):
    """The settings of the conversation; the help text begins with the one that we ship."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "care_help" in self.fields:  # not for who may only look
            self.initial["care_help"] = care_help.text(self.instance)

    def clean_care_help(self):
        return care_help.own(self.cleaned_data["care_help"])


def moderator_field(field):
    """Return a form's field that offers those who moderate, and no way into their accounts."""
    field.queryset = duty.moderators()
    field.label_from_instance = lambda person: person.name
    for way in ("add", "change", "delete", "view"):
        setattr(field.widget, f"can_{way}_related", False)
    return field


@admin.register(DutySlot)
class DutySlotAdmin(admin.ModelAdmin):
    """The weekly table; the list is a page that shows the whole week."""

    fields = ["weekday", ("starts", "ends"), "moderator"]
    list_per_page = 500
    list_max_show_all = 0
    actions = None
    sortable_by = []
    show_full_result_count = False

    class Media:
        css = {"all": ["css/care.css"]}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return moderator_field(field) if db_field.name == "moderator" else field

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": _("Hours of duty"),
            "week": duty.week(),
            "zone": Blog.get().time_zone,
            "told": [person.name for person in duty.told_first()],
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)


@admin.register(DutyWish)
class DutyWishAdmin(admin.ModelAdmin):
    """Each moderator's own row: the list leads straight to it."""

    fields = ["hours", ("quiet_from", "quiet_until"), "blurs"]
    readonly_fields = ["hours"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(duty.MODERATES)

    has_change_permission = has_view_permission

    def has_module_permission(self, request):
        return request.user.has_perm(duty.MODERATES)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(user=request.user)

    def get_object(self, request, object_id, from_field=None):
        wish = super().get_object(request, object_id, from_field)
        if wish is None:
            raise Http404
        return wish

    def get_form(self, request, obj=None, change=False, **kwargs):
        quiet = _(
            "Times are those of %(zone)s. If nobody else is on duty then, you are told all the "
            "same."
        )
        kwargs["help_texts"] = {"quiet_from": quiet % {"zone": Blog.get().time_zone}}
        return super().get_form(request, obj, change, **kwargs)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"title": _("My duty"), "subtitle": None, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("your hours of duty"))
    def hours(self, wish):
        slots = wish.user.duty_slots.all()
        return "; ".join(slot.in_words for slot in slots) or _("none; the owner plans them")

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # refuses
        row, _made = DutyWish.objects.get_or_create(user=request.user)
        return HttpResponseRedirect(reverse("admin:comments_dutywish_change", args=[row.pk]))
