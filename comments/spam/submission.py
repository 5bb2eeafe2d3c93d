"""A submitted comment as the checks see it: plain values, no web request."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as site
from django.utils import timezone
from django.utils.crypto import salted_hmac

from blog.models import Blog
from comments import policy
from comments.models import Phrase, Reputation, standing
from comments.models.checks import CheckOutcome, folded
from comments.spam import cache, phrases

# Texts of fewer letters are alike by chance: "Thank you so much for this."
LEAST = 40


def text_fingerprint(text: str, has_links: bool = False) -> str | None:
    """Return a hash of a text's words, ignoring case, accents and punctuation.

    It is None for a text under LEAST letters, unless it ``has_links``.
    """
    words = folded(text)
    if len(words.replace(" ", "")) < LEAST and not has_links:
        return None
    return salted_hmac("comments.spam.submission", words, algorithm="sha256").hexdigest()[:32]


# The form in which comments.markup writes links.
HREF = re.compile(r'<a href="([^"]*)"')


def links_in(rendered: str) -> tuple[str, ...]:
    """Return the external URLs that a rendered comment links to, each once."""
    urls = (html.unescape(url) for url in HREF.findall(rendered))
    own = urlsplit(site.SITE_URL).netloc
    return tuple(dict.fromkeys(url for url in urls if urlsplit(url).netloc != own))


@dataclass(frozen=True)
class SentForm:
    """The form a comment came in: when it was opened (None without a valid mark), the spam service
    it named, and whether the honeypot was filled.
    """

    opened_at: datetime | None = None
    service_host: str = ""
    filled: bool = False

    @property
    def seconds(self):
        """How long the form was open, in seconds; None if that is not certain."""
        return self.opened_at and (timezone.now() - self.opened_at).total_seconds()


@dataclass(frozen=True)
class Submission:
    """The text of a new comment, or a new text for the comment of the key ``edits``.

    ``html`` is the rendered ``text``, ``user`` None for a guest, ``address`` a guest's verified
    ``Address`` or None; ``email`` is only typed. ``network`` is a keyed hash or "", ``form`` None
    without a form. ``results`` grows: it holds the results of the checks run so far.
    """

    text: str
    html: str
    post: Any
    settings: Any
    name: str = ""
    email: str = ""
    parent: int | None = None
    user: Any = None
    address: Any = None
    network: str = ""
    form: SentForm | None = None
    edits: int | None = None
    results: list[CheckOutcome] = field(default_factory=list)

    @cached_property
    def reputation_kinds(self) -> set[Reputation.Kind]:
        """The kinds of the writer's reputation that are in force."""
        return standing.reputation_kinds(self.user, self.address)

    @property
    def is_banned(self):
        return Reputation.Kind.BANNED in self.reputation_kinds

    @cached_property
    def is_trusted(self):
        """Whether the writer is trusted or moderates here, so that only care and bans hold it."""
        return policy.needs_no_approval(self.post, self.user) or policy.is_trusted_by(
            self.reputation_kinds
        )

    @property
    def language(self):
        """The post's language without a region, such as "de"."""
        return (self.post.language or Blog.get().language).partition("-")[0].lower()

    @cached_property
    def links(self):
        """The external URLs in the text, each once, in their order."""
        return links_in(self.html)

    @cached_property
    def check_data(self) -> cache.CheckData:
        """The owner's phrases and the classifier."""
        return cache.check_data(self.settings.checks_stamp)

    @cached_property
    def text_fingerprint(self) -> str | None:
        """The fingerprint of the text; see :func:`text_fingerprint`."""
        return text_fingerprint(self.text, bool(self.links))

    def phrases_found(self, *kinds: Phrase.Kind) -> list[Phrase]:
        """Return the owner's phrases of these kinds that the text contains.

        A phrase with a language counts only on posts in that language.
        """
        listed = [phrase for phrase in self.check_data.phrases if phrase.kind in kinds]
        matching = phrases.find_phrases(self.text, listed)
        return [p for p in matching if not p.language or p.language == self.language]
