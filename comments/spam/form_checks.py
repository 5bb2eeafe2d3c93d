"""Checks of how a form was filled in: the honeypot and the time it took."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.models.checks import CheckOutcome, Verdict, named
from comments.spam.submission import Submission

# Nobody reads, chooses a name and writes in fewer seconds.
LEAST = 3
# A tab may stay open for days; bots reuse a form for longer.
MOST = timedelta(days=7)


@named("hidden-field", gettext_lazy("hidden field filled in"), of_form=True)
def hidden_field(submission: Submission) -> CheckOutcome | None:
    """Hold a form whose honeypot was filled in."""
    if submission.form and submission.form.filled:
        reason = _("hidden field filled in")
        return CheckOutcome(hidden_field.name, Verdict.SPAM, reason)
    return None


@named("form-time", gettext_lazy("form timing"), of_form=True)
def form_time(submission: Submission) -> CheckOutcome | None:
    """Hold a form sent within seconds, after many days, or without our mark.

    One from the future passes: then our clocks disagree.
    """
    form = submission.form
    if form is None or submission.edits:
        return None
    if form.opened_at is None:
        return _held(_("form not from this site, or altered"))
    seconds = form.seconds
    if 0 <= seconds < LEAST:
        return _held(_("sent within %d seconds of opening the form") % LEAST)
    if seconds > MOST.total_seconds():
        days = round(seconds / timedelta(days=1).total_seconds())
        return _held(ngettext("form open for %d day", "form open for %d days", days) % days)
    return None


def _held(reason):
    return CheckOutcome(form_time.name, Verdict.HOLD, reason)
