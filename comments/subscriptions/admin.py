"""Subscriptions in the admin: the owner can view and delete them, not edit them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.base_admin import ReadOnlyAdmin
from comments.models import Subscription


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    can_be_deleted = True
    list_display = [
        "who",
        "post",
        "comment",
        "rhythm",
        "discreet",
        "created_at",
        "confirmed_at",
        "refused_at",
    ]
    list_filter = ["rhythm", ("refused_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "address", "post", "comment"]
    list_max_show_all = 0
    search_fields = ["user__username__finds", "address__email__finds"]
    show_full_result_count = False

    @admin.display(description=_("person"))
    def who(self, subscription):
        return subscription.address.email if subscription.address else subscription.user.name
