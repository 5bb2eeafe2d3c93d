"""The moderators' list: what waits first, why it waits, and a button for each decision.

Nobody rewrites here what somebody else wrote: every field is read-only, and decisions go
through :mod:`comments.moderation`.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from blog.models import Post
from comments import following_admin, moderation, notes, reaction_admin, records
from comments.admin_log import ReadOnly
from comments.models import Comment, ConversationSettings
from comments.nodes import held_reason
from comments.status import Status

__all__ = ["following_admin", "reaction_admin"]  # registered by being imported
Act = moderation.Act
BUTTONS = {
    Act.APPROVE: gettext_lazy("Approve"),
    Act.SPAM: gettext_lazy("Spam"),
    Act.REMOVE: gettext_lazy("Remove"),
    Act.RESTORE: gettext_lazy("Restore"),
}


# As long as a short comment; the writer reads it on a phone.
REASON = forms.CharField(
    required=False,
    max_length=1000,
    label=gettext_lazy("Why (the writer reads it on her receipt)"),
    widget=forms.TextInput(attrs={"dir": "auto"}),
)


class DecisionForm(ActionForm):
    """What to do with the chosen comments, and why; the reason may stay empty."""

    reason = REASON


def buttons_for(comment):
    """Return ``(act, label)`` of the decisions possible now; restoring replaces approving."""
    possible = [act for act in BUTTONS if comment.status in moderation.MAY_FOLLOW[act]]
    if Act.RESTORE in possible:
        possible.remove(Act.APPROVE)
    return [(act.value, BUTTONS[act]) for act in possible]


class StatusFilter(admin.SimpleListFilter):
    """Opens on what waits."""

    title = gettext_lazy("status")
    parameter_name = "status"
    ALL = "all"

    def lookups(self, request, model_admin):
        return [*((str(value), label) for value, label in Status.choices), (self.ALL, _("all"))]

    def value(self):
        return super().value() or str(Status.PENDING.value)

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        known = {str(value) for value in Status.values}
        return queryset.filter(status=self.value()) if self.value() in known else queryset


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    list_display = ["text", "answers", "on_post", "writer", "state", "decide"]
    list_display_links = None
    list_filter = [StatusFilter]
    list_per_page = 25
    list_select_related = ["post", "user", "content_note"]
    list_select_related += ["parent", "parent__user", "parent__content_note"]
    list_max_show_all = 0
    search_fields = ["body", "name", "user__username", "user__display_name", "post__title"]
    ordering = ["created_at", "pk"]
    show_full_result_count = False
    sortable_by = []
    fields = readonly_fields = [
        "text",
        "answers",
        "on_post",
        "writer",
        "state",
        "created_at",
        "edited_at",
        "approved_at",
        "history",
    ]
    actions = ["approve", "spam", "remove", "restore"]
    action_form = DecisionForm

    class Media:
        css = {"all": ["css/moderation.css"]}

    # -- who may -------------------------------------------------------------------------

    def get_queryset(self, request):
        """Comments of posts that this person may read: a draft's title is nobody's else."""
        posts = Post.objects.visible_to(request.user)
        return notes.beside(super().get_queryset(request).filter(post__in=posts))

    def lookup_allowed(self, lookup, value, request):
        """No other filter than the list's own: letter by letter one could guess addresses."""
        return lookup == StatusFilter.parameter_name

    def has_moderate_permission(self, request):
        return request.user.has_perm("comments.moderate_comment")

    # -- what a line shows ---------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Comments"), **(extra_context or {})})

    def get_changelist(self, request, **kwargs):
        return records.ListWithRecords

    @admin.display(description=gettext_lazy("text"))
    def text(self, comment):
        return records.shown("admin/comments/comment/_text.html", comment=comment)

    @admin.display(description=gettext_lazy("in answer to"))
    def answers(self, comment):
        return records.shown("admin/comments/comment/_answers.html", parent=comment.parent)

    @admin.display(description=gettext_lazy("post"))
    def on_post(self, comment):
        return records.shown("admin/comments/comment/_post.html", comment=comment)

    @admin.display(description=gettext_lazy("writer"))
    def writer(self, comment):
        record = getattr(comment, "record", None) or records.of([comment])[comment.pk]
        return records.shown("admin/comments/comment/_writer.html", comment=comment, record=record)

    @admin.display(description=gettext_lazy("status"))
    def state(self, comment):
        waits = comment.status == Status.PENDING
        reason = held_reason(comment.held_because) if waits else ""
        return records.shown("admin/comments/comment/_state.html", comment=comment, reason=reason)

    @admin.display(description=gettext_lazy("decide"))
    def decide(self, comment):
        return records.shown(
            "admin/comments/comment/_buttons.html",
            buttons=buttons_for(comment),
            key=comment.pk,
            longest=REASON.max_length,
            name=comment.writer_name,
            address=reverse("admin:comments_comment_decision", args=[comment.pk]),
            comment=comment,
            note_choices=records.note_choices(comment),
        )

    @admin.display(description=gettext_lazy("what was decided"))
    def history(self, comment):
        actions = comment.actions.select_related("who")
        return records.shown("admin/comments/comment/_history.html", actions=actions)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        comment = self.get_object(request, object_id)
        decide = self.decide(comment) if comment and self.has_moderate_permission(request) else ""
        context = {"decide": decide, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    # -- deciding ------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Approve"), permissions=["moderate"])
    def approve(self, request, queryset):
        self._decide(request, queryset, Act.APPROVE)

    @admin.action(description=gettext_lazy("Mark as spam"), permissions=["moderate"])
    def spam(self, request, queryset):
        self._decide(request, queryset, Act.SPAM)

    @admin.action(description=gettext_lazy("Remove"), permissions=["moderate"])
    def remove(self, request, queryset):
        self._decide(request, queryset, Act.REMOVE)

    @admin.action(description=gettext_lazy("Restore"), permissions=["moderate"])
    def restore(self, request, queryset):
        self._decide(request, queryset, Act.RESTORE)

    def _decide(self, request, queryset, act):
        keys = list(queryset.order_by().values_list("pk", flat=True))
        reason = request.POST.get("reason", "").strip()  # the form has looked at it
        tell(request, moderation.decide(keys, act, request.user, reason))

    def get_urls(self):
        decision = self.admin_site.admin_view(require_POST(self.decision))
        note = self.admin_site.admin_view(require_POST(self.note))
        own = [
            path("<int:pk>/decision/", decision, name="comments_comment_decision"),
            path("<int:pk>/note/", note, name="comments_comment_note"),
        ]
        return own + super().get_urls()

    def decision(self, request, pk):
        """Decide about one comment; the button's value says how."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        try:
            act = Act(request.POST.get("act", ""))
            reason = REASON.clean(request.POST.get(f"reason-{pk}", ""))
            seen = self.get_queryset(request).filter(pk=pk).values_list("pk", flat=True)
            outcome = moderation.decide(seen, act, request.user, reason)
        except ValidationError as error:
            messages.error(request, " ".join([*error.messages, _("Nothing was changed.")]))
        except (ValueError, KeyError):
            messages.error(request, _("This decision is not known. Nothing was changed."))
        else:
            tell(request, outcome if seen else moderation.Outcome(unchanged=[pk]))
        return HttpResponseRedirect(self._back(request, pk))

    def note(self, request, pk):
        """Put the content note that was chosen on one comment, or take it off."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            changed = notes.change(pk, request.POST.get(f"note_{pk}", ""), request.user)
        except notes.NoteNotOfferedError as refusal:
            messages.error(request, refusal.sentence)
        else:
            said = _("The content note was changed.") if changed else _("Nothing was changed.")
            messages.success(request, said)
        return HttpResponseRedirect(self._back(request, pk))

    def _back(self, request, pk):
        """The page we came from: that of the comment, or the list as it was filtered.

        Of the header only the query is believed, and whether it was the comment's page.
        """
        address, _mark, query = request.headers.get("Referer", "").partition("?")
        page = reverse("admin:comments_comment_change", args=[pk])
        if not address.endswith(page):
            page = reverse("admin:comments_comment_changelist")
        return f"{page}?{query}" if query else page


def tell(request, outcome):
    """Say how many comments a decision changed, and how many it left as they were."""
    changed, unchanged = len(outcome.changed), len(outcome.unchanged)
    if changed:
        done = ngettext("%d comment was decided.", "%d comments were decided.", changed)
        messages.success(request, done % changed)
    if unchanged:
        kept = ngettext(
            "%d comment stayed as it was: somebody decided it before, or its writer took it back.",
            "%d comments stayed as they were: decided before, or taken back by their writers.",
            unchanged,
        )
        messages.warning(request, kept % unchanged)


@admin.register(ConversationSettings)
class ConversationSettingsAdmin(admin.ModelAdmin):
    """One row: the list leads straight to it."""

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        row = ConversationSettings.get()
        return HttpResponseRedirect(
            reverse("admin:comments_conversationsettings_change", args=[row.pk])
        )
