"""What is kept, for everybody to read; and the pages on which somebody leaves, or stays."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import inventory, leaving
from accounts.inventory import Subject
from accounts.is_it_you import password_first
from accounts.refusal import Refused

# What is tried by whoever opens the page once more, or in two tabs. RFC 9110, 15.5.10.
CONFLICT = 409


@require_safe
def privacy(request):
    """Say what is kept about people, why and how long, as the inventory has it."""
    paragraphs = {}
    for entry in inventory.declared():
        paragraphs.setdefault(str(entry.what), []).append(entry)
    context = {"paragraphs": [Paragraph(entries) for entries in paragraphs.values()]}
    return render(request, "accounts/privacy.html", context)


class Paragraph:
    """Entries of the inventory that a reader takes for one thing."""

    def __init__(self, entries):
        self.first = entries[0]
        self.what, self.why, self.how_long = (
            self.first.what,
            self.first.why,
            self.first.how_long,
        )
        self.not_given = next((entry.not_given for entry in entries if entry.not_given), "")
        if any(entry.export for entry in entries):
            self.not_given = ""
        self.stays = self.first.stays
        self.with_words = any(entry.with_words for entry in entries)
        self.fields = [name for entry in entries for name in inventory.fields_of(entry)]


class LeaveForm(forms.Form):
    """The questions that come before everything goes."""

    def __init__(self, questions, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(questions)


@never_cache
@require_safe
@login_required
def leave(request):
    """Explain the three ways side by side; or say what is hidden, and how to take it back."""
    subject = Subject.of_user(request.user)
    erasure = leaving.of(subject)
    context = {"erasure": erasure, "told": [] if erasure else leaving.told(subject)}
    context["refusal"] = leaving.refusal(subject, leaving.Kind.EVERYTHING)
    return render(request, "accounts/leave.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@password_first
def erase(request, kind):
    """Ask once more, and hide what is to be erased. Whoever is here has just given her password."""
    subject = Subject.of_user(request.user)
    if leaving.of(subject):
        return redirect("accounts:leave")
    everything = kind == leaving.Kind.EVERYTHING
    questions = leaving.questions(subject) if everything else {}
    form = LeaveForm(questions, request.POST if request.method == "POST" else None)
    refusal = leaving.refusal(subject, kind)
    if not refusal and form.is_valid():
        try:
            leaving.ask(subject, kind, form.cleaned_data)
            return redirect("accounts:leave")
        except Refused as refused:  # the other owner leaves at the same moment
            refusal = refused.sentence
    context = {"form": form, "everything": everything, "told": leaving.told(subject)}
    context["refusal"] = refusal
    return render(request, "accounts/erase.html", context, status=_status(form, refusal))


def _status(form, refusal):
    if refusal:
        return CONFLICT
    return 422 if form.is_bound else 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@password_first
def stay(request):
    """Take it back. GET is for who comes from giving her password: there is one button to press."""
    erasure = leaving.of(Subject.of_user(request.user))
    if request.method == "POST" and erasure and leaving.take_back(erasure.pk):
        messages.success(request, _("Nothing is deleted. Everything is as it was before."))
        return redirect("accounts:leave")
    return render(request, "accounts/stay.html", {"erasure": erasure})
