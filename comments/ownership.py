"""What a writer does with her own words: change them, take them back, take her name off them.

Each takes the thread's lock, looks at the comment as it is by then, keeps the counts right
and writes one row of the log. That row names nobody: these acts are the writer's alone, and
a name in the log would undo the disowning.
"""

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import inventory, outbox
from comments import (
    announcing,
    checks,
    counters,
    findings,
    following,
    log,
    markup,
    moderation,
    notes,
    policy,
    removal_mail,
    writers,
)
from comments.care import lane
from comments.findings import Verdict
from comments.models import Comment, ConversationSettings
from comments.transactions import in_transaction

Act = log.Act
Status = Comment.Status


class EditRefusedError(Exception):
    """The words stay as they are. ``sentence`` says why, for the person who wrote them."""

    def __init__(self, sentence):
        super().__init__(str(sentence))
        self.sentence = sentence


def answered_at(comment):
    """Return when the first answer that is visible now became visible, or None."""
    directly = Q(parent=comment.pk, reply_to=None) | Q(reply_to=comment.pk)
    answers = Comment.objects.approved().filter(directly)
    return answers.aggregate(first=Min("approved_at"))["first"]


def may_edit(comment, opened_at=None):
    """Return whether the writer may change the words now; see :func:`policy.may_edit`."""
    return policy.may_edit(comment, answered_at(comment), opened_at)


def edit_ends(comment):
    """Return when the edit window closes, or None while it has no end."""
    return policy.edit_ends(comment, answered_at(comment))


KEEP = object()  # the content note stays as it is


def edit(key, words, opened_at=None, note=KEEP, network="", form=None):
    """Put other words into the comment of this key, and hide it where they must be read first.

    ``note`` is the key of another content note, or None: to add one where none was changes
    nothing else, to take one away counts as other words do. ``opened_at``: when the form
    was opened. ``network`` and ``form``: as in ``posting.Answer``. Returns the comment as it is
    then. Raises EditRefusedError when it cannot be changed any more, DoesNotExist when it is gone.
    The words are rendered, and the checks asked, before any lock is taken.
    """
    source = words.replace("\r\n", "\n")
    html = markup.render(source)
    settings = ConversationSettings.get()
    asked = _asked(_as_it_is(key), source, html, settings, network, form)
    return in_transaction(lambda: _edit(key, source, html, opened_at, note, settings, asked))


def _asked(comment, source, html, settings, network, form):
    return checks.ask(
        checks.Submission(
            text=source,
            html=html,
            post=comment.post,
            settings=settings,
            name=comment.name,
            email=comment.email,
            parent=comment.parent_id,
            user=comment.user,
            address=comment.proved_address,
            network=network,
            form=form,
            edits=comment.pk,
        )
    )


def _edit(key, source, html, opened_at, note, settings, asked):
    comment, tree = _locked(key)
    if not may_edit(comment, opened_at):
        raise EditRefusedError(why_not(comment))
    had = comment.content_note_id
    if note not in {KEEP, had}:
        if note and note not in notes.choices(had):
            raise EditRefusedError(notes.NOT_OFFERED)
        notes.put(comment, note, tree)
    if source == comment.body and (note in {KEEP, had} or had is None):
        return _as_it_is(key)
    before, judged = comment.status, _judged(comment, settings, asked)
    after, held_because = judged.status, judged.held_because
    moderation.change_status(
        comment,
        after,
        tree,
        lane=comment.lane if comment.lane == Comment.Lane.CARE else judged.lane,
        body=source,
        body_html=html,
        render_version=markup.RENDER_VERSION,
        edited_at=timezone.now(),
        same_words=asked.same_words,
        held_because=held_because,
    )
    verdict = judged.verdict_for_log if before != after else ""
    log.write(comment, Act.EDIT, after=after, verdict=verdict)
    comment = _as_it_is(key)
    checks.put(comment, judged.found, keep=_kept(before))
    return comment


def _judged(comment, settings, asked):
    """Return the ``Judgement`` about changed words. What waits goes on waiting for a person."""
    mode = policy.mode_of(comment.post, settings)
    usual = policy.status_after_edit(comment, mode, asked.kinds)
    if comment.status == Status.PENDING and asked.verdict == Verdict.PUBLISH:
        return checks.Judgement(*usual)
    asked = asked.beside(findings.of(comment.pk, _kept(comment.status)))
    care_holds = not settings.care_publishes
    return checks.judge(asked, *usual, otherwise=policy.HELD_EDITED, care_holds=care_holds)


def _kept(status):
    """Which checks' findings outlive a change of words: other words do not change the form that
    the first ones came in. A person who approved has settled them.
    """
    return checks.OF_THE_FORM if status == Status.PENDING else ()


def why_not(comment):
    """Return the sentence for why the words of a comment cannot be changed."""
    if comment.status == Status.PENDING and edit_ends(comment) is None:
        return _("A moderator reads these words as they are, so they cannot be changed now.")
    if comment.status in policy.EDITABLE:
        return _(
            "These words can no longer be changed: that is possible until half an hour after they "
            "appeared, or until somebody answered."
        )
    return _("This comment is not shown, so its words cannot be changed.")


def withdraw(key):
    """Take the comment of this key back: its words go, at any time.

    Readers see a line in its place only if somebody's answer stands below it. In the care lane
    the words are kept for moderators (:func:`lane.keep_words`). Taken back
    twice, it is taken back once. Returns the comment; raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: _withdraw(key))


def _withdraw(key):
    comment, tree = _locked(key)
    if comment.status == Status.WITHDRAWN:
        return comment
    lane.keep_words(comment)
    gone = inventory.emptied("comments.Comment", inventory.Event.WITHDRAWN)
    moderation.change_status(comment, Status.WITHDRAWN, tree, **gone)
    following.forget_writer(comment)
    untie_mails(key)
    findings.write(key, ())  # they tell of those words
    comment.reactions.all().delete()  # they were to those words
    log.write(comment, Act.WITHDRAW, after=Status.WITHDRAWN)
    return _as_it_is(key)


def disown(key):
    """Take the writer's name off the comment of this key; the words stay, at any time.

    Returns the comment; raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: _disown(key))


def _disown(key):
    comment, tree = _locked(key)
    if comment.disowned:
        return comment
    gone = inventory.emptied("comments.Comment", inventory.Event.DISOWNED)
    Comment.objects.filter(pk=key).update(**gone, disowned=True)
    following.forget_writer(comment)
    announcing.be_silent(comment)
    untie_mails(key)
    writers.disown(comment)
    counters.changed(Comment.objects, tree, comment.post_id)
    log.write(comment, Act.DISOWN)
    return _as_it_is(key)


def untie_mails(key):
    """Let no mail to the writer say any more whose the comment of this key was."""
    for name in ("receipt", removal_mail.NAME):
        outbox.untie(name, comment=key)


def _locked(key):
    tree = Comment.objects.lock_threads(key)[key]
    return _as_it_is(key), tree


def _as_it_is(key):
    return Comment.objects.select_related("post", "user", "proved_address").get(pk=key)
