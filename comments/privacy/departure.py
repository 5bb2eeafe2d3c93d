"""Hiding the comments of somebody who leaves, and restoring them if they stay.

One of ``settings.DEPARTURE_HANDLERS``. The text moves from the comments into the erasure request at
once, so that nobody can read it, not even moderators, except in an open care case for a while.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import ErasedKey
from accounts.privacy import registry
from accounts.privacy.registry import DataSubject
from blog.models import ChangeCounter, ContentNote
from comments import markup, publication
from comments.care import cases
from comments.models import Comment, audit_log
from comments.posting import own_comments
from comments.privacy import erase
from comments.privacy.inventory import comments_of
from comments.tree.status import Status

# By its verified address, the comment is found again when it is erased.
STAYS = {"verified_address"}
# The first is rendered again from the text. The second is unique: the same form may be sent again
# meanwhile, and nobody needs the token of one that was stored.
NOT_KEPT = {"body_html", "submission"}


def describe(subject: DataSubject) -> list[str]:
    """Return sentences on how many comments the person wrote, and what stays in their place."""
    own = comments_of(subject)
    count = own.count()
    if not count:
        return [_("You haven’t written any comments here.")]
    answered = own.filter(children__isnull=False).distinct().count()
    words = ngettext("You wrote %d comment.", "You wrote %d comments.", count) % count
    if not answered:
        return [words]
    stays = ngettext(
        "One has replies: if it’s deleted, an empty line without your name stays in its place.",
        "%(count)d have replies: if they’re deleted, empty lines without your name stay "
        "in their place.",
        answered,
    )
    return [f"{words} {stays % {'count': answered}}"]


def questions(subject: DataSubject) -> dict[str, Any]:
    """Return the choices for the person: none."""
    return {}


def hide(subject: DataSubject, kind: str, answers: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Withdraw the person's comments; return their text and status, for :func:`show`."""
    kept = {}
    with ChangeCounter.counted_once():
        for comment, tree in _locked(comments_of(subject).values_list("pk", flat=True)):
            if comment.body and comment.status != Status.WITHDRAWN:
                kept[str(comment.pk)] = _hidden(comment, tree)
    return kept


def _hidden(comment, tree):
    before = comment.status
    gone = _emptied()
    kept = {name: getattr(comment, name) for name in gone if name not in NOT_KEPT}
    cases.keep_words(comment)
    publication.change_status(comment, Status.WITHDRAWN, tree, **gone)
    comment.status = before
    action = audit_log.add_action(comment, audit_log.Act.WITHDRAW, after=Status.WITHDRAWN)
    return kept | {"status": before, "action": action.pk}


def _emptied():
    """Return ``{column: empty value}`` of what leaves a comment with its words (the inventory)."""
    emptied = registry.emptied("comments.Comment", registry.Event.WITHDRAWN)
    column = {name: Comment._meta.get_field(name).attname for name in emptied}
    return {column[name]: value for name, value in emptied.items() if name not in STAYS}


def show(subject: DataSubject, kept: dict[str, dict[str, Any]]) -> None:
    """Restore the text and status of each comment, as :func:`hide` returned them."""
    with ChangeCounter.counted_once():
        keys = Comment.objects.filter(pk__in=kept).values_list("pk", flat=True)
        notes = set(ContentNote.objects.values_list("pk", flat=True))
        for comment, tree in _locked(keys):
            if comment.status == Status.WITHDRAWN and not comment.body:
                _shown(comment, tree, kept[str(comment.pk)], notes)


def _shown(comment, tree, kept, notes):
    words = {name: kept[name] for name in _emptied() if name in kept}
    if words.get("content_note_id") not in notes:
        words["content_note_id"] = None  # deleted meanwhile, or there was none
    words |= {"body_html": markup.render(kept["body"]), "render_version": markup.RENDER_VERSION}
    publication.change_status(comment, kept["status"], tree, **words)
    cases.release_words(comment.pk)
    audit_log.add_action(
        comment, audit_log.Act.UNDO, after=kept["status"], undoes_id=kept["action"]
    )


def _locked(keys):
    """Yield ``(comment, root key)`` of these comments, with all their threads locked."""
    while True:
        present = list(keys.all())
        try:
            trees = Comment.objects.lock_threads(*present)
            break
        except Comment.DoesNotExist:  # one was deleted meanwhile: look again
            continue
    # In the order of their posts, as everywhere, against deadlocks.
    rows = Comment.objects.filter(pk__in=present).order_by("post_id", "pk")
    for comment in rows:
        yield comment, trees[comment.pk]


def disown(subject: DataSubject) -> None:
    """Take the person's name off all their comments."""
    for key in comments_of(subject).values_list("pk", flat=True):
        own_comments.disown(key)


def erase_again() -> int:
    """Erase comments again that a restored backup brought back; return how many."""
    rows = Comment.objects.exclude(body="", name="", user=None).order_by("-level", "-pk")
    again = ErasedKey.among("comment", rows.values_list("pk", "created_at").iterator())
    erase.erase(again)
    return len(again)
