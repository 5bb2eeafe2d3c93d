"""What was decided about a comment before: whose decision it was and when, in a sentence.

Whoever decides says which state she had before her eyes (:func:`newest`). Where somebody else
decided meanwhile, or the writer changed the words, nothing happens and she reads why.
"""

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import timestamps
from comments.models import ModerationAction
from comments.models.audit_log import DECISIONS, Act

# What makes a decision about the state before it pointless: others' decisions, other words.
WATCHED = Q(act__in=[*DECISIONS, Act.EDIT, Act.WITHDRAW])
WATCHED |= Q(act=Act.UNDO, undoes__act__in=DECISIONS)

GONE = gettext_lazy("This comment is not there any more.")
NO_WORDS = gettext_lazy("There are no words left in this comment.")
IN_CARE = gettext_lazy(
    "This comment is in the care lane, so it cannot be spam. It can be held or removed, and the "
    "care case can be closed first."
)
AS_IT_IS = gettext_lazy("This comment is in that state already.")
CHANGED = gettext_lazy("Its writer has changed the words meanwhile. Please read them once more.")
WITHDRAWN = gettext_lazy("Its writer has taken this comment back.")
HELD_MEANWHILE = gettext_lazy("This comment was held meanwhile. Please look at it once more.")
KNOWN_MEANWHILE = gettext_lazy("Its writer has proved who she is, so it appeared by itself.")

BY_SOMEBODY = {
    Act.HOLD: gettext_lazy("%(who)s held it %(when)s."),
    Act.APPROVE: gettext_lazy("%(who)s approved it %(when)s."),
    Act.SPAM: gettext_lazy("%(who)s marked it as spam %(when)s."),
    Act.REMOVE: gettext_lazy("%(who)s removed it %(when)s."),
    Act.RESTORE: gettext_lazy("%(who)s restored it %(when)s."),
    Act.KEEP: gettext_lazy("%(who)s looked at it %(when)s and left it as it is."),
    Act.UNDO: gettext_lazy("%(who)s took a decision about it back %(when)s."),
}
BY_NOBODY = {
    Act.EDIT: CHANGED,
    Act.WITHDRAW: WITHDRAWN,
    Act.HOLD: HELD_MEANWHILE,
    Act.APPROVE: KNOWN_MEANWHILE,
}


def newest_actions(keys):
    """Return ``{key of comment: key of the newest act about its words or its status, or 0}``.

    For the page that shows them; :func:`moderation.decide` takes it as ``seen``. One query.
    """
    keys = list(keys)
    rows = ModerationAction.objects.filter(WATCHED, comment__in=keys).order_by()
    found = dict(rows.values_list("comment").annotate(Max("pk")))
    return {key: found.get(key, 0) for key in keys}


def last_action(key):
    """Return the newest act about the words or the status of the comment of this key, or None."""
    rows = ModerationAction.objects.filter(WATCHED, comment=key)
    return rows.select_related("who").order_by("-pk").first()


def deciding_action(comment):
    """Return a moderator's decision by which the comment is in its state now, or None."""
    rows = ModerationAction.objects.filter(comment=comment.pk, undone_by=None, who__isnull=False)
    newest = rows.filter(act__in=DECISIONS).exclude(act=Act.KEEP).order_by("-pk").first()
    return newest if newest and newest.to_status == comment.status else None


def describe(action):
    """Say who did it and when: "Mia approved it 2 minutes ago."."""
    if action is None or action.from_status is None:
        return str(AS_IT_IS)
    act = Act(action.act)
    if act in BY_NOBODY and (action.verdict or act not in BY_SOMEBODY):
        return str(BY_NOBODY[act])
    words = {
        "who": action.who.name if action.who else _("Somebody"),
        "when": timestamps.ago(action.created_at),
    }
    return BY_SOMEBODY[act] % words
