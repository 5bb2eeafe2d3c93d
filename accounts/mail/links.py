"""Action links in mails, `/m/<token>/`: opening one shows a button, and only pressing it acts.

The random token is the whole authority; only its hash is stored. The kind of a link selects its
action: ``settings.LINK_ACTIONS`` lists subclasses of :class:`LinkAction`, so that every app has
its own.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
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

from accounts.models import Address, EmailLink
from accounts.retention import RetentionRule


class LinkAction:
    """The action of one kind of link, and the neutral texts on its page.

    The texts name no person, no post and not the blog, so that the page tells nothing to somebody
    who looks over a shoulder, or to a mail scanner.
    """

    name = ""
    lifetime = timedelta(days=7)
    # Whether the first press uses the link up.
    once = True
    title = _("One more step")
    question = _("Nothing happens until you continue.")
    button = _("Continue")
    # Further buttons: pairs of the value sent as ``choice``, and the label.
    others = ()
    done_title = _("Done")
    done = _("That’s all. You can close this page.")

    def act(self, link):
        """Perform the action; return a path to redirect to, or None.

        It runs in the transaction that marks the link as used. ``link`` is the ``EmailLink``,
        with its address and arguments. There is no request, so nothing here can depend on who is
        signed in: see ``accounts.views.link``.
        """
        raise NotImplementedError

    def works(self, link):
        """Return whether the link is still valid; if not, it is treated as used."""
        return True

    def pressed(self, link, sent):
        """Handle a press of the button; ``sent`` is the submitted form. Returns a ``LinkUsed``."""
        if self.once and not _used_up(link):
            return LinkUsed()
        return LinkUsed(self, path=self.act(link))


class UnsubscribeAction(LinkAction):
    """Unsubscribes; mail programs may also press it for their user (RFC 8058)."""

    # People unsubscribe by mails that are months old.
    lifetime = timedelta(days=365)
    once = False
    title = _("Unsubscribe from these emails?")
    question = _("If you unsubscribe, you won’t get any more of these emails.")
    button = _("Unsubscribe")
    done_title = _("You’ve been unsubscribed")


@dataclass(frozen=True)
class LinkPage:
    """A page to show instead of the neutral texts: its template and context."""

    template: str
    context: dict = field(default_factory=dict)


@dataclass(frozen=True)
class DoneText:
    """What the neutral page says after a press, where that is not the same each time."""

    done_title: str
    done: str


@dataclass(frozen=True)
class LinkUsed:
    """The result of a press: a path to redirect to, a page, or the action's own texts.

    ``action`` is a :class:`LinkAction`, or a :class:`DoneText`.

    Without any of them: the link does not work.
    """

    action: Any = None
    path: str | None = None
    page: LinkPage | None = None


class LinkNotUsed(Exception):
    """Raised by an action that could not be performed: the link stays unused, ``page`` says why."""

    def __init__(self, page):
        super().__init__()
        self.page = page


class RedirectAction(LinkAction):
    """A link of a discreet mail: its button leads to the page that the mail is about."""

    # As long as the mail is likely to be kept; the page itself is public.
    lifetime = timedelta(days=30)
    once = False
    title = _("Something new for you")
    question = _("Would you like to read it now?")
    button = _("Read it")


class ChoiceAction(LinkAction):
    """A link to a decision: the first press shows it, the second one acts.

    The neutral page comes first, since a mail scanner opens it too. Its button shows the decision
    and changes nothing; only a press on one of the buttons there uses the link up.
    """

    def look(self, link, sent):
        """Return the ``LinkPage`` that shows the decision, or None if ``sent`` holds a choice."""
        raise NotImplementedError

    def act(self, link, sent):
        """Perform the choice; return a ``LinkPage`` or a path. May raise LinkNotUsed."""
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


def link_actions() -> dict[str, LinkAction]:
    """Return {name: LinkAction} of ``settings.LINK_ACTIONS``."""
    return _actions(tuple(settings.LINK_ACTIONS))


@cache
def _actions(paths):
    found = [import_string(path)() for path in paths]
    return {action.name: action for action in found}


def make_link(kind: str, *, address: Address | None = None, **arguments: Any) -> str:
    """Create a link of a kind and return its absolute URL; only the hash of its token is stored.

    Call it where the mail is composed, not where it is enqueued, so that no token is stored.
    Raises LookupError for a kind that is not in ``settings.LINK_ACTIONS``.
    """
    action, token = link_actions()[kind], secrets.token_urlsafe(32)
    link = EmailLink(
        digest=digest(token),
        kind=kind,
        address=address,
        arguments=arguments,
        expires_at=timezone.now() + action.lifetime,
    )
    made = _made_together.get()
    if made is None:
        link.save(force_insert=True)
    else:
        made.append(link)
    return settings.SITE_URL + reverse("accounts:link", args=[token])


@contextmanager
def stored_together() -> Iterator[list[EmailLink]]:
    """Context manager: the links made inside are stored at its end, in one query.

    Yields the list that they are put into. Nothing is stored if it ends with an exception.
    """
    made: list[EmailLink] = []
    before = _made_together.set(made)
    try:
        yield made
    finally:
        _made_together.reset(before)
    EmailLink.objects.bulk_create(made)


_made_together: ContextVar[list[EmailLink] | None] = ContextVar("links made together", default=None)


def digest(token: str) -> str:
    """Return the stored hash of a token. It is long and random, so a plain SHA-256 is enough."""
    return sha256(token.encode()).hexdigest()


def find_link(token: str) -> EmailLink | None:
    """Return the working link of a token, or None: unknown, expired, used, or of no known kind."""
    link = EmailLink.objects.working().filter(digest=digest(token)).first()
    action = link_actions().get(link.kind) if link else None
    return link if action and action.works(link) else None


def use_link(token: str, sent: Mapping[str, str]) -> LinkUsed:
    """Perform the action of a link; return an empty ``LinkUsed`` if the link does not work.

    ``sent`` is the submitted form. Of two concurrent presses on a single-use link, only one acts.
    If the action fails, the link stays unused.
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


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rule for used and expired links. One of ``settings.RETENTION_RULES``."""
    gone = Q(expires_at__lte=timezone.now()) | Q(used_at__isnull=False)
    yield RetentionRule(_("used or expired links"), EmailLink.objects.filter(gone))
