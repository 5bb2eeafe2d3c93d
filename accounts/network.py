"""Where a request comes from, for rate limits alone and never as an address.

What leaves this module is a keyed hash of the network (/24 or /48): enough to count,
useless to find somebody with. Headers are believed only behind ``TRUSTED_PROXIES``.
"""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.utils.crypto import salted_hmac

UNKNOWN = "unknown"
# What providers usually give to one customer; smaller parts would be cheap to change.
PREFIXES = {4: 24, 6: 48}


def origin(peer, forwarded=""):
    """Return a short text that is the same for all requests from one network.

    ``peer`` is the address that connected (REMOTE_ADDR), ``forwarded`` what the header
    X-Forwarded-For says.
    """
    address = _client(peer, forwarded)
    if address is None:
        return UNKNOWN
    network = ip_network((address, PREFIXES[address.version]), strict=False)
    return salted_hmac("accounts.network", str(network), algorithm="sha256").hexdigest()[:32]


def origin_of(environ):
    """Return the :func:`origin` of a request, by its WSGI environment (PEP 3333)."""
    return origin(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))


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
