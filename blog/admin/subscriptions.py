"""The admin of mail subscriptions, for the owner only: they can be read and deleted, not edited.

Authors only see the number of subscribers, in the form of a post.
"""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.base_admin import ReadOnlyAdmin
from blog.models import Subscription
from blog.newsletter import subscribe


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    can_be_deleted = True
    list_display = ["who", "rhythm", "discreet", "created_at", "confirmed_at", "refused_at"]
    list_filter = ["rhythm", ("refused_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "address"]
    list_max_show_all = 0
    search_fields = ["user__username__finds", "address__email__finds"]
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        at_once, weekly = subscribe.subscriber_counts()
        numbers = {"at_once": at_once, "weekly": weekly}
        numbers["waiting"] = Subscription.objects.waiting().count()
        sums = _("Right away: %(at_once)d. Weekly: %(weekly)d. Unconfirmed: %(waiting)d.")
        context = {"subtitle": sums % numbers, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=gettext_lazy("subscriber"))
    def who(self, row):
        return row.address.email if row.address else row.user.name
