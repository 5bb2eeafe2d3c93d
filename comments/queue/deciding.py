"""What the buttons of a card do, and the sentence that tells it.

A moderator decides about what she has read: where somebody else decided meanwhile, or the writer
changed her words, nothing is changed and she is told.
"""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments import locking, moderation, notes, reasons, writers
from comments.care import lane
from comments.models import Comment, ModerationAction
from comments.transactions import in_transaction

Act = ModerationAction.Act
# Beside the acts of the log: both with one press.
APPROVE_AND_TRUST = "approve-and-trust"
DONE = {
    Act.APPROVE: gettext_lazy("Approved: %(name)s’s comment."),
    Act.HOLD: gettext_lazy("Held: %(name)s’s comment waits again."),
    Act.SPAM: gettext_lazy("Marked as spam: %(name)s’s comment."),
    Act.REMOVE: gettext_lazy("Removed: %(name)s’s comment."),
    Act.RESTORE: gettext_lazy("Restored: %(name)s’s comment."),
    Act.KEEP: gettext_lazy("Kept as it is: %(name)s’s comment."),
    Act.TRUST: gettext_lazy("Trusted: what %(name)s writes now appears at once."),
    Act.UNTRUST: gettext_lazy("%(name)s is not trusted any more."),
    Act.BAN: gettext_lazy("Banned: what %(name)s writes now is always read first."),
    Act.UNBAN: gettext_lazy("%(name)s is not banned any more."),
    Act.LOCK: gettext_lazy("Locked: the thread of %(name)s’s comment takes no more answers."),
    Act.UNLOCK: gettext_lazy("Unlocked: the thread of %(name)s’s comment takes answers again."),
    Act.NOTE: gettext_lazy("The content note of %(name)s’s comment was changed."),
    Act.CARE: gettext_lazy("Put into Care: %(name)s’s comment."),
    Act.CLOSE_CARE: gettext_lazy("Care is closed: %(name)s’s comment."),
    APPROVE_AND_TRUST: gettext_lazy(
        "Approved: %(name)s’s comment. What she writes from now on appears at once."
    ),
}
YOURS_STAYS = gettext_lazy("Your answer to it stays, until you take it back on its receipt.")
GONE = gettext_lazy("This comment is not there any more. There is nothing left to decide.")
ALREADY = gettext_lazy(
    "Somebody was here before you, or the words have changed. Nothing was done; please look again."
)
WRITER_ACTS = {
    Act.TRUST: writers.trust,
    Act.UNTRUST: writers.untrust,
    Act.BAN: writers.ban,
    Act.UNBAN: writers.unban,
}


class RefusedError(Exception):
    """Nothing was changed. ``sentence`` says why, for the moderator."""

    def __init__(self, sentence):
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Told:
    """What was done, as a sentence; ``actions`` are the rows of the log that can be taken back.

    ``key`` is that of the comment it was about, None for several.
    """

    sentence: str
    actions: tuple = ()
    key: int | None = None


def mails_due_at():
    """Return when the mails of a decision may leave: when nobody can take it back by a press."""
    return timezone.now() + moderation.UNDO_WINDOW


def decide(key, act, who, seen, **more):
    """Carry out one act about the comment of this key and return ``Told``.

    ``seen`` is what the card knew (``Card.seen``). ``more`` goes to :func:`moderation.decide`.
    Raises RefusedError when something has changed since, or the act is not possible; ValueError or
    KeyError for an act that there is not.
    """
    more |= {"mails_due_at": mails_due_at(), "seen": {key: seen}}
    if act == APPROVE_AND_TRUST:
        outcome, trust = _for_writer(writers.approve_and_trust, key, who, **more)
    else:
        outcome, trust = moderation.decide([key], Act(act), who, **more), None
    if key not in outcome.changed:
        raise RefusedError(_unchanged(key, outcome.sentences[key]))
    reasons.release_claim(key)
    return _told(key, act, outcome.actions[key], trust)


def _unchanged(key, sentence):
    name = name_of(key)
    if name is None:
        return GONE
    words = {"name": name, "sentence": sentence, "nothing": _("Nothing was changed.")}
    return _("%(name)s’s comment: %(sentence)s %(nothing)s") % words


def decide_all(seen, act, who, reason=""):
    """Carry out one act about many comments, ``{key: seen}``; return ``Told``.

    The sentence also says of how many nothing was changed, and of the first of them why.
    """
    outcome = moderation.decide(
        list(seen), Act(act), who, reason, mails_due_at=mails_due_at(), seen=seen
    )
    if len(seen) == 1 and outcome.changed:
        return _told(outcome.changed[0], Act(act), *outcome.actions.values())
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
    return Told(" ".join(said), tuple(outcome.actions.values()))


def name_of(key):
    """Return the name of the writer of the comment of this key, as readers see it; None if gone."""
    found = Comment.objects.with_names().filter(pk=key).first()
    return found and found.writer_name


def _told(key, act, *actions):
    return Told(str(DONE[act]) % {"name": name_of(key)}, tuple(filter(None, actions)), key)


def undo(actions, who):
    """Take back these acts (keys of the log) where nobody decided since; return ``Told``."""
    rows = list(ModerationAction.objects.filter(pk__in=actions).order_by("-pk"))
    undone = [row for row in rows if moderation.undo(row.pk, who)]
    if not undone:
        raise RefusedError(
            _("This cannot be taken back any more: somebody decided since. Nothing was changed.")
        )
    keys = {row.comment_id for row in undone}
    if keys == {None}:
        return Told(_("Taken back: what the writer is known for here is as it was."))
    if len(keys) == 1:
        key = keys.pop()
        said = _("Taken back: %(name)s’s comment is as it was.") % {"name": name_of(key)}
        if Comment.objects.approved().filter(parent=key, user=who).exists():
            said = f"{said} {YOURS_STAYS}"
        return Told(said, key=key)
    return Told(_("Taken back: %(count)d decisions.") % {"count": len(undone)})


def put_note(key, note, who):
    """Put a content note (its key as text, empty for none) on a comment and return ``Told``."""
    try:
        changed = notes.change(key, note, who)
    except notes.NoteNotOfferedError as refusal:
        raise RefusedError(refusal.sentence) from None
    except Comment.DoesNotExist:
        raise RefusedError(GONE) from None
    return _told(key, Act.NOTE) if changed else Told(_("Nothing was changed."))


def about_writer(key, act, who, **more):
    """Trust, ban, or end either, for the writer of a comment; return ``Told``.

    Raises ValueError or KeyError for another act.
    """
    action = _for_writer(WRITER_ACTS[Act(act)], key, who, **more)
    return _told(key, Act(act), action) if action else Told(_("Nothing was changed."))


def _for_writer(work, key, who, **more):
    try:
        return work(key, who, **more)
    except writers.RefusedError as refusal:
        raise RefusedError(refusal.sentence) from None
    except Comment.DoesNotExist:
        raise RefusedError(GONE) from None


def lock(key, who, locked=True):
    """Lock the thread of a comment, or unlock it; return ``Told``."""
    try:
        action = (locking.lock if locked else locking.unlock)(key, who)
    except Comment.DoesNotExist:
        raise RefusedError(GONE) from None
    act = Act.LOCK if locked else Act.UNLOCK
    return _told(key, act, action) if action else Told(_("Nothing was changed."))


def write_private_note(key, text, who):
    """Write down something about the writer of a comment, for moderators; return ``Told``."""
    try:
        writers.note(key, who, text)
    except ValueError:
        raise RefusedError(_("There are no words in this note yet.")) from None
    except Comment.DoesNotExist:
        raise RefusedError(GONE) from None
    return Told(_("Your note is kept. Only moderators can read it."))


# -- the care lane -----------------------------------------------------------------------


def put_into_care(key, who):
    """Put a comment into the care lane because this moderator is worried; return ``Told``."""

    def work():
        Comment.objects.lock_threads(key)
        comment = Comment.objects.with_names().get(pk=key)
        lane.enter(comment, _("%s is worried about this person") % who.name, who)

    try:
        in_transaction(work)
    except Comment.DoesNotExist:
        raise RefusedError(GONE) from None
    return _told(key, Act.CARE)


def hand_over(case, to, who):
    """Hand a care case over to a colleague (an account); return ``Told``."""
    if not lane.hand_over(case.pk, to, who):
        raise RefusedError(ALREADY)
    words = {"name": name_of(case.comment_id), "to": to.name}
    return Told(_("Handed over to %(to)s: %(name)s’s comment.") % words, key=case.comment_id)


def close_care(case, who, seen, **more):
    """Close a care case, with what was done and a note; return ``Told``."""
    if not lane.close(case.pk, who, seen=seen, **more):
        raise RefusedError(ALREADY)
    return _told(case.comment_id, Act.CLOSE_CARE)
