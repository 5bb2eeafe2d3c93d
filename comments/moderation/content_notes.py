"""Content notes on comments: which one may stand there, and a moderator's hand in it."""

from django.utils.translation import gettext_lazy as _

from accounts.refusal import Refused
from blog.models import ContentNote
from blog.models.content_notes import read_lines
from comments.models import Comment, audit_log
from comments.tree import counters
from comments.tree.transactions import in_transaction

# Why a note cannot be put on a comment, for the person who chose it.
NOT_OFFERED = _(
    "This content note is not offered any more. Please choose another one, or leave it empty."
)
ONLY_ONE = _("A comment has one content note. Please choose the one that matters most.")


def choices(own=None):
    """Return ``{key: name}`` of what may be chosen now, in the order of the vocabulary.

    ``own`` is the key of the note that a comment has already: it may keep a retired one.
    """
    return dict(ContentNote.objects.offered(own).values_list("pk", "name"))


def note_choices(row):
    """Return the choices that were read beside a row; they are read now if they were not."""
    return dict(read_lines(row.vocabulary)) if hasattr(row, "vocabulary") else choices()


def change(key, note, who):
    """Put a note (its key; None takes it off) on the comment of this key, for a moderator.

    A key may also come as text from a form, empty for none. Returns whether anything changed.
    Raises Refused where the note is not offered, and DoesNotExist when the comment is gone. No
    status changes, and no word.
    """
    try:
        note = int(note) if note else None
    except ValueError:
        raise Refused(NOT_OFFERED) from None
    return in_transaction(lambda: _change(key, note, who))


def _change(key, note, who):
    tree = Comment.objects.lock_threads(key)[key]
    comment = Comment.objects.only("status", "post_id", "content_note_id").get(pk=key)
    if comment.content_note_id == note or comment.status == comment.Status.WITHDRAWN:
        return False
    offered = choices(comment.content_note_id)
    if note is not None and note not in offered:
        raise Refused(NOT_OFFERED)
    set_note(comment, note, tree, who)
    return True


def set_note(comment, note, tree, who=None):
    """Write the note, raise the counters, and log it; ``who`` is None for the writer herself.

    The caller holds the lock of the thread, whose root's key is ``tree``.
    """
    _write(comment, note, tree)
    audit_log.add_action(
        comment, audit_log.Act.NOTE, who, verdict=_named(note), was=comment.content_note_id or ""
    )


def restore_note(comment, was, tree):
    """Put back the note (its key as text, "" for none) that stood there; return whether it can be.

    See :func:`put`; taking it back is logged by who does it.
    """
    if was and not ContentNote.objects.filter(pk=was).exists():
        return False
    _write(comment, int(was) if was else None, tree)
    return True


def _write(comment, note, tree):
    Comment.objects.filter(pk=comment.pk).update(content_note=note)
    counters.changed(Comment.objects, tree, comment.post_id)


def _named(note):
    return ContentNote.objects.get(pk=note).name if note else ""
