"""The verdicts of the moderation log in words, for the queue, the log and its CSV.

Stored as codes, so that the log can be read in any language: a reason to hold
(:class:`comments.models.moderation.HoldReason`) and names of checks, separated by commas.
"""

from django.utils.translation import gettext_lazy as _

from comments import policy
from comments.models import moderation
from comments.models.audit_log import Act
from comments.models.moderation import HoldReason

SEPARATOR = ", "
# The verdict of an approval: see comments.guests.address_proofs.
KNOWN = {policy.PROVED: _("its writer has proved who she is")}
# The checks of comments.spam; those of plugins are shown by their own names.
CHECKS = {
    "banned": _("its writer is banned"),
    "hidden-field": _("a field that nobody sees was filled in"),
    "form-time": _("the time of its form"),
    "rate": _("many comments in a short time"),
    "same-words": _("the same words as another"),
    "links": _("links"),
    "words": _("the owner’s words"),
    "like-spam": _("like what was marked as spam"),
    "spam-service": _("the spam service"),
}


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
    if name := (KNOWN | CHECKS).get(code):
        return str(name)
    reason = moderation.known(code)
    if reason is None:
        return code
    return str(reason.to_writer if to_writer else reason.to_moderators)
