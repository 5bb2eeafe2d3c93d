"""The form for reporting a comment.

GET shows it, POST sends it and says thanks. htmx gets the form alone, below the comment.
"""

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts import rate_limit, throttling
from accounts.refusal import Refused
from comments import policy, timestamps
from comments.guests import session
from comments.models import Comment
from comments.models.reports import LONGEST_TEXT, Reason
from comments.reports import rules
from comments.threads import branch

# RFC 9110, section 15.5.
CONFLICT, NOT_FOUND, UNUSABLE = 409, 404, 422


class ReportForm(forms.Form):
    """A reason from a fixed list, and optional text."""

    reason = forms.ChoiceField(
        label=_("What’s wrong?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose the closest reason."),
            "invalid_choice": _("Please choose the closest reason."),
        },
    )
    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def report(request, pk):
    """Show the form, or take the report."""
    if request.method != "POST" and (refusal := throttling.refusal(request, "form")):
        return refusal
    comment = Comment.objects.with_names().select_related("post").filter(pk=pk).first()
    mode = comment and policy.mode_of(comment.post, session.settings_of(request))
    if not comment or not policy.is_shown(comment, mode):
        return _gone(request)
    reporter = rules.Reporter(session.viewer_of(request), session.network_of(request))
    if not rules.may_report(comment, reporter):
        status = CONFLICT if request.method == "POST" else 200
        return _page(request, comment, status=status, sentence=rules.OWN, is_own=True)
    if request.method == "POST":
        return _sent(request, comment, reporter)
    return _page(request, comment, form=_form())


def _form(data=None):
    return ReportForm(data, auto_id="report-%s", label_suffix="")


def _sent(request, comment, reporter):
    form = _form(request.POST)
    if wait := _wait(request):
        throttling.refuse_unchecked(form, timestamps.please_wait(wait))
        page = _page(request, comment, status=throttling.TOO_MANY, form=form)
        return throttling.slowed(page, wait)
    if not form.is_valid():
        return _page(request, comment, status=UNUSABLE, form=form)
    reason, text = form.cleaned_data["reason"], form.cleaned_data["text"]
    try:
        outcome = rules.report(comment.pk, reporter, reason, text)
    except Comment.DoesNotExist:  # deleted meanwhile
        return _gone(request)
    except Refused as refusal:
        return _page(request, comment, status=CONFLICT, sentence=refusal.sentence, is_own=True)
    return _page(request, comment, outcome=outcome.value, is_worry=reason == Reason.WORRIED)


def _wait(request):
    user, here = request.user, session.network_of(request)
    return rate_limit.seconds_to_wait(
        f"reports {here}", f"reports {f'account {user.pk}' if user.pk else here}"
    )


def _page(request, comment, status=200, **context):
    context |= {"comment": comment}
    if request.htmx:
        context["inline"] = True
        return render(request, "comments/reports/_report.html", context, status=status)
    if not context.get("outcome"):
        viewer, settings = session.viewer_of(request), session.settings_of(request)
        context["parent"] = branch.quoted_node(comment, viewer, settings)
    return render(request, "comments/reports/report_form.html", context, status=status)


def _gone(request):
    """Answer that there is no such comment, the same for a hidden one as for one that never was."""
    if request.htmx:
        return render(request, "comments/reports/_report.html", {"inline": True}, status=NOT_FOUND)
    if request.method == "POST":
        return render(request, "comments/reports/report_form.html", status=NOT_FOUND)
    raise Http404
