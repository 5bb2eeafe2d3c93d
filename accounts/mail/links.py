"""Links in mails: `/m/<token>/`. Whoever opens one sees a button; only pressing it acts.

The token is all the power there is, random, and stored as a hash. What a link does is told by its
kind: ``settings.LINK_ACTIONS`` lists subclasses of :class:`Action`, so that every app has its own.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import EmailLink
from accounts.retention import RetentionRule


class LinkAction:
    """What a kind of link does, and the few neutral words on its page.

    Whoever looks over a shoulder learns nothing from the page, and neither does a mail scanner:
    no word here names a person, a post, or the blog.
    """

    name = ""
    lifetime = timedelta(days=7)
    # Whether the first press uses the link up.
    once = True
    title = _("One more step")
    question = _("Press the button to go on.")
    button = _("Go on")
    # Further buttons, each with what it sends as ``choice``: pairs of value and words.
    others = ()
    done_title = _("Done")
    done = _("That is all. You can close this page.")

    def act(self, link):
        """Do it, in a transaction that also notes the use; return a path to go to, or None.

        ``link`` is the ``Link``, with its address and arguments. There is no request, and so
        nothing here can depend on who is signed in: see ``accounts.views.link``.
        """
        raise NotImplementedError

    def works(self, link):
        """Return whether the link still has its power, whoever holds it; else it is as if used."""
        return True

    def pressed(self, link, sent):
        """Answer a press; ``sent`` is what the form held. Returns a ``Pressed``."""
        if self.once and not _used_up(link):
            return LinkUsed()
        return LinkUsed(self, path=self.act(link))


class UnsubscribeAction(LinkAction):
    """Pressing ends mails, also for mail programs that press by themselves (RFC 8058)."""

    # A mail may lie for long before somebody has had enough.
    lifetime = timedelta(days=365)
    once = False
    title = _("No more of these mails")
    question = _("Press the button, and no more of these mails come.")
    button = _("Stop these mails")
    done_title = _("No more of these mails will come")


@dataclass(frozen=True)
class LinkPage:
    """A page that says more than the neutral words: its template, which is given the context."""

    template: str
    context: dict = field(default_factory=dict)


@dataclass(frozen=True)
class LinkUsed:
    """What a press led to: a path to go to, a page, or the words of the action. Empty: nothing."""

    action: Any = None
    path: str | None = None
    page: LinkPage | None = None


class LinkNotUsed(Exception):
    """Raised while acting: nothing could be done, the link stays unused, ``page`` says why."""

    def __init__(self, page):
        super().__init__()
        self.page = page


class RedirectAction(LinkAction):
    """A link of a discreet mail, behind whose button one reads what it is about."""

    # As long as one may still have the mail; the page itself is there for everybody.
    lifetime = timedelta(days=30)
    once = False
    title = _("Something new for you")
    question = _("Press the button to read it.")
    button = _("Read it")


class ChoiceAction(LinkAction):
    """A link behind which somebody decides something: first press: look, second press: act.

    The neutral page comes first, since a mail scanner opens it too. What is behind is shown by a
    press, which changes nothing; only a press on one of the buttons there uses the link up.
    """

    def look(self, link, sent):
        """Return the ``Page`` that shows what is to be decided, or None where ``sent`` decides."""
        raise NotImplementedError

    def act(self, link, sent):
        """Do what was chosen; return a ``Page`` that tells it, or a path. Raises NotDone."""
        raise NotImplementedError

    def pressed(self, link, sent):
        page = self.look(link, sent)
        if page is not None:
            return LinkUsed(self, page=page)
        if not _used_up(link):
            return LinkUsed()
        done = self.act(link, sent)
        return (
            LinkUsed(self, page=done) if isinstance(done, LinkPage) else LinkUsed(self, path=done)
        )


def link_actions():
    """Return {name: Action} of ``settings.LINK_ACTIONS``."""
    return _actions(tuple(settings.LINK_ACTIONS))


@cache
def _actions(paths):
    found = [import_string(path)() for path in paths]
    return {action.name: action for action in found}


def make_link(kind, *, address=None, **arguments):
    """Make a link of a kind and return its whole address; only the hash of its token is kept.

    Call it where the mail is written, not where it is posted, so that no token waits in a row.
    Raises LookupError for a kind that is not in ``settings.LINK_ACTIONS``.
    """
    action, token = link_actions()[kind], secrets.token_urlsafe(32)
    EmailLink.objects.create(
        digest=digest(token),
        kind=kind,
        address=address,
        arguments=arguments,
        expires_at=timezone.now() + action.lifetime,
    )
    return settings.SITE_URL + reverse("accounts:link", args=[token])


def digest(token):
    """Return what is stored of a token. It is random and long, so a plain hash keeps it secret."""
    return sha256(token.encode()).hexdigest()


def find_link(token):
    """Return the ``Link`` that still works, or None: never made, expired, used, of no kind."""
    link = EmailLink.objects.working().filter(digest=digest(token)).first()
    action = link_actions().get(link.kind) if link else None
    return link if action and action.works(link) else None


def use_link(token, sent):
    """Act, and return what it led to: an empty ``Pressed`` when the link does not work.

    ``sent`` is what the form held, a mapping of texts. Of two presses at once on a link for one
    use, one finds it used. If acting fails, it is unused.
    """
    try:
        with transaction.atomic():
            link = find_link(token)
            return link_actions()[link.kind].pressed(link, sent) if link else LinkUsed()
    except LinkNotUsed as refusal:
        return LinkUsed(page=refusal.page)


def _used_up(link):
    now = timezone.now()
    return EmailLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)


def retention_rules():
    """Yield links that work no more, used or expired. One of ``settings.RETENTION_RULES``."""
    gone = Q(expires_at__lte=timezone.now()) | Q(used_at__isnull=False)
    yield RetentionRule(_("links that were used or ended"), EmailLink.objects.filter(gone))
