"""Links in mails: `/m/<token>/`. Whoever opens one sees a button; only pressing it acts.

The token is all the power there is, random, and stored as a hash. What a link does is told by its
kind: ``settings.LINK_ACTIONS`` lists subclasses of :class:`Action`, so that every app has its own.
"""

import secrets
from datetime import timedelta
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Link

# For links that end mails: a mail may lie for long before somebody has had enough.
A_YEAR = timedelta(days=365)


class Action:
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
    done_title = _("Done")
    done = _("That is all. You can close this page.")

    def act(self, link):
        """Do it, in a transaction that also notes the use; return a path to go to, or None.

        ``link`` is the ``Link``, with its address and arguments. There is no request, and so
        nothing here can depend on who is signed in: see ``accounts.views.link``.
        """
        raise NotImplementedError


def actions():
    """Return {name: Action} of ``settings.LINK_ACTIONS``."""
    return _actions(tuple(settings.LINK_ACTIONS))


@cache
def _actions(paths):
    found = [import_string(path)() for path in paths]
    return {action.name: action for action in found}


def make(kind, *, address=None, **arguments):
    """Make a link of a kind and return its whole address; only the hash of its token is kept.

    Call it where the mail is written, not where it is posted, so that no token waits in a row.
    Raises LookupError for a kind that is not in ``settings.LINK_ACTIONS``.
    """
    action, token = actions()[kind], secrets.token_urlsafe(32)
    Link.objects.create(
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


def find(token):
    """Return the ``Link`` that still works, or None: never made, expired, used, of no kind."""
    link = Link.objects.working().filter(digest=digest(token)).first()
    return link if link and link.kind in actions() else None


def press(token):
    """Act. Return (the Action, where to go or None); (None, None) when the link does not work.

    Of two presses at once on a link for one use, one finds it used. If acting fails, it is unused.
    """
    with transaction.atomic():
        link = find(token)
        if link is None:
            return None, None
        action = actions()[link.kind]
        if action.once and not _used_up(link):
            return None, None
        return action, action.act(link)


def _used_up(link):
    now = timezone.now()
    return Link.objects.filter(pk=link.pk, used_at=None).update(used_at=now)


def due_since():
    """Return None: nobody waits for the deletion of links that do not work any more."""


def do_due(going=lambda: True):
    """Delete links that have expired."""
    old = Link.objects.filter(expires_at__lt=timezone.now())
    if old.exists():
        old.delete()
