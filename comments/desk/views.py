"""The pages of the desk beside its first one: a break of the whole blog, an answer to a comment."""

import secrets

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comments import guest, pausing, posting, radar
from comments.desk.forms import CLOSES, HOLDS, BreakForm, DeskAnswerForm
from comments.limits import day_of
from comments.models import ConversationSettings

TAKE_BREAK = "comments.take_break"
# Words that were not sent, and what changed meanwhile. RFC 9110, section 15.5.
CONFLICT, INVALID = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
def take_break(request):
    """The form of a break, or of changing the one that lasts; and where it is sent to."""
    _check_may_take_break(request)
    form = BreakForm(request.POST if request.method == "POST" else None, initial=_begun(request))
    if not form.is_bound:
        return _page(request, "admin/desk/break.html", _("Take a break"), form=form)
    if not form.is_valid():
        title = _("Take a break")
        return _page(request, "admin/desk/break.html", title, INVALID, form=form)
    told = form.cleaned_data
    pausing.begin(told["day"], told["kind"] == HOLDS, told["words"])
    row = ConversationSettings.get()
    _log(request, row, f"break until {row.break_until:%Y-%m-%d %H:%M} UTC, {told['kind']}")
    day = day_of(row.break_until)
    messages.success(request, _("The break has begun. It ends by itself on %s. Be well.") % day)
    return redirect("admin:index")


def _begun(request):
    """What stands in the form at first: the break that lasts."""
    rest = guest.settings_of(request).current_break
    if rest is None:
        return {}
    kind = HOLDS if rest.holds else CLOSES
    return {"day": timezone.localdate(rest.until), "kind": kind, "words": rest.words}


@require_POST
def end_break(request):
    """End the break now; pressed twice, or after its day, it says the same."""
    _check_may_take_break(request)
    pausing.end()
    _log(request, ConversationSettings.get(), "break ended")
    messages.success(
        request, _("The break has ended, and readers can answer as before. Welcome back.")
    )
    return redirect("admin:index")


def _check_may_take_break(request):
    if not request.user.has_perm(TAKE_BREAK):
        raise PermissionDenied


def _log(request, row, words):
    admin.site.get_model_admin(ConversationSettings).log_change(request, row, words)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, pk):
    """Answer a comment on a post of hers, and come back to the desk."""
    settings = guest.settings_of(request)
    rows = radar.on_posts_of(request.user, settings).select_related("post")
    comment = rows.with_names().with_lock().filter(pk=pk).first()
    if comment is None:
        raise Http404
    initial = {"submission": secrets.token_urlsafe(16)}
    sent = request.POST if request.method == "POST" else None
    form = DeskAnswerForm(sent, settings=settings, initial=initial)
    title = _("Answer %s") % comment.writer_name
    context = {"form": form, "comment": comment}
    if not form.is_bound:
        return _page(request, "admin/desk/answer.html", title, **context)
    if not form.is_valid():
        return _page(request, "admin/desk/answer.html", title, INVALID, **context)
    words = posting.Answer(
        post=comment.post_id, parent=comment.pk, user=request.user, data=form.cleaned_data
    )
    try:
        posting.post_comment(words, settings)
    except posting.NotAcceptedError as refusal:
        context["refusal"] = refusal.sentence
        return _page(request, "admin/desk/answer.html", title, CONFLICT, **context)
    messages.success(request, _("Answered: %s’s comment.") % comment.writer_name)
    return redirect(f"{reverse('admin:index')}#conversations")


def _page(request, template, title, status=200, **context):
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, template, context, status=status)
