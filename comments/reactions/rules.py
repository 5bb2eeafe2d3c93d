"""Giving and taking back reactions, and what a comment's writer is told of them.

Readers see whether there are any; only the writer sees which and how many. So the cached thread
changes only when a comment gets its first reaction or loses its last. See docs/reactions.md.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusal import Refused
from comments import policy
from comments.guests.session import Reader
from comments.models import Comment, ConversationSettings, Reaction, ReactionKind
from comments.tree import counters
from comments.tree.transactions import in_transaction

OWN = _("This is your own comment. When readers support it, you’ll see that on its status page.")
ARCHIVED = _("This post is archived. Support already given stays, but no more can be added.")
NOT_OFFERED = _("Please choose one of these.")


@dataclass(frozen=True)
class ReactionOffer:
    """The reactions a reader can give to a comment; each of ``kinds`` says if it ``is_given``."""

    comment: Comment
    reader: Reader
    kinds: list = field(default_factory=list)
    why_not: str = ""  # the sentence that says why they cannot react

    @property
    def url(self):
        return reverse("comments:reaction", args=[self.comment.pk])

    @property
    def name(self):
        return self.comment.writer_name

    @property
    def is_own(self):
        return self.why_not == OWN

    @property
    def has_given(self):
        return any(kind.is_given for kind in self.kinds)


def reaction_offer(comment: Comment, mode: policy.Mode, reader: Reader) -> ReactionOffer | None:
    """Return the ``ReactionOffer``, or None if there are no kinds or the comment is not shown.

    ``comment`` was loaded with its post and what ``writer_name`` needs; ``mode`` is the post's.
    """
    if not policy.is_shown(comment, mode):
        return None
    given = Reaction.objects.filter(
        comment=comment.pk, kind=OuterRef("pk"), **reader.owned_filter(comment.pk)
    )
    kinds = ReactionKind.objects.annotate(is_given=Exists(given))
    kinds = list(kinds.filter(Q(is_offered=True) | Q(is_given=True)))
    if not any(kind.is_offered for kind in kinds):
        return None
    why_not = _why_not(comment, reader)
    return ReactionOffer(
        comment, reader, [kind for kind in kinds if not why_not or kind.is_given], why_not
    )


def give(key: int, kind: int, reader: Reader) -> None:
    """Add a reader's reaction (key of the kind) to the comment with this key; twice counts once.

    Raises DoesNotExist if no such comment is shown, Refused if it cannot be given.
    """
    try:
        in_transaction(lambda: _give(key, kind, reader))
    except IntegrityError:  # the owner deleted the kind meanwhile
        raise Refused(NOT_OFFERED) from None


def _give(key, kind, reader):
    comment, tree = _locked(key)
    if why_not := _why_not(comment, reader):
        raise Refused(why_not)
    if not ReactionKind.objects.offered().filter(pk=kind).exists():
        raise Refused(NOT_OFFERED)
    is_first = not comment.reactions.exists()
    comment.reactions.get_or_create(kind_id=kind, **reader.owned_filter(key))
    if is_first:
        counters.changed(Comment.objects, tree, comment.post_id)


def take_back(key: int, kind: int, reader: Reader) -> None:
    """Take back a reader's reaction (key of the kind), if they gave it.

    Raises DoesNotExist if no such comment is shown.
    """
    in_transaction(lambda: _remove(*_locked(key), {"kind_id": kind, **reader.owned_filter(key)}))


def forget(user: User) -> None:
    """Delete all reactions of an account, for its erasure."""
    for key in sorted(set(user.reactions.values_list("comment_id", flat=True))):
        in_transaction(lambda key=key: _forget(key, user))


def _forget(key, user):
    tree = Comment.objects.lock_threads(key)[key]
    _remove(Comment.objects.get(pk=key), tree, {"user": user})


def _remove(comment, tree, which):
    gone, _rows = comment.reactions.filter(**which).delete()
    if gone and not comment.reactions.exists():
        counters.changed(Comment.objects, tree, comment.post_id)


def tally(keys: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Return ``{comment key: [(name of a kind, count)]}``, in the owner's order.

    For the comments' writers alone.
    """
    rows = Reaction.objects.filter(comment__in=keys).values("comment_id", "kind__name")
    rows = rows.annotate(count=Count("pk")).order_by("kind__position", "kind_id")
    counts = defaultdict(list)
    for row in rows:
        counts[row["comment_id"]].append((row["kind__name"], row["count"]))
    return counts


def _locked(key):
    """Lock the thread of a comment that is shown; return ``(comment, root key)``."""
    tree = Comment.objects.lock_threads(key)[key]
    comment = Comment.objects.select_related("post").get(pk=key)
    if not policy.is_shown(comment, policy.mode_of(comment.post, ConversationSettings.get())):
        raise Comment.DoesNotExist("This comment is not shown.")
    return comment, tree


def _why_not(comment, reader):
    if reader.viewer.wrote(comment.pk, comment.user_id):
        return OWN
    return "" if policy.takes_support(comment.post) else ARCHIVED
