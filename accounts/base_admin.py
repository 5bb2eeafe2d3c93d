"""Base classes of the apps' admins: read-only models, and models with a single row."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst


class ReadOnlyAdmin(admin.ModelAdmin):
    """An admin for rows that Hearth writes: they cannot be added or edited by hand.

    Where ``can_be_deleted`` is true, users with the permission may delete them.
    """

    can_be_deleted = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.can_be_deleted and super().has_delete_permission(request, obj)


class SingleRowAdmin(admin.ModelAdmin):
    """An admin for a table of one row, such as settings: the list redirects to that row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[self.the_row(request).pk]))

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None):
        """Show the settings under their name, which says more than the text of their only row."""
        titled = {"title": capfirst(self.opts.verbose_name), "subtitle": None}
        return super().change_view(request, object_id, form_url, titled | (extra_context or {}))

    def the_row(self, request: HttpRequest):
        """Return the row that the list redirects to."""
        return self.model.get()
