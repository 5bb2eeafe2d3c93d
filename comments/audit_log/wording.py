"""The verdicts of the moderation log in words, for the queue, the log and its CSV.

Stored as codes, so that the log can be read in any language: a reason to hold
(:class:`comments.models.hold_reasons.HoldReason`) and names of checks, separated by commas. A check
without a name in words is shown by its code.
"""

from django.utils.translation import gettext_lazy as _

from comments import policy
from comments.models import checks, hold_reasons
from comments.models.audit_log import Act
from comments.models.hold_reasons import HoldReason

SEPARATOR = ", "
# The verdict of an approval: see comments.guests.recognition.
KNOWN = {policy.PROVED: _("writer’s email verified")}


def in_words(action, to_writer: bool = False) -> str:
    """Return the verdict of an act in words, without repeats; "" for none.

    ``to_writer``: as the comment's writer reads it, not as moderators do. For a content note the
    verdict is its name, not a code.
    """
    if action.act == Act.NOTE:
        return action.verdict
    codes = action.verdict.split(SEPARATOR)
    if codes[0] == HoldReason.CHECKS and len(codes) > 1:
        del codes[0]  # the names of the checks follow
    return SEPARATOR.join(dict.fromkeys(_named(code, to_writer) for code in codes))


def _named(code, to_writer):
    if code in KNOWN:
        return str(KNOWN[code])
    reason = hold_reasons.known(code)
    if reason is None:
        labels = {check.name: check.label for check in checks.named_checks()}
        return str(labels.get(code, code))
    return str(reason.to_writer if to_writer else reason.to_moderators)
