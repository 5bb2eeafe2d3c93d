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
    if act.by_itself and (action.verdict or not act.by_somebody):
        return str(act.by_itself)
    words = {
        "who": action.who.name if action.who else _("Somebody"),
        "when": timestamps.ago(action.created_at),
    }
    return str(act.by_somebody) % words
