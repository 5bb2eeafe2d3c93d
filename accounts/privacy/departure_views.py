"""The public privacy page, and the pages for requesting and cancelling an erasure."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.auth.reauthentication import require_reauthentication
from accounts.privacy import departure, registry
from accounts.privacy.registry import DataSubject
from accounts.refusal import Refused

CONFLICT = 409


@require_safe
def privacy(request):
    """Show what is kept about people, why and for how long, from the inventory."""
    paragraphs = {}
    for entry in registry.declarations():
        paragraphs.setdefault(str(entry.what), []).append(entry)
    context = {"paragraphs": [Paragraph(entries) for entries in paragraphs.values()]}
    return render(request, "accounts/privacy/privacy_page.html", context)


class Paragraph:
    """Entries of the inventory with the same text, shown as one paragraph."""

    def __init__(self, entries):
        self.first = entries[0]
        self.what, self.why, self.how_long = (
            self.first.what,
            self.first.why,
            self.first.how_long,
        )
        self.not_exported_because = next(
            (entry.not_exported_because for entry in entries if entry.not_exported_because), ""
        )
        if any(entry.export for entry in entries):
            self.not_exported_because = ""
        self.stays = self.first.stays
        self.goes_with_text = any(entry.goes_with_text for entry in entries)
        self.fields = [name for entry in entries for name in registry.fields_of(entry)]


class LeaveForm(forms.Form):
    """The handlers' questions before everything is erased."""

    def __init__(self, questions, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(questions)


@never_cache
@require_safe
@login_required
def start_departure(request):
    """Show the three ways to leave, or the pending request and how to cancel it."""
    subject = DataSubject.from_user(request.user)
    erasure = departure.pending_request(subject)
    context = {"erasure": erasure, "told": [] if erasure else departure.describe(subject)}
    context["refusal"] = departure.refusal(subject, departure.Kind.EVERYTHING)
    return render(request, "accounts/privacy/departure.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_reauthentication
def erase(request, kind):
    """Ask for confirmation, then request the erasure."""
    subject = DataSubject.from_user(request.user)
    if departure.pending_request(subject):
        return redirect("accounts:leave")
    everything = kind == departure.Kind.EVERYTHING
    questions = departure.questions(subject) if everything else {}
    form = LeaveForm(questions, request.POST if request.method == "POST" else None)
    refusal = departure.refusal(subject, kind)
    if not refusal and form.is_valid():
        try:
            departure.request_erasure(subject, kind, form.cleaned_data)
            return redirect("accounts:leave")
        except Refused as refused:  # the other owner left at the same moment
            refusal = refused.sentence
    context = {"form": form, "everything": everything, "told": departure.describe(subject)}
    context["refusal"] = refusal
    return render(request, "accounts/privacy/erase.html", context, status=_status(form, refusal))


def _status(form, refusal):
    if refusal:
        return CONFLICT
    return 422 if form.is_bound else 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_reauthentication
def cancel_departure(request):
    """Cancel the pending request. GET shows the button to people who have just reauthenticated."""
    erasure = departure.pending_request(DataSubject.from_user(request.user))
    if request.method == "POST" and erasure and departure.cancel(erasure.pk):
        messages.success(request, _("Nothing was deleted. Everything is as it was before."))
        return redirect("accounts:leave")
    return render(request, "accounts/privacy/cancel_departure.html", {"erasure": erasure})
