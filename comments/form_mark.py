"""The mark of a form that was given out: when, and which service abroad it told its writer of.

Signed, since whoever could write it could have opened the form when it suits. It ties nothing to
anybody: two forms of one moment carry the same mark.
"""

from datetime import UTC, datetime
from math import floor

from django.core import signing
from django.utils import timezone

SALT = "comments.form"


def made(told=""):
    """Return the mark of a form that is given out now. ``told``: the host of a service, or ""."""
    # Down to a tenth: rounded up it would come from the future for a moment.
    moment = floor(timezone.now().timestamp() * 10) / 10
    return signing.dumps([moment, told], salt=SALT)


def read(mark):
    """Return ``(when, told)`` of a mark, or None where it is not ours."""
    try:
        moment, told = signing.loads(mark or "", salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return datetime.fromtimestamp(moment, UTC), told
