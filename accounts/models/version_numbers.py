"""The numbers by which caches tell one state of something from another."""

import secrets

BITS = 63  # the most that a signed integer of either database holds


def new_version() -> int:
    """Return a version number that nothing has had before, from 0 to 2**63 - 1.

    A random number and not the next one. Counted numbers come again: after a restore the database
    counts once more through those that caches still know, and two blogs on one Redis count
    through the same. Among a billion random ones two are equal once in eighteen times; what is
    compared are the few of one page in one day.
    """
    return secrets.randbits(BITS)
