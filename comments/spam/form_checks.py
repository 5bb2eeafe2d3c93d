"""What the checks find in how a form was filled in. No sign of it, no harm: a person decides."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models.checks import CheckOutcome, Verdict

# Nobody reads, chooses a name and writes in less. In seconds.
LEAST = 3
# Somebody's tab may stay open for days. Programs send a form that was fetched once for longer.
MOST = timedelta(days=7)


def hidden_field(submission):
    """Hold a form in which the field was filled that people do not see."""
    if submission.form and submission.form.filled:
        reason = _("the field that nobody sees was filled in")
        return CheckOutcome("hidden-field", Verdict.SPAM, reason)
    return None


def form_time(submission):
    """Hold a form that was open for a moment only, or for many days, or that is not ours.

    One from the future is believed: then our clocks disagree.
    """
    form = submission.form
    if form is None or submission.edits:
        return None
    if form.opened_at is None:
        return _held(_("the form was not one of ours, or changed on the way"))
    seconds = form.seconds
    if 0 <= seconds < LEAST:
        return _held(_("it was sent within %d seconds of opening the form") % LEAST)
    if seconds > MOST.total_seconds():
        days = round(seconds / timedelta(days=1).total_seconds())
        return _held(
            ngettext("the form was open for %d day", "the form was open for %d days", days) % days
        )
    return None


def _held(reason):
    return CheckOutcome("form-time", Verdict.HOLD, reason)
