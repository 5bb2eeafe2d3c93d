"""What admins of all apps have in common: rows that are looked at only, and tables of one row."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that Hearth writes: nobody adds or rewrites one by hand.

    Who has the permission may delete one where ``can_be_deleted`` says so.
    """

    can_be_deleted = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.can_be_deleted and super().has_delete_permission(request, obj)


class SingleRowAdmin(admin.ModelAdmin):
    """A table of one row, such as settings: the list leads straight to it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[self.the_row(request).pk]))

    def the_row(self, request: HttpRequest):
        """Return the row that the list leads to."""
        return self.model.get()
