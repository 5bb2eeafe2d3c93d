"""Trusted and banned writers in the admin, and the reasons for removal."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.base_admin import ReadOnlyAdmin
from comments.audit_log.admin import moment
from comments.models import RemovalReason, Reputation
from comments.moderation import writers
from comments.queue.tabs import Tab


class RevokeForm(forms.Form):
    """When a ban ends: at the end of that day."""

    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave empty for a ban with no end date."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day.year > timezone.now().year + writers.MOST_YEARS:
            raise forms.ValidationError(
                _("That’s too far ahead. Leave it empty for a ban with no end date.")
            )
        until = writers.end_of(day)
        if until <= timezone.now():
            raise forms.ValidationError(
                _("That day has passed. Choose a later one, or end the ban now.")
            )
        return until


class InForceFilter(admin.SimpleListFilter):
    """Filter by whether a reputation is in force; by default only those that are."""

    title, parameter_name = gettext_lazy("status"), "state"
    OVER, ALL = "over", "all"

    def lookups(self, request, model_admin):
        return [(self.OVER, _("ended")), (self.ALL, _("all"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [first | {"display": _("active")}, *others]

    def queryset(self, request, queryset):
        now = Reputation.objects.in_force()
        if self.value() == self.ALL:
            return queryset
        if self.value() == self.OVER:
            return queryset.exclude(pk__in=now.values("pk"))
        return queryset.filter(pk__in=now.values("pk"))


@admin.register(Reputation)
class ReputationAdmin(ReadOnlyAdmin):
    """One line for each act: those granted with it for the account's addresses are left out."""

    list_display = ["writer", "kind", "since", "last", "by", "state", "why"]
    empty_value_display = ""
    list_display_links = None
    list_filter = [InForceFilter, "kind"]
    list_select_related = ["who", "action__comment__user"]
    list_max_show_all = 0
    ordering = ["-created_at", "-pk"]
    sortable_by = []
    show_full_result_count = False
    fields = readonly_fields = list_display

    class Media:
        css = {"all": ["css/admin/audit-log.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).filter(beside=None)

    def changelist_view(self, request, extra_context=None):
        title = _("Trusted and banned people")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_urls(self):
        ending = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(self.ending)
        )
        return [path("<int:pk>/end/", ending, name="comments_reputation_end"), *super().get_urls()]

    @admin.display(description=gettext_lazy("writer"))
    def writer(self, reputation):
        comment = reputation.comment
        if comment is None:
            return _("no longer known")
        page = reverse("admin:comments_comment_change", args=[comment.pk])
        return format_html('<a href="{}">{}</a>', page, comment.writer_name)

    @admin.display(description=gettext_lazy("since"))
    def since(self, reputation):
        return _("since %(time)s") % {"time": moment(reputation.created_at)}

    @admin.display(description=gettext_lazy("until"))
    def last(self, reputation):
        return reputation.until and _("until %(time)s") % {"time": moment(reputation.until)}

    @admin.display(description=gettext_lazy("by"))
    def by(self, reputation):
        return reputation.who and _("by %(name)s") % {"name": reputation.who.name}

    @admin.display(description=gettext_lazy("reason"))
    def why(self, reputation):
        return reputation.note and format_html('<span dir="auto">{}</span>', reputation.note)

    @admin.display(description=gettext_lazy("status"))
    def state(self, reputation):
        if not reputation.is_in_force:
            return _("ended")
        page = reverse("admin:comments_reputation_end", args=[reputation.pk])
        return format_html('<a href="{}">{}</a>', page, _("End or change"))

    def ending(self, request, pk):
        """Show a reputation; POST revokes it or changes its end."""
        if not request.user.has_perm(writers.MODERATE):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related(*self.list_select_related)
        reputation = rows.filter(pk=pk).first()
        if reputation is None:
            raise Http404
        form = None
        if reputation.kind == Reputation.Kind.BANNED:
            day = reputation.until and timezone.localdate(reputation.until)
            form = RevokeForm(
                request.POST if "save" in request.POST else None, initial={"until": day}
            )
        if request.method == "POST" and (form is None or not form.is_bound):
            done = _("Trust ended.") if form is None else _("Ban ended.")
            return self._answer(request, writers.end(pk, request.user), done)
        if form and form.is_bound and form.is_valid():
            done = writers.prolong(pk, request.user, form.cleaned_data["until"])
            return self._answer(request, done, _("End date changed."))
        context = {"standing": reputation, "written": reputation.comment, "form": form}
        context |= self.admin_site.each_context(request) | {
            "title": _("Change or end ban") if form else _("End trust")
        }
        return render(request, "admin/comments/reputation/revoke.html", context)

    def _answer(self, request, done, sentence):
        if done:
            there = _("You can undo this under “%(tab)s”.") % {"tab": Tab.DECIDED.label}
            link = format_html('<a href="{}">{}</a>', Tab.DECIDED.address, there)
            messages.success(request, format_html("{} {}", sentence, link))
        else:
            messages.warning(
                request,
                _("Nothing was changed: it has already ended, or someone else got here first."),
            )
        return redirect("admin:comments_reputation_changelist")


@admin.register(RemovalReason)
class RemovalReasonAdmin(admin.ModelAdmin):
    """The owner's short list of reasons for removal."""

    list_display = ["name", "position", "is_offered"]
    list_editable = ["position", "is_offered"]
    actions = None
