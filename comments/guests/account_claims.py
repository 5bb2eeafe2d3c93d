"""Claiming: what somebody wrote as a guest comes to the account that she has now.

An address that was proved when she wrote, and that is her account's, shows that it was she; of all
else only the comment's private link does. Readers see no difference: name and picture stay, so that
nobody learns that the two are one. See docs/privacy.md.
"""

from django.utils import timezone

from accounts.privacy.inventory import DataSubject
from comments.models import Comment
from comments.tree.transactions import in_transaction


def claimable(user):
    """Return the comments that this account may take for its own, a queryset.

    Those of guests under an address that was proved at the time and is the account's.
    """
    return _of_guests().filter(proved_address__in=DataSubject.from_user(user).address_keys)


def claim(user, keys):
    """Give those comments of these keys to an account that it may claim; return how many."""
    found = claimable(user).filter(pk__in=keys).values_list("pk", flat=True)
    return sum(
        in_transaction(lambda key=key: claim_one(user, key, claimable(user)))
        for key in sorted(found)
    )


def may_claim_by_link(user, comment):
    """Return whether this account may claim a comment whose private link its owner holds.

    Where an address was proved, that address decides, and no link.
    """
    return _by_link(user).filter(pk=comment.pk).exists()


def claim_by_link(user, key):
    """Give the comment of this key to an account whose owner holds its private link.

    Returns whether that was possible. Raises DoesNotExist when it is gone.
    """
    return in_transaction(lambda: claim_one(user, key, _by_link(user)))


def _of_guests():
    return Comment.objects.filter(user=None, disowned=False).exclude(
        status=Comment.Status.WITHDRAWN
    )


def _by_link(user):
    return _of_guests().filter(proved_address=None) | claimable(user)


def claim_one(user, key, among):
    """Under the thread's lock: somebody may have taken it, or her name off it, meanwhile."""
    Comment.objects.lock_threads(key)
    if not among.filter(pk=key).exists():
        return False
    Comment.objects.filter(pk=key).update(user=user, claimed_at=timezone.now())
    return True
