"""The actions of the queue, one function each, and the sentence that reports the result.

Called by the views in :mod:`.action_views`; :mod:`.responses` turns the result into a response. If
somebody else decided meanwhile, or the writer edited the comment, nothing changes and the sentence
says so.

All functions raise ``Refused`` if nothing was changed, and DoesNotExist if the comment is gone;
:func:`.responses.action_view` reports either.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.models import User
from accounts.refusal import Refused
from comments.care import cases
from comments.models import CareCase, Comment, ModerationAction
from comments.models import moderation as models_moderation
from comments.moderation import content_notes, decisions, locked_threads, writers
from comments.tree.transactions import in_transaction

Act = ModerationAction.Act
# Not an act of the log: two acts with one press.
APPROVE_AND_TRUST = "approve-and-trust"


class Wording(NamedTuple):
    """The texts of an act: the result, its button, and question and result of a bulk action."""

    done: Any
    button: Any = ""
    about_many: Any = None
    done_to_many: Any = None


# Every act of the queue. Those with a button decide about a comment and are offered in this order,
# the likeliest first.
WORDS = {
    Act.APPROVE: Wording(
        gettext_lazy("Approved %(name)s’s comment."),
        gettext_lazy("Approve"),
        ngettext_lazy("Approve %d comment?", "Approve %d comments?"),
        ngettext_lazy("Approved %d comment.", "Approved %d comments."),
    ),
    Act.KEEP: Wording(gettext_lazy("Kept %(name)s’s comment as is."), gettext_lazy("Keep")),
    Act.RESTORE: Wording(gettext_lazy("Restored %(name)s’s comment."), gettext_lazy("Restore")),
    Act.SPAM: Wording(
        gettext_lazy("Marked %(name)s’s comment as spam."),
        gettext_lazy("Spam"),
        ngettext_lazy("Mark %d comment as spam?", "Mark %d comments as spam?"),
        ngettext_lazy("Marked %d comment as spam.", "Marked %d comments as spam."),
    ),
    Act.REMOVE: Wording(
        gettext_lazy("Removed %(name)s’s comment."),
        gettext_lazy("Remove"),
        ngettext_lazy("Remove %d comment?", "Remove %d comments?"),
        ngettext_lazy("Removed %d comment.", "Removed %d comments."),
    ),
    Act.HOLD: Wording(
        gettext_lazy("Held %(name)s’s comment. It’s waiting for review again."),
        gettext_lazy("Hold"),
        ngettext_lazy("Hold %d comment?", "Hold %d comments?"),
        ngettext_lazy("Held %d comment.", "Held %d comments."),
    ),
    Act.TRUST: Wording(gettext_lazy("Trusted %(name)s. Their comments now appear right away.")),
    Act.UNTRUST: Wording(gettext_lazy("%(name)s is no longer trusted.")),
    Act.BAN: Wording(
        gettext_lazy("Banned %(name)s. Their comments are now always reviewed first.")
    ),
    Act.UNBAN: Wording(gettext_lazy("%(name)s is no longer banned.")),
    Act.LOCK: Wording(
        gettext_lazy("Locked the thread with %(name)s’s comment. New replies are closed.")
    ),
    Act.UNLOCK: Wording(
        gettext_lazy("Unlocked the thread with %(name)s’s comment. New replies are open again.")
    ),
    Act.NOTE: Wording(gettext_lazy("Changed the content note of %(name)s’s comment.")),
    Act.CARE: Wording(gettext_lazy("Added %(name)s’s comment to Care.")),
    Act.HAND_OVER: Wording(gettext_lazy("Handed %(name)s’s comment over to %(to)s.")),
    Act.CLOSE_CARE: Wording(gettext_lazy("Closed the care case for %(name)s’s comment.")),
    Act.UNDO: Wording(gettext_lazy("Undone. %(name)s’s comment is as it was before.")),
    APPROVE_AND_TRUST: Wording(
        gettext_lazy("Approved %(name)s’s comment. From now on, their comments appear right away.")
    ),
}
YOURS_STAYS = gettext_lazy("Your reply to it stays until you delete it from its status page.")
NOTHING_CHANGED = gettext_lazy("Nothing was changed.")
GONE = gettext_lazy("This comment no longer exists, so there’s nothing left to decide.")
UNKNOWN = gettext_lazy("That isn’t possible here. Nothing was changed.")
TOO_LATE_TO_UNDO = gettext_lazy(
    "This can no longer be undone, because someone has decided since. Nothing was changed."
)
ALREADY = gettext_lazy(
    "Someone else got here first, or the text has changed. Nothing was changed; please look again."
)
WRITER_ACTS = {
    Act.TRUST: writers.trust,
    Act.UNTRUST: writers.untrust,
    Act.BAN: writers.ban,
    Act.UNBAN: writers.unban,
}
LOCKS = {Act.LOCK: locked_threads.lock, Act.UNLOCK: locked_threads.unlock}


@dataclass(frozen=True)
class ActionResult:
    """What was done, as a sentence; ``actions`` are the audit log keys that can be undone.

    ``key`` is the comment's, None for several.
    """

    sentence: str
    actions: tuple[int, ...] = ()
    key: int | None = None


def _done(key, act, *actions, **words) -> ActionResult:
    """Return the result of an act about the comment with this key."""
    words["name"] = name_of(key)
    return ActionResult(str(WORDS[act].done) % words, tuple(filter(None, actions)), key)


def _done_if(action, key, act) -> ActionResult:
    """As :func:`_done`; ``action`` is None if there was nothing to do."""
    return _done(key, act, action) if action else ActionResult(str(NOTHING_CHANGED))


def name_of(key: int) -> str | None:
    """Return the name shown with the comment of this key, or None if it is gone."""
    comment = Comment.objects.with_names().filter(pk=key).first()
    return comment and comment.writer_name


def _known(act, among):
    if act not in among:
        raise Refused(UNKNOWN)
    return Act(act)


# -- decisions ---------------------------------------------------------------------------


def decide(key: int, act: str, who: User, version: int, **more: Any) -> ActionResult:
    """Apply one act to the comment with this key.

    ``version`` is the card's (``Card.version``). ``more`` goes to :func:`decisions.decide`.
    """
    more |= {"mails_due_at": mails_due_at(), "versions": {key: version}}
    if act == APPROVE_AND_TRUST:
        outcome, trust = writers.approve_and_trust(key, who, **more)
    else:
        act, trust = _known(act, decisions.MAY_FOLLOW), None
        outcome = decisions.decide([key], act, who, **more)
    if key not in outcome.changed:
        raise Refused(_unchanged(key, outcome.sentences[key]))
    models_moderation.release_review_lock(key)
    return _done(key, act, outcome.actions[key], trust)


def mails_due_at() -> datetime:
    """Return when the mails of a decision may leave: after the undo window."""
    return timezone.now() + decisions.UNDO_WINDOW


def _unchanged(key, sentence):
    name = name_of(key)
    if name is None:
        return GONE
    # The name is a line of its own: no sentence can be continued in every language.
    return "\n".join([_("%(name)s’s comment") % {"name": name}, f"{sentence} {NOTHING_CHANGED}"])


def decide_all(versions: dict[int, int], act: str, who: User, reason: str = "") -> ActionResult:
    """Apply one act to several comments, ``{key: version}``.

    The sentence also says how many stayed unchanged, and why the first of them did.
    """
    outcome = decisions.decide(
        list(versions), Act(act), who, reason, mails_due_at=mails_due_at(), versions=versions
    )
    if len(versions) == 1 and outcome.changed:
        return _done(outcome.changed[0], Act(act), *outcome.actions.values())
    count = len(outcome.changed)
    lines = [WORDS[Act(act)].done_to_many % count] if count else []
    for key in outcome.unchanged[:1]:
        left = len(outcome.unchanged)
        lines.append(
            ngettext("%d wasn’t changed:", "%d weren’t changed. One of them:", left) % left
        )
        lines.append(_unchanged(key, outcome.sentences[key]))
    return ActionResult("\n".join(map(str, lines)), tuple(outcome.actions.values()))


def undo(actions: list[int], who: User) -> ActionResult:
    """Undo these acts (audit log keys), where nobody has decided since."""
    rows = list(ModerationAction.objects.filter(pk__in=actions).order_by("-pk"))
    undone = [action for action in rows if decisions.undo_action(action.pk, who)]
    if not undone:
        raise Refused(TOO_LATE_TO_UNDO)
    keys = {action.comment_id for action in undone}
    if keys == {None}:
        return ActionResult(_("Undone. The writer’s trust or ban is as it was before."))
    if len(keys) > 1:
        count = len(undone)
        return ActionResult(ngettext("%d decision undone.", "%d decisions undone.", count) % count)
    done = _done(keys.pop(), Act.UNDO)
    if Comment.objects.approved().filter(parent=done.key, user=who).exists():
        return ActionResult(f"{done.sentence} {YOURS_STAYS}", key=done.key)
    return done


# -- notes, writers and threads ----------------------------------------------------------


def set_note(key: int, note: str, who: User) -> ActionResult:
    """Set the content note of a comment (its key as text, empty for none)."""
    changed = content_notes.change(key, note, who)
    return _done(key, Act.NOTE) if changed else ActionResult(str(NOTHING_CHANGED))


def act_on_writer(key: int, act: str, who: User, **more: Any) -> ActionResult:
    """Trust or ban the writer of a comment, or revoke either."""
    act = _known(act, WRITER_ACTS)
    return _done_if(WRITER_ACTS[act](key, who, **more), key, act)


def lock(key: int, act: str, who: User) -> ActionResult:
    """Lock or unlock the thread of a comment."""
    act = _known(act, LOCKS)
    return _done_if(LOCKS[act](key, who), key, act)


def write_private_note(key: int, text: str, who: User) -> ActionResult:
    """Write a note about the writer of a comment, for moderators."""
    writers.note(key, who, text)
    return ActionResult(_("Note saved. Only moderators can see it."))


# -- the care lane -----------------------------------------------------------------------


def open_care_case(key: int, who: User) -> ActionResult:
    """Open a care case for a comment because this moderator is worried."""

    def work():
        Comment.objects.lock_threads(key)
        comment = Comment.objects.with_names().get(pk=key)
        cases.open_case(comment, _("%s is worried about this person") % who.name, who)

    in_transaction(work)
    return _done(key, Act.CARE)


def hand_over(case: CareCase, to: User, who: User) -> ActionResult:
    """Hand a care case over to a colleague."""
    if not cases.hand_over(case.pk, to, who):
        raise Refused(ALREADY)
    return _done(case.comment_id, Act.HAND_OVER, to=to.name)


def close_care(case: CareCase, who: User, version: int, **more: Any) -> ActionResult:
    """Close a care case, with what was done and a note."""
    if not cases.close_case(case.pk, who, version=version, **more):
        raise Refused(ALREADY)
    return _done(case.comment_id, Act.CLOSE_CARE)
