"""What held a comment, in a few words for moderators: in the queue, in the log and in its file.

Stored are codes, so that the log can be read in any language: those of the policy
(``Comment.held_because``) and names of checks, several of them with commas between.
"""

from django.utils.translation import gettext_lazy as _

from comments import policy
from comments.models.audit_log import Act

SEPARATOR = ", "
RULES = {
    policy.HELD_MODERATED: policy.HELD_BECAUSE[policy.HELD_MODERATED],
    policy.HELD_FIRST: _("first comment"),
    policy.HELD_EDITED: _("edited after approval"),
    policy.HELD_IMPORTED: _("was waiting on the old blog already"),
    policy.HELD_BY_PERSON: _("put back by a moderator"),
    policy.HELD_CHECKS: _("held by a check"),
    policy.HELD_CARE: _("care phrase"),
    policy.HELD_REPORTED: _("reported by readers"),
    policy.PROVED: _("its writer has proved who she is"),
}
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


def rule_in_words(code):
    """Return a comment's ``held_because`` in words; what only somebody's check knows as it is."""
    return str(RULES.get(code, code))


def in_words(action):
    """Return what a row of the log says about checks in words, each thing once; "" for nothing.

    Of a content note it is the name, which somebody chose: that is never taken for a code.
    """
    if action.act == Act.NOTE:
        return action.verdict
    codes = action.verdict.split(SEPARATOR)
    if codes[0] == policy.HELD_CHECKS and len(codes) > 1:
        del codes[0]  # which ones they were stands there
    return SEPARATOR.join(dict.fromkeys(str((RULES | CHECKS).get(code, code)) for code in codes))
