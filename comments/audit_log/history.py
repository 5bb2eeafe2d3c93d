"""Earlier decisions about a comment: who made them and when, in a sentence.

A moderator's page sends back the version it showed (:func:`newest_actions`), so that nothing
happens, and they read why, if somebody else decided or the writer edited meanwhile.
"""

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import timestamps
from comments.models import ModerationAction
from comments.models.audit_log import DECISIONS, Act

# Acts that make a page out of date: decisions, and changes of the text.
WATCHED = Q(act__in=[*DECISIONS, Act.EDIT, Act.WITHDRAW])
WATCHED |= Q(act=Act.UNDO, undoes__act__in=DECISIONS)

GONE = gettext_lazy("This comment no longer exists.")
NO_WORDS = gettext_lazy("This comment no longer has any text.")
IN_CARE = gettext_lazy(
    "This comment is in Care, so it can’t be marked as spam. You can hold or remove it, "
    "or close the care case first."
)
AS_IT_IS = gettext_lazy("This comment already has that status.")


def newest_actions(keys):
    """Return ``{comment key: key of the newest act about its text or status, or 0}``, in one query.

    These are the ``versions`` of :func:`comments.moderation.decisions.decide`.
    """
    keys = list(keys)
    rows = ModerationAction.objects.filter(WATCHED, comment__in=keys).order_by()
    newest = dict(rows.values_list("comment").annotate(Max("pk")))
    return {key: newest.get(key, 0) for key in keys}


def last_action(key):
    """Return the newest act about the text or status of the comment with this key, or None."""
    rows = ModerationAction.objects.filter(WATCHED, comment=key)
    return rows.select_related("who").order_by("-pk").first()


def deciding_action(comment):
    """Return the moderator's decision that put the comment into its present status, or None."""
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
        "who": action.who.name if action.who else _("Someone"),
        "when": timestamps.ago(action.created_at),
    }
    return str(act.by_somebody) % words
