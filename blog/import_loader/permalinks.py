"""Redirects from the addresses that posts had on the old blog."""

import re

from django.utils.translation import gettext_lazy as _

from blog import permalinks
from blog.import_loader.report import Report
from blog.importers.survey import Survey, host_of
from blog.models import OldAddress

MAX_PATH = 700
# WordPress only uses the number, and a copied post keeps the guid of the original: unreliable.
BY_NUMBER = re.compile(r".*\?(?:p|page_id)=\d+", re.ASCII)


class Permalinks:
    """Stores old addresses; one that belongs to another post already is reported."""

    def __init__(self, survey: Survey, report: Report) -> None:
        self._hosts, self._report = survey.hosts, report

    def keep(self, each) -> None:
        """Store the old addresses of a new post; ``each`` is a ``posts.PreparedPost``."""
        wanted = self._paths(each)
        self._report.count("old addresses", "found", len(wanted))
        stored = OldAddress.objects.filter(path__in=wanted)
        taken = set(stored.values_list("path", flat=True))
        free = [path for path in wanted if path not in taken]
        OldAddress.objects.bulk_create([OldAddress(path=path, post=each.made) for path in free])
        self._report.count("old addresses", "new", len(free))
        for path in sorted(taken):
            self._report.count("old addresses", "skipped")
            self._report.problem(_("Old URLs that already redirect to another post"), path[:100])

    def _paths(self, each):
        number = int(each.item_id)
        asked = [f"/?p={number}", f"/?page_id={number}"] if number > 0 else []
        given = [_path(each.link)]
        if host_of(each.guid) in self._hosts and not BY_NUMBER.fullmatch(each.guid):
            given.append(_path(each.guid))
        here = permalinks.normalize_path(each.made.get_absolute_url())
        return [path for path in dict.fromkeys([*given, *asked]) if path and path != here]


def _path(address):
    """Return the normalized path of an address, or "" if it cannot be used."""
    try:
        path = permalinks.normalize_path(address)
    except ValueError:
        return ""
    odd = "\0" in path or not path.startswith("/") or len(path) > MAX_PATH
    return "" if odd or path == "/" else path
