"""The moderation log in the admin: read-only, with filters, search and a CSV export."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.base_admin import ReadOnlyAdmin
from blog.models import Post
from comments.audit_log import csv_export, wording
from comments.models import Comment, ModerationAction

LONGEST_KEY = 18  # digits that every database can look up


def moment(time):
    """Format a time as these pages show it."""
    return formats.date_format(timezone.localtime(time), "DATETIME_FORMAT")


class LinkedFilter(admin.SimpleListFilter):
    """A filter set by a link in a row; the sidebar lists it only to clear it."""

    field = ""

    def lookups(self, request, model_admin):
        chosen = request.GET.get(self.parameter_name, "")
        return [(chosen, self.named(request, chosen))] if chosen else []

    def named(self, request, number):
        """Return what the sidebar calls the one that is chosen."""
        raise NotImplementedError

    def queryset(self, request, queryset):
        number = self.value()
        if number is None:
            return queryset
        if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_KEY):
            raise IncorrectLookupParameters
        return queryset.filter(**{self.field: number})


class CommentFilter(LinkedFilter):
    title, parameter_name, field = gettext_lazy("comment"), "comment", "comment_key"

    def named(self, request, number):
        return _("comment #%(number)s") % {"number": number}


class PostFilter(LinkedFilter):
    title, parameter_name, field = gettext_lazy("post"), "post", "comment__post"

    def named(self, request, number):
        """Return the post's title, if this person may read the post."""
        posts = Post.objects.visible_to(request.user)
        known = number.isascii() and number.isdigit() and len(number) <= LONGEST_KEY
        title = known and posts.filter(pk=number).values_list("title", flat=True).first()
        return _("“%(title)s”") % {"title": title} if title else _("another post")


@admin.register(ModerationAction)
class ModerationActionAdmin(ReadOnlyAdmin):
    """The log, filtered by ``?act=``, ``?who=``, ``?comment=``, ``?post=`` and by date."""

    list_display = ["when", "act", "by", "about", "post", "states", "why"]
    list_display_links = None
    list_filter = [
        "act",
        ("who", admin.RelatedOnlyFieldListFilter),
        # Not by date_hierarchy, which looks for the days of all acts on every page.
        "created_at",
        CommentFilter,
        PostFilter,
    ]
    list_select_related = ["who"]
    list_max_show_all = 0
    search_fields = ["=comment_key", "who__username__finds", "reason__finds"]
    show_full_result_count = False
    sortable_by = []

    class Media:
        css = {"all": ["css/admin/audit-log.css"]}

    def get_queryset(self, request):
        """Add ``post_title``, empty for posts that this person may not read."""
        posts = Post.objects.visible_to(request.user).filter(pk=OuterRef("comment__post"))
        title = Subquery(posts.order_by().values("title")[:1])
        commented = Comment.objects.filter(pk=OuterRef("comment")).order_by()
        actions = super().get_queryset(request)
        # By subqueries, so that counting them joins nothing.
        return actions.annotate(post_title=title, post_key=Subquery(commented.values("post")[:1]))

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("Moderation log"), "query": request.META["QUERY_STRING"]}
        return super().changelist_view(request, context | (extra_context or {}))

    # -- CSV export ----------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.csv))
        return [path("csv/", view, name="comments_moderationaction_csv"), *super().get_urls()]

    def csv(self, request):
        """Stream all acts that match the list's filters, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:comments_moderationaction_changelist")
        name = f"moderation-log-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            csv_export.lines(rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    # -- columns -------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("when"))
    def when(self, action):
        return moment(action.created_at)

    @admin.display(description=gettext_lazy("person"))
    def by(self, action):
        return wording.by_whom(action)

    @admin.display(description=gettext_lazy("comment"), empty_value="")
    def about(self, action):
        if not action.comment_key:
            return ""
        only = format_html(
            '<a href="?comment={}" title="{}">#{}</a>',
            action.comment_key,
            _("All decisions about this comment"),
            action.comment_key,
        )
        if action.comment_id is None:
            return format_html("{} ({})", only, _("deleted"))
        page = reverse("admin:comments_comment_change", args=[action.comment_id])
        return format_html('{} <a href="{}">{}</a>', only, page, _("open"))

    @admin.display(description=gettext_lazy("post"), empty_value="")
    def post(self, action):
        if not action.post_title:
            return ""
        return format_html('<a href="?post={}">{}</a>', action.post_key, action.post_title)

    @admin.display(description=gettext_lazy("status"), empty_value="")
    def states(self, action):
        """The change of status, as "approved → removed", or the status it stayed in."""
        before, after = csv_export.named(action)
        return f"{before} → {after}" if before and before != after else after

    @admin.display(description=gettext_lazy("reason"), empty_value="")
    def why(self, action):
        text = action.reason or wording.in_words(action)
        return text and format_html('<span dir="auto">{}</span>', text)
