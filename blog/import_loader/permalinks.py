"""The addresses that posts had on the old blog lead to them here."""

import re

from django.utils.translation import gettext_lazy as _

from blog import permalinks
from blog.importers.survey import host_of
from blog.models import OldAddress

MAX_PATH = 700
# WordPress goes by the number alone: a copied post keeps the guid of the one it was made from.
BY_NUMBER = re.compile(r".*\?(?:p|page_id)=\d+", re.ASCII)


class Permalinks:
    """Keeps old addresses; one that leads elsewhere already is left and reported."""

    def __init__(self, survey, report):
        self._hosts, self._report = survey.hosts, report

    def keep(self, each):
        """Store the old addresses of a new post; ``each`` is a ``posts.Prepared``."""
        wanted = self._paths(each)
        self._report.count("old addresses", "found", len(wanted))
        stored = OldAddress.objects.filter(path__in=wanted)
        taken = set(stored.values_list("path", flat=True))
        free = [path for path in wanted if path not in taken]
        OldAddress.objects.bulk_create([OldAddress(path=path, post=each.made) for path in free])
        self._report.count("old addresses", "new", len(free))
        for path in sorted(taken):
            self._report.count("old addresses", "skipped")
            self._report.problem(_("Old addresses that lead to another post already"), path[:100])

    def _paths(self, each):
        number = int(each.item_id)
        asked = [f"/?p={number}", f"/?page_id={number}"] if number > 0 else []
        given = [_path(each.link)]
        if host_of(each.guid) in self._hosts and not BY_NUMBER.fullmatch(each.guid):
            given.append(_path(each.guid))
        here = permalinks.normalize_path(each.made.get_absolute_url())
        return [path for path in dict.fromkeys([*given, *asked]) if path and path != here]


def _path(address):
    """Return the form in which an address is stored, "" when it is of no use."""
    try:
        path = permalinks.normalize_path(address)
    except ValueError:
        return ""
    odd = "\0" in path or not path.startswith("/") or len(path) > MAX_PATH
    return "" if odd or path == "/" else path
