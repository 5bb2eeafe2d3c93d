"""A user's active sessions: by device and day, and ending them.

No IP address is kept, and of the user agent only the names of the browser and the system.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import SignIn, User
from accounts.retention import RetentionRule

# The first match counts: every browser claims to be some of those below it.
BROWSERS = [
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
]
SYSTEMS = [
    ("iPhone", r"iPhone|iPod"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("ChromeOS", r"CrOS"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
]


def device_name(user_agent: str) -> str:
    """Return a label for a User-Agent header, such as "Firefox on Windows"."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def _first(patterns, text):
    return next((name for name, pattern in patterns if re.search(pattern, text)), "")


def record_sign_in(user: User, session: SessionBase, user_agent: str) -> None:
    """Record a sign-in with this session, which must have a key already."""
    fields = {"user": user, "device": device_name(user_agent), "day": timezone.localdate()}
    SignIn.objects.update_or_create(session_key=session.session_key, defaults=fields)


def forget_session(session: SessionBase) -> None:
    """Delete the record of a session that ends, if there is one."""
    if session.session_key:
        SignIn.objects.filter(session_key=session.session_key).delete()


def list_sessions(user: User) -> list[SignIn]:
    """Return the sign-ins of a user whose sessions have not expired, newest first."""
    return list(user.sign_ins.filter(session_key__in=_living()))


def end_session(user: User, key: int) -> None:
    """End the session of a ``SignIn`` with this pk, if it belongs to this user."""
    for row in user.sign_ins.filter(pk=key):
        import_module(settings.SESSION_ENGINE).SessionStore().delete(row.session_key)
        row.delete()


def end_all_sessions(user: User, but: str = "") -> None:
    """End every session of a user, also unrecorded ones.

    The session with the key ``but`` keeps its row: the caller has to renew it
    (``update_session_auth_hash``) and report its new key to :func:`session_rekeyed`.
    """
    user.end_sessions()
    user.sign_ins.exclude(session_key=but).delete()


def session_rekeyed(before: str, after: str) -> None:
    """Record that the key of a session changed."""
    SignIn.objects.filter(session_key=before).update(session_key=after)


def _living():
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")


def devices(subject) -> Iterator[dict[str, Any]]:
    """Yield the active sessions for an export; see :mod:`accounts.privacy.registry`."""
    for row in list_sessions(subject.user) if subject.user else ():
        yield {_("Device"): row.device, _("Signed in on"): row.day}


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rule for rows whose session has expired. One of ``settings.RETENTION_RULES``."""
    yield RetentionRule(
        gettext_lazy("signed-out devices"),
        SignIn.objects.exclude(session_key__in=_living()),
    )
