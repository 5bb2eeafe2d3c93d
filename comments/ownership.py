"""What a writer does with her own words: change them, take them back, take her name off them.

Each takes the thread's lock, looks at the comment as it is by then, keeps the counts right
and writes one row of the log. That row names nobody: these acts are the writer's alone, and
a name in the log would undo the disowning.
"""

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import outbox
from comments import announcing, counters, following, markup, moderation, notes, policy
from comments.models import Comment, ConversationSettings, ModerationAction
from comments.transactions import in_transaction

Act = ModerationAction.Act
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


def edit(key, words, opened_at=None, note=KEEP):
    """Put other words into the comment of this key, and hide it where they must be read first.

    ``note`` is the key of another content note, or None: to add one where none was changes
    nothing else, to take one away counts as other words do. ``opened_at``: when the form
    was opened. Returns the comment as it is then. Raises EditRefusedError when it cannot be
    changed any more, DoesNotExist when it is gone. The words are rendered before any lock is
    taken.
    """
    source = words.replace("\r\n", "\n")
    html = markup.render(source)
    return in_transaction(lambda: _edit(key, source, html, opened_at, note))


def _edit(key, source, html, opened_at, note):
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
    before = comment.status
    mode = policy.mode_of(comment.post, ConversationSettings.get())
    after, held_because = policy.status_after_edit(comment, mode)
    moderation.change_status(
        comment,
        after,
        tree,
        body=source,
        body_html=html,
        render_version=markup.RENDER_VERSION,
        edited_at=timezone.now(),
        held_because=held_because,
    )
    _log(comment, Act.EDIT, before, after, held_because if before != after else "")
    return _as_it_is(key)


def why_not(comment):
    """Return the sentence for why the words of a comment cannot be changed."""
    if comment.status in policy.EDITABLE:
        return _(
            "These words can no longer be changed: that is possible until half an hour after they "
            "appeared, or until somebody answered."
        )
    return _("This comment is not shown, so its words cannot be changed.")


def withdraw(key):
    """Take the comment of this key back: its words go, at any time.

    Readers see a line in its place only if somebody's answer stands below it. Taken back
    twice, it is taken back once. Returns the comment; raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: _withdraw(key))


def _withdraw(key):
    comment, tree = _locked(key)
    if comment.status == Status.WITHDRAWN:
        return comment
    before = comment.status
    gone = {"body": "", "body_html": "", "email": "", "held_because": "", "submission": None}
    gone |= {"proved_address": None, "content_note": None}
    moderation.change_status(comment, Status.WITHDRAWN, tree, **gone)
    following.forget_writer(comment)
    outbox.untie("receipt", comment=key)
    comment.reactions.all().delete()  # they were to those words
    _log(comment, Act.WITHDRAW, before, Status.WITHDRAWN)
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
    # The mark of the form goes too: it was made with the name.
    Comment.objects.filter(pk=key).update(
        user=None, name="", email="", proved_address=None, submission=None, disowned=True
    )
    following.forget_writer(comment)
    announcing.be_silent(comment)
    outbox.untie("receipt", comment=key)
    counters.changed(Comment.objects, tree, comment.post_id)
    _log(comment, Act.DISOWN, comment.status, comment.status)
    return _as_it_is(key)


def _locked(key):
    tree = Comment.objects.lock_threads(key)[key]
    return _as_it_is(key), tree


def _as_it_is(key):
    return Comment.objects.select_related("post", "user").get(pk=key)


def _log(comment, act, before, after, verdict=""):
    ModerationAction.objects.create(
        comment_id=comment.pk,
        comment_key=comment.pk,
        act=act,
        from_status=before,
        to_status=after,
        verdict=verdict,
    )
