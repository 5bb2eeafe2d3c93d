"""Rate limits by network and by writer, counted in Django's default cache, which keeps counters.

``settings.COMMENTS_A_MINUTE`` is the limit of one network; it is enough for a family or a small
school behind one address. One writer has half of it, and the limit of an hour is ten times that
of a minute, so that a flood ends soon and a lively evening is not taken for one. A network is
identified by a keyed hash (:func:`network_key`) that is forgotten within the hour.
"""

import hashlib
from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac

MINUTE, HOUR = 60, 3600
MINUTES_PAID_FOR_IN_AN_HOUR = 10
A_FEW = 5
# What a stranger can start that costs more than a page from memory, and how often: as a multiple
# of COMMENTS_A_MINUTE. People look at a form or a preview more often than they send one.
TIMES = {"form": 4, "preview": 4, "search": 2, "feed": 2, "card": 2, "archive": 0.25}


def seconds_to_wait(network: str, writer: str) -> int:
    """Count one comment; return the seconds until the next is allowed, 0 if it is now.

    ``network`` is a :func:`network_key`, ``writer`` a :func:`writer_key`. A network that has to
    wait does not count for its writers: names cost nothing, and would fill the store.
    """
    most = settings.COMMENTS_A_MINUTE
    return _count(_limits(network, most)) or _count(_limits(writer, -(-most // 2), "writer"))


def seconds_to_wait_for(what: str, who: str) -> int:
    """Count one request for one of TIMES by ``who``; return the seconds until the next is allowed.

    ``who`` is a :func:`network_key`, or an account by a :func:`writer_key`.
    """
    return _count(_limits(f"{what} {who}", -(-settings.COMMENTS_A_MINUTE * TIMES[what] // 1)))


def writer_key(network: str, user, name: str = "") -> str:
    """Return the key of a writer: ``user`` is an account or None, ``name`` is a guest's."""
    return f"account {user.pk}" if user and user.pk else f"{network} {name}"


def used_share(network: str, user, name: str = "") -> float:
    """Return the share of the limit that the network or the writer has used: 0.5 for half.

    Up to A_FEW comments count as nothing. Reads only; :func:`seconds_to_wait` counts.
    """
    most = settings.COMMENTS_A_MINUTE
    of_writer = _limits(writer_key(network, user, name), -(-most // 2), "writer")
    limits = {_key(what, span): limit for what, span, limit in _limits(network, most) + of_writer}
    counts = cache.get_many(limits)
    many = (count / limits[key] for key, count in counts.items() if count > A_FEW)
    return max(many, default=0)


def count(what: str, span: int, limit: int) -> int:
    """Count one event in the current window of ``span`` seconds.

    Returns 0 within the limit, else the seconds until the window ends.
    """
    return _count([(what, span, limit)])


def _limits(who, a_minute, kind="network"):
    """Return the limits as ``(what is counted, seconds, count)``; none if there is no limit."""
    if not settings.COMMENTS_A_MINUTE:
        return []
    return [
        (f"{kind}:{who}:{span}", span, int(a_minute * times))
        for span, times in ((MINUTE, 1), (HOUR, MINUTES_PAID_FOR_IN_AN_HOUR))
    ]


def _count(limits: Iterable[tuple[str, int, int]]) -> int:
    """Count one event for each limit, at once; return the longest wait."""
    keys = {_key(what, span): (span, limit) for what, span, limit in limits}
    counts = cache.count_many({key: span for key, (span, _limit) in keys.items()})
    now = int(timezone.now().timestamp())
    # A counter may be gone before it is read, as another process makes room: it counts anew.
    over = (span for key, (span, limit) in keys.items() if counts.get(key, 1) > limit)
    return max((span - now % span for span in over), default=0)


def _key(what, span):
    number = int(timezone.now().timestamp()) // span
    return f"pace:{hashlib.sha256(what.encode()).hexdigest()[:32]}:{number}"


UNKNOWN = "unknown"
# The prefixes that providers usually assign to one customer; smaller ones would be easy to change.
PREFIXES = {4: 24, 6: 48}


def network_key(peer: str, forwarded: str = "") -> str:
    """Return a keyed hash that is the same for all requests from one network.

    ``peer`` is REMOTE_ADDR, ``forwarded`` the value of the X-Forwarded-For header.
    """
    address = _client(peer, forwarded)
    if address is None:
        return UNKNOWN
    network = ip_network((address, PREFIXES[address.version]), strict=False)
    return salted_hmac("accounts.rate_limit", str(network), algorithm="sha256").hexdigest()[:32]


def network_key_of(environ: Mapping[str, Any]) -> str:
    """Return the :func:`network_key` of a request from its WSGI environment (PEP 3333)."""
    return network_key(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))


def _client(peer, forwarded):
    """Return the last address on the way that is not a trusted proxy, or None.

    A hop that is no address ends the search: anybody could have forged what stands before it.
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
