"""What somebody sent, as the checks see it: plain values, no web request."""

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
from comments.models import Reputation, standing
from comments.models.checks import folded
from comments.spam import cache, phrases

# Shorter texts are alike by chance: "Thank you so much for this." In letters, without spaces.
LEAST = 40


def text_fingerprint(text, leads_elsewhere=False):
    """Return what is the same for the same words, whatever their case, accents and signs; or None
    for a text that many may write. ``leads_elsewhere``: it has links, and then it counts at any
    length.
    """
    words = folded(text)
    if len(words.replace(" ", "")) < LEAST and not leads_elsewhere:
        return None
    return salted_hmac("comments.spam.submission", words, algorithm="sha256").hexdigest()[:32]


# The words were rendered and sanitised by comments.markup, which writes addresses like this.
HREF = re.compile(r'<a href="([^"]*)"')


def links_in(rendered):
    """Return the addresses elsewhere that a rendered comment leads to, each once, a tuple."""
    found = (html.unescape(address) for address in HREF.findall(rendered))
    own = urlsplit(site.SITE_URL).netloc
    return tuple(dict.fromkeys(each for each in found if urlsplit(each).netloc != own))


@dataclass(frozen=True)
class SentForm:
    """The form that the words came in: when it was opened (None: it carries no sound mark), which
    service abroad it told its writer of, and whether the field that is to stay empty was filled.
    """

    opened_at: datetime | None = None
    told: str = ""
    filled: bool = False

    @property
    def seconds(self):
        """How long it was open, in seconds; None where that is not certain."""
        return self.opened_at and (timezone.now() - self.opened_at).total_seconds()


@dataclass(frozen=True)
class Submission:
    """New words, or other words for the comment of the key ``edits``.

    ``html`` is the ``text`` as rendered, ``settings`` the row of ``ConversationSettings``, ``user``
    None for a guest, ``address`` her proved ``Address`` or None; ``email`` is only typed.
    ``network`` is a keyed hash ("" where nobody knows), ``form`` None if a program wrote.
    ``found`` grows: it holds what the checks before this one found.
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
    found: list = field(default_factory=list)

    @cached_property
    def kinds(self):
        """The kinds of the writer's standing that are in force, a set of ``Standing.Kind``."""
        return standing.reputation_kinds(self.user, self.address)

    @property
    def is_banned(self):
        return Reputation.Kind.BANNED in self.kinds

    @cached_property
    def is_trusted(self):
        """Whether only care and bans can hold it: by trust, or because she decides here herself."""
        return policy.needs_no_approval(self.post, self.user) or policy.is_trusted_by(self.kinds)

    @property
    def language(self):
        """The language of the post, such as "de": without what comes after a hyphen."""
        return (self.post.language or Blog.get().language).partition("-")[0].lower()

    @cached_property
    def links(self):
        """The addresses elsewhere that the words lead to, each once, in their order."""
        return links_in(self.html)

    @property
    def remembered(self):
        """The owner's phrases and what was learned, a ``Remembered``."""
        return cache.check_data(self.settings.checks_stamp)

    @cached_property
    def same_words(self):
        """What is the same when the same words come again, or None; see comments.spam.submission."""
        return text_fingerprint(self.text, bool(self.links))

    def phrases_found(self, *kinds):
        """Return the owner's phrases of these kinds (``Phrase.Kind``) that stand in the words.

        What has a language of its own counts on posts in that language.
        """
        listed = [each for each in self.remembered.phrases if each.kind in kinds]
        found = phrases.find_phrases(self.text, listed)
        return [each for each in found if not each.language or each.language == self.language]
