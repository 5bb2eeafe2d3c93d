"""Claiming guest comments: moving what somebody wrote as a guest to their account.

A verified address that belongs to the account shows that the comment is theirs; without one, only
the comment's private link does. Name and picture stay, so that readers do not learn that the two
are the same person. See docs/privacy.md.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.privacy.registry import DataSubject
from comments.models import Comment
from comments.tree import counters
from comments.tree.transactions import in_transaction


def claimable(user: User) -> QuerySet[Comment]:
    """Return the comments that this account may claim.

    Those of guests whose verified address is the account's.
    """
    return _of_guests().filter(verified_address__in=DataSubject.from_user(user).address_keys)


def claim(user: User, keys: Iterable[int]) -> int:
    """Claim those of these comments that the account may claim; return how many."""
    allowed = claimable(user).filter(pk__in=keys).values_list("pk", flat=True)
    return sum(
        in_transaction(lambda key=key: claim_one(user, key, claimable(user)))
        for key in sorted(allowed)
    )


def may_claim_by_link(user: User, comment: Comment) -> bool:
    """Return whether this account may claim a comment by its private link.

    If the comment has a verified address, that decides, not the link.
    """
    return _by_link(user).filter(pk=comment.pk).exists()


def claim_by_link(user: User, key: int) -> bool:
    """Claim the comment with this key for an account that holds its private link.

    Returns whether that was possible. Raises DoesNotExist if it is gone.
    """
    return in_transaction(lambda: claim_one(user, key, _by_link(user)))


def _of_guests():
    return Comment.objects.filter(user=None, disowned=False).exclude(
        status=Comment.Status.WITHDRAWN
    )


def _by_link(user):
    return _of_guests().filter(verified_address=None) | claimable(user)


def claim_one(user, key, among):
    """Claim it under the thread's lock: it may have been claimed or disowned meanwhile."""
    tree = Comment.objects.lock_threads(key)[key]
    post = among.filter(pk=key).values_list("post_id", flat=True).first()
    if post is None:
        return False
    Comment.objects.filter(pk=key).update(user=user, claimed_at=timezone.now())
    counters.changed(Comment.objects, tree, post)  # it is the reader's own on its page now
    return True
