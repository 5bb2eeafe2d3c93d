"""The verdicts of the moderation log in words, for the queue, the log and its CSV.

Stored as codes, so that the log can be read in any language: a reason to hold
(:class:`comments.models.hold_reasons.HoldReason`) and names of checks, separated by commas. A check
without a name in words is shown by its code.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import policy
from comments.models import checks, hold_reasons
from comments.models.audit_log import Act
from comments.models.hold_reasons import HoldReason

SEPARATOR = ", "
# Acts that only a comment's writer does.
BY_WRITERS = {Act.EDIT, Act.WITHDRAW, Act.DISOWN}
# The verdict of an approval: see comments.guests.recognition.
KNOWN = {policy.VERIFIED: gettext_lazy("writer’s email verified")}


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
    # A writer reads whole sentences, which no comma can join.
    sentences = [hold_reasons.to_writer(code) for code in codes if _is_for_writer(code, to_writer)]
    names = [_named(code) for code in codes if not _is_for_writer(code, to_writer)]
    return " ".join(filter(None, [*sentences, SEPARATOR.join(dict.fromkeys(names))]))


def _is_for_writer(code, to_writer):
    return to_writer and hold_reasons.known(code) is not None


def _named(code):
    if code in KNOWN:
        return str(KNOWN[code])
    if hold_reasons.known(code):
        return hold_reasons.to_moderators(code)
    labels = {check.name: check.label for check in checks.named_checks()}
    return str(labels.get(code, code))


def by_whom(action) -> str:
    """Return who did it: a moderator's name, or the kind of whoever is not one."""
    if action.who:
        return str(action.who)
    if action.act in BY_WRITERS:
        return _("the writer")
    # Erasing a moderator blanks only who they were; acts without one have a verdict, or are new.
    if action.verdict or action.from_status is None or action.act == Act.CARE:
        return _("automatic")
    return _("deleted account")
