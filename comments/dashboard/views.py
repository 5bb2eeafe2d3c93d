"""The pages behind the dashboard: a break of the whole blog, and a reply to a comment."""

import secrets

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusal import Refused
from comments.dashboard import activity, breaks
from comments.dashboard.forms import CLOSES, HOLDS, BreakForm, DashboardReplyForm
from comments.guests import session
from comments.models import ConversationSettings
from comments.models.settings import day_of
from comments.posting import create

TAKE_BREAK = "comments.take_break"
# RFC 9110, section 15.5.
CONFLICT, INVALID = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
def take_break(request):
    """Begin a break, or change the one in force."""
    _check_may_take_break(request)
    form = BreakForm(request.POST if request.method == "POST" else None, initial=_begun(request))
    if not form.is_bound:
        return _page(request, "admin/dashboard/break.html", _("Take a break"), form=form)
    if not form.is_valid():
        title = _("Take a break")
        return _page(request, "admin/dashboard/break.html", title, INVALID, form=form)
    data = form.cleaned_data
    breaks.begin_break(data["day"], data["kind"] == HOLDS, data["words"])
    row = ConversationSettings.get()
    _log(request, row, f"break until {row.break_until:%Y-%m-%d %H:%M} UTC, {data['kind']}")
    day = day_of(row.break_until)
    messages.success(
        request, _("Your break has started. It ends automatically on %s. Rest well.") % day
    )
    return redirect("admin:index")


def _begun(request):
    """Return the form's initial values: those of the break in force."""
    break_ = session.settings_of(request).current_break
    if break_ is None:
        return {}
    kind = HOLDS if break_.holds else CLOSES
    return {"day": timezone.localdate(break_.until), "kind": kind, "words": break_.words}


@require_POST
def end_break(request):
    """End the break now; the same if it is over already."""
    _check_may_take_break(request)
    breaks.end_break()
    _log(request, ConversationSettings.get(), "break ended")
    messages.success(
        request, _("Your break has ended, and readers can comment as before. Welcome back.")
    )
    return redirect("admin:index")


def _check_may_take_break(request):
    if not request.user.has_perm(TAKE_BREAK):
        raise PermissionDenied


def _log(request, row, words):
    admin.site.get_model_admin(ConversationSettings).log_change(request, row, words)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, pk):
    """Reply to a comment on one of the author's own posts, and return to the dashboard."""
    settings = session.settings_of(request)
    rows = activity.visible_on_posts_of(request.user, settings).select_related("post")
    comment = rows.with_names().with_lock().filter(pk=pk).first()
    if comment is None:
        raise Http404
    initial = {"submission": secrets.token_urlsafe(16)}
    sent = request.POST if request.method == "POST" else None
    form = DashboardReplyForm(sent, settings=settings, initial=initial)
    title = _("Reply to %s") % comment.writer_name
    context = {"form": form, "comment": comment}
    if not form.is_bound:
        return _page(request, "admin/dashboard/reply.html", title, **context)
    if not form.is_valid():
        return _page(request, "admin/dashboard/reply.html", title, INVALID, **context)
    words = create.Answer(
        post=comment.post_id, parent=comment.pk, user=request.user, data=form.cleaned_data
    )
    try:
        create.post_comment(words)
    except Refused as refusal:
        context["refusal"] = refusal.sentence
        return _page(request, "admin/dashboard/reply.html", title, CONFLICT, **context)
    messages.success(request, _("Replied to %s’s comment.") % comment.writer_name)
    return redirect(f"{reverse('admin:index')}#conversations")


def _page(request, template, title, status=200, **context):
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, template, context, status=status)
