"""How fast something may be sent: counts in the cache, by network and by writer.

``settings.COMMENTS_A_MINUTE`` is what one network may send; it is enough for a family or a
small school behind one address. One writer has half of it, and an hour has ten times a
minute's, so that a flood ends soon and a lively evening is none. A network is known by a
keyed hash that is forgotten within the hour (see :mod:`accounts.rate_limit`).
"""

import hashlib
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

MINUTE, HOUR = 60, 3600
MINUTES_PAID_FOR_IN_AN_HOUR = 10
A_FEW = 5


def seconds_to_wait(network, writer):
    """Count one comment; return for how many seconds the next has to wait, 0 for not at all.

    ``network`` and ``writer`` are texts that are the same for all that comes from them.
    """
    return max((count(*counted) for counted in _limits(network, writer)), default=0)


def writer_key(network, user, name=""):
    """Return the text for a writer: ``user`` is an account or None, ``name`` a guest's."""
    return f"account {user.pk}" if user and user.pk else f"{network} {name}"


def used_share(network, user, name=""):
    """Return how much of what is allowed was sent from there, or by this writer: 0.5 for half.

    A few comments are never much. Nothing is counted here: see :func:`wait`.
    """
    limits = {
        _key(what, span): limit
        for what, span, limit in _limits(network, writer_key(network, user, name))
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


UNKNOWN = "unknown"
# What providers usually give to one customer; smaller parts would be cheap to change.
PREFIXES = {4: 24, 6: 48}


def network_key(peer, forwarded=""):
    """Return a short text that is the same for all requests from one network.

    ``peer`` is the address that connected (REMOTE_ADDR), ``forwarded`` what the header
    X-Forwarded-For says.
    """
    address = _client(peer, forwarded)
    if address is None:
        return UNKNOWN
    network = ip_network((address, PREFIXES[address.version]), strict=False)
    return salted_hmac("accounts.rate_limit", str(network), algorithm="sha256").hexdigest()[:32]


def network_key_of(environ):
    """Return the :func:`origin` of a request, by its WSGI environment (PEP 3333)."""
    return network_key(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))


def _client(peer, forwarded):
    """The last address on the way here that is no proxy of ours, or None.

    A hop that is no address ends the search: what stands before it anybody could have written.
    """
    hops = [peer, *reversed(forwarded.split(","))]
    proxies = [ip_network(entry) for entry in settings.TRUSTED_PROXIES]
    address = None
    for hop in hops:
        here = _parsed(hop.strip())
        address = here or address
        if here is None or not any(here in proxy for proxy in proxies):
            break
    return address


def _parsed(text):
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
