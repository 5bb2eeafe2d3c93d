"""A first pass over an export, which verifies that it can be read to the end.

It keeps little, and no texts: counts for the report, which comment belongs to which post, and the
addresses of the attachments that galleries refer to by id.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit

from blog.importers.records import Author, Item, Repairs, Site, Term
from blog.importers.wxr import read_export

KINDS = frozenset({"post", "page"})
MAX_SOURCE = 190  # characters; the column takes 200
ENOUGH = 20  # posts by which an author's account is found again
MAX_KEY = 190


@dataclass(slots=True)
class Survey:
    """Summary of an export. ``source`` identifies the old blog, the same on every run."""

    site: Site = field(default_factory=lambda: Site("", ""))
    repairs: Repairs = field(default_factory=Repairs)
    authors: dict = field(default_factory=dict)  # login_key: Author, as declared
    writers: dict = field(default_factory=dict)  # login_key: (creator, ids of some posts)
    files: dict = field(default_factory=dict)  # id of an attachment: (address, label)
    alts: dict = field(default_factory=dict)  # id of an attachment: its description
    attached: dict = field(default_factory=dict)  # id of a post: ids of its attachments
    hosts: set = field(default_factory=set)
    post_of: dict = field(default_factory=dict)  # id of a comment: id of its post
    items: Counter = field(default_factory=Counter)
    statuses: dict = field(default_factory=lambda: {"post": Counter(), "page": Counter()})
    comments: Counter = field(default_factory=Counter)  # (type, state): how many
    numbers: Counter = field(default_factory=Counter)
    creators: set = field(default_factory=set)
    terms: Counter = field(default_factory=Counter)  # declared, by taxonomy
    labels: set = field(default_factory=set)  # used on posts

    @property
    def source(self) -> str:
        address = self.site.address or min(self.hosts, default="") or self.site.title
        name = "wordpress:" + bare(address)
        return _short(name, MAX_SOURCE)

    def elsewhere(self, post_id: int) -> Container[int]:
        """Return a container of the ids of comments on other posts than this."""
        return _Elsewhere(self.post_of, post_id)


def survey(path_or_file: str | os.PathLike | BinaryIO) -> Survey:
    """Read a whole export and return its Survey. Raises ExportError."""
    found = Survey()
    for record in read_export(path_or_file):
        if isinstance(record, Item):
            _take_item(found, record)
        elif isinstance(record, Term):
            found.terms[record.taxonomy] += 1
        elif isinstance(record, Author):
            found.numbers["authors_declared"] += 1
            found.authors.setdefault(login_key(record.login), record)
        elif isinstance(record, Site):
            found.site = record
        else:
            found.repairs = record
    found.hosts.add(host_of(found.site.address))
    found.hosts.discard("")
    return found


def bare(address: str) -> str:
    """Return an address without scheme and trailing slash, so that http and https are equal."""
    without_scheme = address.strip().partition("://")[2] or address.strip()
    host, slash, path = without_scheme.partition("/")
    return (host.lower() + slash + path).rstrip("/")


def host_of(address: str) -> str:
    """Return the host of an address without "www.", or "" without a host."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def login_key(login: str) -> str:
    """Return the normalized login for comparisons: WordPress ignores case, and allows no "<"."""
    return _short(login.strip("<> \t").casefold(), MAX_KEY)


def _short(text, most):
    if len(text) <= most:
        return text
    return text[: most - 17] + "~" + hashlib.sha256(text.encode()).hexdigest()[:16]


class _Elsewhere:
    def __init__(self, post_of, post_id):
        self._post_of, self._post_id = post_of, post_id

    def __contains__(self, comment_id):
        return self._post_of.get(comment_id, self._post_id) != self._post_id


def _take_item(found, item):
    found.items[item.type] += 1
    found.creators.add(item.creator)
    found.numbers["password_protected"] += item.has_password
    found.numbers["sticky"] += item.sticky
    found.hosts.add(host_of(item.link if item.type in KINDS else item.attachment_url))
    for comment in item.comments:
        found.comments[comment.type, comment.state] += 1
    if item.type in KINDS:
        found.statuses[item.type][item.status] += 1
        _creator, ids = found.writers.setdefault(login_key(item.creator), (item.creator, []))
        ids += [item.post_id] if len(ids) < ENOUGH else []
        found.numbers["comments_on_posts_and_pages"] += len(item.comments)
        for comment in item.comments:
            found.post_of.setdefault(comment.id, item.post_id)
        if item.type == "post":
            found.labels.update(item.labels)
    elif item.attachment_url:
        found.files[item.post_id] = item.attachment_url, item.alt or item.title
        if item.alt:
            found.alts[item.post_id] = item.alt
        found.attached.setdefault(item.parent, []).append(item.post_id)
