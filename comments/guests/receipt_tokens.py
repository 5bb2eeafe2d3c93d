"""Receipt tokens: the private link to a writer's own comment, without any account.

Each comment has one random token, stored as a hash. It expires after a year, its holder can renew
it, and erasure deletes it. See docs/decisions/0008-private-links.md.
"""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from comments.models import Comment

LIFE = timedelta(days=365)


def new_token():
    """Return a random token of 43 characters, safe in URLs."""
    return secrets.token_urlsafe(32)


def hashed(token):
    """Return the hash that is stored. A random token needs no slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_valid(comment, token):
    """Return whether this is the comment's token and has not expired."""
    return (
        bool(token and comment.receipt)
        and constant_time_compare(comment.receipt, hashed(token))
        and timezone.now() < expiry(comment)
    )


def expiry(comment):
    """Return when the link of this comment expires, or None if it has none."""
    return comment.receipt_made_at and comment.receipt_made_at + LIFE


def renew(comment):
    """Return a new token for the comment; the link before it stops working."""
    token = new_token()
    comment.receipt, comment.receipt_made_at = hashed(token), timezone.now()
    Comment.objects.filter(pk=comment.pk).update(
        receipt=comment.receipt, receipt_made_at=comment.receipt_made_at
    )
    return token


def find_current(key, made_at):
    """Return the comment with this key, locked, if its link is still the one made then, or None."""
    return Comment.objects.select_for_update().filter(pk=key, receipt_made_at=made_at).first()


def forget(comments):
    """Delete the links of these comments (a queryset)."""
    comments.update(receipt=None, receipt_made_at=None)
