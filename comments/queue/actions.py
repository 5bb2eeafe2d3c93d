"""What each press in the queue does, and the sentence that is said when it is done.

One function a press, called by the views in :mod:`.act_views`; :mod:`.desk` turns what it returns
into an answer. A moderator decides about what they have read: where somebody else decided
meanwhile, or the writer changed the words, nothing is changed and the sentence says so.

All functions raise ``Refused`` where nothing was changed, and DoesNotExist where the comment is
gone; :func:`.desk.answering` says either to whoever pressed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.refusal import Refused
from comments.care import cases
from comments.models import Comment, ModerationAction
from comments.models import moderation as models_moderation
from comments.moderation import content_notes, decisions, locking, writers
from comments.tree.transactions import in_transaction

Act = ModerationAction.Act
# Beside the acts of the log: both with one press.
APPROVE_AND_TRUST = "approve-and-trust"


class Wording(NamedTuple):
    """What the queue says of an act: when it is done, on its button, and before many at once."""

    done: Any
    button: Any = ""
    about_many: Any = None


# Every act that can be pressed here. Those with a button of their own decide about a comment; they
# are offered in this order, the likeliest first.
WORDS = {
    Act.APPROVE: Wording(
        gettext_lazy("Approved: %(name)s’s comment."),
        gettext_lazy("Approve"),
        ngettext_lazy("Approve %d comment?", "Approve %d comments?"),
    ),
    Act.KEEP: Wording(gettext_lazy("Kept as it is: %(name)s’s comment."), gettext_lazy("Keep")),
    Act.RESTORE: Wording(gettext_lazy("Restored: %(name)s’s comment."), gettext_lazy("Restore")),
    Act.SPAM: Wording(
        gettext_lazy("Marked as spam: %(name)s’s comment."),
        gettext_lazy("Spam"),
        ngettext_lazy("Mark %d comment as spam?", "Mark %d comments as spam?"),
    ),
    Act.REMOVE: Wording(
        gettext_lazy("Removed: %(name)s’s comment."),
        gettext_lazy("Remove"),
        ngettext_lazy("Remove %d comment?", "Remove %d comments?"),
    ),
    Act.HOLD: Wording(
        gettext_lazy("Held: %(name)s’s comment waits again."),
        gettext_lazy("Hold"),
        ngettext_lazy("Hold %d comment?", "Hold %d comments?"),
    ),
    Act.TRUST: Wording(gettext_lazy("Trusted: what %(name)s writes now appears at once.")),
    Act.UNTRUST: Wording(gettext_lazy("%(name)s is not trusted any more.")),
    Act.BAN: Wording(gettext_lazy("Banned: what %(name)s writes now is always read first.")),
    Act.UNBAN: Wording(gettext_lazy("%(name)s is not banned any more.")),
    Act.LOCK: Wording(
        gettext_lazy("Locked: the thread of %(name)s’s comment takes no more answers.")
    ),
    Act.UNLOCK: Wording(
        gettext_lazy("Unlocked: the thread of %(name)s’s comment takes answers again.")
    ),
    Act.NOTE: Wording(gettext_lazy("The content note of %(name)s’s comment was changed.")),
    Act.CARE: Wording(gettext_lazy("Put into Care: %(name)s’s comment.")),
    Act.HAND_OVER: Wording(gettext_lazy("Handed over to %(to)s: %(name)s’s comment.")),
    Act.CLOSE_CARE: Wording(gettext_lazy("Care is closed: %(name)s’s comment.")),
    Act.UNDO: Wording(gettext_lazy("Taken back: %(name)s’s comment is as it was.")),
    APPROVE_AND_TRUST: Wording(
        gettext_lazy("Approved: %(name)s’s comment. What she writes from now on appears at once.")
    ),
}
YOURS_STAYS = gettext_lazy("Your answer to it stays, until you take it back on its receipt.")
NOTHING_CHANGED = gettext_lazy("Nothing was changed.")
GONE = gettext_lazy("This comment is not there any more. There is nothing left to decide.")
UNKNOWN = gettext_lazy("This is nothing that can be done here. Nothing was changed.")
TOO_LATE_TO_UNDO = gettext_lazy(
    "This cannot be taken back any more: somebody decided since. Nothing was changed."
)
ALREADY = gettext_lazy(
    "Somebody was here before you, or the words have changed. Nothing was done; please look again."
)
WRITER_ACTS = {
    Act.TRUST: writers.trust,
    Act.UNTRUST: writers.untrust,
    Act.BAN: writers.ban,
    Act.UNBAN: writers.unban,
}
LOCKS = {Act.LOCK: locking.lock, Act.UNLOCK: locking.unlock}


@dataclass(frozen=True)
class ActionResult:
    """What was done, as a sentence; ``actions`` are the rows of the log that can be taken back.

    ``key`` is that of the comment it was about, None for several.
    """

    sentence: str
    actions: tuple[int, ...] = ()
    key: int | None = None


def _done(key, act, *actions, **words) -> ActionResult:
    """Say that an act about the comment of this key is done."""
    words["name"] = name_of(key)
    return ActionResult(str(WORDS[act].done) % words, tuple(filter(None, actions)), key)


def _done_if(action, key, act) -> ActionResult:
    """As :func:`_done`; ``action`` is None where it was done already."""
    return _done(key, act, action) if action else ActionResult(str(NOTHING_CHANGED))


def name_of(key: int) -> str | None:
    """Return the name of the writer of the comment of this key, as readers see it; None if gone."""
    found = Comment.objects.with_names().filter(pk=key).first()
    return found and found.writer_name


def _known(act, among):
    if act not in among:
        raise Refused(UNKNOWN)
    return Act(act)


# -- deciding about words ----------------------------------------------------------------


def decide(key: int, act: str, who, seen: int, **more) -> ActionResult:
    """Carry out one act about the comment of this key.

    ``seen`` is what the card knew (``Card.seen``). ``more`` goes to :func:`moderation.decide`.
    """
    more |= {"mails_due_at": mails_due_at(), "seen": {key: seen}}
    if act == APPROVE_AND_TRUST:
        outcome, trust = writers.approve_and_trust(key, who, **more)
    else:
        act, trust = _known(act, decisions.MAY_FOLLOW), None
        outcome = decisions.decide([key], act, who, **more)
    if key not in outcome.changed:
        raise Refused(_unchanged(key, outcome.sentences[key]))
    models_moderation.release_claim(key)
    return _done(key, act, outcome.actions[key], trust)


def mails_due_at() -> datetime:
    """Return when the mails of a decision may leave: when nobody can take it back by a press."""
    return timezone.now() + decisions.UNDO_WINDOW


def _unchanged(key, sentence):
    name = name_of(key)
    if name is None:
        return GONE
    words = {"name": name, "sentence": sentence, "nothing": NOTHING_CHANGED}
    return _("%(name)s’s comment: %(sentence)s %(nothing)s") % words


def decide_all(seen: dict[int, int], act: str, who, reason: str = "") -> ActionResult:
    """Carry out one act about many comments, ``{key: seen}``.

    The sentence also says of how many nothing was changed, and of the first of them why.
    """
    outcome = decisions.decide(
        list(seen), Act(act), who, reason, mails_due_at=mails_due_at(), seen=seen
    )
    if len(seen) == 1 and outcome.changed:
        return _done(outcome.changed[0], Act(act), *outcome.actions.values())
    count = len(outcome.changed)
    said = [ngettext("Decided: %(count)d comment.", "Decided: %(count)d comments.", count)]
    said[0] %= {"count": count}
    for key in outcome.unchanged[:1]:
        left = ngettext(
            "%(count)d stayed as it was: %(one)s",
            "%(count)d stayed as they were. One of them: %(one)s",
            len(outcome.unchanged),
        )
        one = _unchanged(key, outcome.sentences[key])
        said.append(left % {"count": len(outcome.unchanged), "one": one})
    return ActionResult(" ".join(said), tuple(outcome.actions.values()))


def undo(actions: list[int], who) -> ActionResult:
    """Take back these acts (keys of the log) where nobody decided since."""
    rows = list(ModerationAction.objects.filter(pk__in=actions).order_by("-pk"))
    undone = [row for row in rows if decisions.undo_action(row.pk, who)]
    if not undone:
        raise Refused(TOO_LATE_TO_UNDO)
    keys = {row.comment_id for row in undone}
    if keys == {None}:
        return ActionResult(_("Taken back: what the writer is known for here is as it was."))
    if len(keys) > 1:
        return ActionResult(_("Taken back: %(count)d decisions.") % {"count": len(undone)})
    done = _done(keys.pop(), Act.UNDO)
    if Comment.objects.approved().filter(parent=done.key, user=who).exists():
        return ActionResult(f"{done.sentence} {YOURS_STAYS}", key=done.key)
    return done


# -- notes, writers and threads ----------------------------------------------------------


def set_note(key: int, note: str, who) -> ActionResult:
    """Put a content note (its key as text, empty for none) on a comment."""
    changed = content_notes.change(key, note, who)
    return _done(key, Act.NOTE) if changed else ActionResult(str(NOTHING_CHANGED))


def act_on_writer(key: int, act: str, who, **more) -> ActionResult:
    """Trust, ban, or end either, for the writer of a comment."""
    act = _known(act, WRITER_ACTS)
    return _done_if(WRITER_ACTS[act](key, who, **more), key, act)


def lock(key: int, act: str, who) -> ActionResult:
    """Lock the thread of a comment, or unlock it."""
    act = _known(act, LOCKS)
    return _done_if(LOCKS[act](key, who), key, act)


def write_private_note(key: int, text: str, who) -> ActionResult:
    """Write down something about the writer of a comment, for moderators."""
    writers.note(key, who, text)
    return ActionResult(_("Your note is kept. Only moderators can read it."))


# -- the care lane -----------------------------------------------------------------------


def open_care_case(key: int, who) -> ActionResult:
    """Put a comment into the care lane because this moderator is worried."""

    def work():
        Comment.objects.lock_threads(key)
        comment = Comment.objects.with_names().get(pk=key)
        cases.open_case(comment, _("%s is worried about this person") % who.name, who)

    in_transaction(work)
    return _done(key, Act.CARE)


def hand_over(case, to, who) -> ActionResult:
    """Hand a care case over to a colleague (an account)."""
    if not cases.hand_over(case.pk, to, who):
        raise Refused(ALREADY)
    return _done(case.comment_id, Act.HAND_OVER, to=to.name)


def close_care(case, who, seen: int, **more) -> ActionResult:
    """Close a care case, with what was done and a note."""
    if not cases.close_case(case.pk, who, seen=seen, **more):
        raise Refused(ALREADY)
    return _done(case.comment_id, Act.CLOSE_CARE)
