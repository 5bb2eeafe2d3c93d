"""How many wrong passwords are taken: a few for one account, and more from one network.

An attempt takes a place before its password is looked at, and gives it back if the password was
right. A place of an attempt under way is told apart from that of a wrong one, so that several
right passwords at the same moment are not refused as guesses: the next waits a moment. A process
that is killed in between leaves a place that is free again after UNDER_WAY.

django-allauth counts attempts under way as failed ones, which refused a first right password; what
it counts for other forms is set in config/settings_auth.py.
"""

import secrets
import time
from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import User
from accounts.text.folding import username_key

WRONG = "wrong"
UNDER_WAY = 15  # seconds; more than looking at a password takes
# The wait for attempts under way, in seconds, and how often to look.
PATIENCE, LOOKS_EVERY = 2, 0.05


@dataclass(frozen=True)
class Limit:
    """So many wrong passwords within so many seconds."""

    most: int
    seconds: int

    def places(self, whose: str) -> list[str]:
        """Return the cache keys of the places of an account or a network."""
        return [f"guess:{self.seconds}:{whose}:{number}" for number in range(self.most)]


OF_AN_ACCOUNT, OF_A_NETWORK = Limit(5, 5 * 60), Limit(10, 60)


class Attempt:
    """The places that an attempt has taken; :func:`begin` makes it."""

    def __init__(self) -> None:
        self._token, self._taken = secrets.token_hex(8), []

    def take(self, limit: Limit, whose: str) -> bool:
        """Take a place; False if there were too many wrong passwords."""
        places, give_up = limit.places(whose), time.monotonic() + PATIENCE
        while True:
            taken = cache.get_many(places)
            for place in places:
                if place not in taken and cache.add(place, self._token, UNDER_WAY):
                    self._taken.append((place, limit.seconds))
                    return True
            if list(taken.values()).count(WRONG) >= limit.most or time.monotonic() > give_up:
                return False
            time.sleep(LOOKS_EVERY)

    def was_wrong(self) -> None:
        """Keep the places, for as long as their limits say."""
        for place, seconds in self._taken:
            cache.set(place, WRONG, seconds)

    def give_back(self) -> None:
        """Give back the places: the password was right, or was not looked at."""
        for place, _seconds in self._taken:
            if cache.get(place) == self._token:
                cache.delete(place)


def begin(login: str, network: str) -> Attempt | None:
    """Begin an attempt for a user name or an address; None after too many wrong ones.

    Tries for an account that has none left do not count for the network: others sign in there.
    ``network`` is an :func:`accounts.rate_limit.network_key`.
    """
    attempt, whose = Attempt(), _whose(login)
    if attempt.take(OF_AN_ACCOUNT, whose) and attempt.take(OF_A_NETWORK, f"network {network}"):
        return attempt
    attempt.give_back()
    return None


def forget(*logins: str) -> None:
    """Forget the wrong passwords of an account, as its owner has just chosen a new one."""
    cache.delete_many(place for login in logins for place in OF_AN_ACCOUNT.places(_whose(login)))


def _whose(login):
    """Return the key of the account with this user name, however it is spelled.

    An address is counted apart from the name of its account, or the limit would tell whose it is.
    """
    key = User.objects.named(login).values_list("pk", flat=True).first()
    return f"account {key}" if key else f"login {username_key(login)}"
