"""Receipts: the private link by which a writer finds her comment again, without any account.

Its token is random, one for each comment, and stored as a hash only. It lives a year, its
holder can have another one made, and with erasure it is gone. See
docs/decisions/0008-private-links.md.
"""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare

from comments.models import Comment

LIFE = timedelta(days=365)


def new_token():
    """Return a token that nobody can guess: 43 characters of an address."""
    return secrets.token_urlsafe(32)


def hashed(token):
    """Return what is stored of a token. It is random enough to need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_valid(comment, token):
    """Return whether this token is the comment's, and its year is not over."""
    return (
        bool(token and comment.receipt)
        and constant_time_compare(comment.receipt, hashed(token))
        and timezone.now() < expiry(comment)
    )


def expiry(comment):
    """Return when the link of this comment stops working, or None where there is none."""
    return comment.receipt_made_at and comment.receipt_made_at + LIFE


def renew(comment):
    """Return a new token for the comment; the link before it opens nothing any more."""
    token = new_token()
    comment.receipt, comment.receipt_made_at = hashed(token), timezone.now()
    Comment.objects.filter(pk=comment.pk).update(
        receipt=comment.receipt, receipt_made_at=comment.receipt_made_at
    )
    return token


def find_current(key, made_at):
    """Return the comment of this key if its link is still the one made then, or None.

    It is locked, so that no other link is made at the same time.
    """
    return Comment.objects.select_for_update().filter(pk=key, receipt_made_at=made_at).first()


def forget(comments):
    """Let the links of these comments (a queryset) end, as an erasure does."""
    comments.update(receipt=None, receipt_made_at=None)
