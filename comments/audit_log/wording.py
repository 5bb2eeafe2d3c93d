"""What held a comment, in a few words for moderators: in the queue, in the log and in its file.

Stored are codes, so that the log can be read in any language: reasons to hold
(:class:`comments.models.moderation.HoldReason`) and names of checks, several of them with commas between.
"""

from django.utils.translation import gettext_lazy as _

from comments import policy
from comments.models import moderation
from comments.models.audit_log import Act
from comments.models.moderation import HoldReason

SEPARATOR = ", "
# Where nothing was held: see comments.guests.address_proofs.
KNOWN = {policy.PROVED: _("its writer has proved who she is")}
# The checks of comments/checks by their names; others are called what they call themselves.
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
    """Return what a row of the log says about checks in words, each thing once; "" for nothing.

    ``to_writer``: in those that the comment's writer reads, not in the moderators'. Of a content
    note it is the name, which somebody chose: that is never taken for a code.
    """
    if action.act == Act.NOTE:
        return action.verdict
    codes = action.verdict.split(SEPARATOR)
    if codes[0] == HoldReason.CHECKS and len(codes) > 1:
        del codes[0]  # which ones they were stands there
    return SEPARATOR.join(dict.fromkeys(_named(code, to_writer) for code in codes))


def _named(code, to_writer):
    if name := (KNOWN | CHECKS).get(code):
        return str(name)
    reason = moderation.known(code)
    if reason is None:
        return code
    return str(reason.to_writer if to_writer else reason.to_moderators)
