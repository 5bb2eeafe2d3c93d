"""How fast comments may come: counts in the cache, by network and by writer.

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


def wait(network, writer):
    """Count one comment; return for how many seconds the next has to wait, 0 for not at all.

    ``network`` and ``writer`` are texts that are the same for all that comes from them.
    """
    most = settings.COMMENTS_A_MINUTE
    if not most:
        return 0
    hourly = MINUTES_PAID_FOR_IN_AN_HOUR
    return max(
        _count(f"{who}:{span}", span, limit)
        for who, a_minute in ((f"network:{network}", most), (f"writer:{writer}", -(-most // 2)))
        for span, limit in ((MINUTE, a_minute), (HOUR, a_minute * hourly))
    )


def _count(what, span, limit):
    """Count in the span of seconds that it is now; return what is left of it beyond the limit."""
    number, gone = divmod(int(timezone.now().timestamp()), span)
    key = f"pace:{hashlib.sha256(what.encode()).hexdigest()[:32]}:{number}"
    cache.add(key, 0, span)
    try:
        count = cache.incr(key)
    except ValueError:  # it was just forgotten
        return 0
    return span - gone if count > limit else 0
