"""Content notes on comments: which may be chosen, and how moderators change them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusal import Refused
from blog.models import ContentNote
from blog.models.content_notes import read_lines
from comments.models import Comment, audit_log
from comments.tree import counters
from comments.tree.transactions import in_transaction

# Why a note cannot be put on a comment, for the person who chose it.
NOT_OFFERED = _(
    "This content note is no longer available. Please choose another, or leave it empty."
)
ONLY_ONE = _("A comment can have one content note. Please choose the one that matters most.")


def choices(own: int | None = None) -> dict[int, str]:
    """Return ``{key: name}`` of the notes on offer now, in the order of the vocabulary.

    ``own`` is the key of the note a comment already has: it may keep a retired one.
    """
    return dict(ContentNote.objects.offered(own).values_list("pk", "name"))


def note_choices(comment: Comment) -> Mapping[int, str]:
    """Return the choices loaded with a comment, or load them now."""
    return dict(read_lines(comment.vocabulary)) if hasattr(comment, "vocabulary") else choices()


def change(key: int, note: int | str | None, who: User) -> bool:
    """Set the content note (a key; None removes it) of the comment with this key, for a moderator.

    The note may also be text from a form, empty for none. Returns whether anything changed.
    Raises Refused if the note is not offered, and DoesNotExist if the comment is gone. The status
    and the text stay as they are.
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


def set_note(comment: Comment, note: int | None, tree: int, who: User | None = None) -> None:
    """Store the note, bump the change counters and log it; ``who`` is None for the writer.

    The caller holds the lock of the thread, whose root has the key ``tree``.
    """
    _write(comment, note, tree)
    audit_log.add_action(
        comment, audit_log.Act.NOTE, who, verdict=_named(note), was=comment.content_note_id or ""
    )


def restore_note(comment: Comment, was: str, tree: int) -> bool:
    """Restore an earlier note (its key as text, "" for none); return whether it still exists.

    As :func:`set_note`, except that the caller logs it.
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
