"""How fast something may be sent: counts in the cache, by network and by writer.

``settings.COMMENTS_A_MINUTE`` is what one network may send; it is enough for a family or a
small school behind one address. One writer has half of it, and an hour has ten times a
minute's, so that a flood ends soon and a lively evening is none. A network is known by a
keyed hash that is forgotten within the hour (see :mod:`accounts.network`).
"""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

MINUTE, HOUR = 60, 3600
MINUTES_PAID_FOR_IN_AN_HOUR = 10
A_FEW = 5


def wait(network, writer):
    """Count one comment; return for how many seconds the next has to wait, 0 for not at all.

    ``network`` and ``writer`` are texts that are the same for all that comes from them.
    """
    return max((count(*counted) for counted in _limits(network, writer)), default=0)


def writer_of(network, user, name=""):
    """Return the text for a writer: ``user`` is an account or None, ``name`` a guest's."""
    return f"account {user.pk}" if user and user.pk else f"{network} {name}"


def share(network, user, name=""):
    """Return how much of what is allowed was sent from there, or by this writer: 0.5 for half.

    A few comments are never much. Nothing is counted here: see :func:`wait`.
    """
    limits = {
        _key(what, span): limit
        for what, span, limit in _limits(network, writer_of(network, user, name))
    }
    counts = cache.get_many(limits)
    many = (count / limits[key] for key, count in counts.items() if count > A_FEW)
    return max(many, default=0)


def _limits(network, writer):
    """Return ``(what is counted, in how many seconds, how many)`` of all that is limited."""
    most = settings.COMMENTS_A_MINUTE
    if not most:
        return []
    return [
        (f"{who}:{span}", span, a_minute * times)
        for who, a_minute in ((f"network:{network}", most), (f"writer:{writer}", -(-most // 2)))
        for span, times in ((MINUTE, 1), (HOUR, MINUTES_PAID_FOR_IN_AN_HOUR))
    ]


def _key(what, span):
    number = int(timezone.now().timestamp()) // span
    return f"pace:{hashlib.sha256(what.encode()).hexdigest()[:32]}:{number}"


def count(what, span, limit):
    """Count in the span of seconds that it is now; return what is left of it beyond the limit.

    ``what`` is known to the cache by a hash; hand over a keyed one of what could be guessed.
    """
    gone, key = int(timezone.now().timestamp()) % span, _key(what, span)
    cache.add(key, 0, span)
    try:
        counted = cache.incr(key)
    except ValueError:  # it was just forgotten
        return 0
    return span - gone if counted > limit else 0
