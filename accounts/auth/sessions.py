"""Where somebody is signed in: which device, since which day, and how that ends.

No network address is kept, and of what a browser says about itself no more than its name and
that of its system.
"""

import re
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import SignIn
from accounts.retention import RetentionRule

# The first that fits: every browser claims to be some of those below it.
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


def device_name(user_agent):
    """Return "Firefox on Windows" for what a browser says about itself, or less."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")


def _first(patterns, text):
    return next((name for name, pattern in patterns if re.search(pattern, text)), "")


def record_sign_in(user, session, user_agent):
    """Note that somebody signs in with this session, which has a key already."""
    fields = {"user": user, "device": device_name(user_agent), "day": timezone.localdate()}
    SignIn.objects.update_or_create(session_key=session.session_key, defaults=fields)


def forget_session(session):
    """Forget the session that ends, if it is known."""
    if session.session_key:
        SignIn.objects.filter(session_key=session.session_key).delete()


def list_sessions(user):
    """Return the sign-ins of somebody whose sessions still live, newest first."""
    return list(user.sign_ins.filter(session_key__in=_living()))


def end_session(user, key):
    """End one session of somebody's own by the key of its row; a stranger's is not found."""
    for row in user.sign_ins.filter(pk=key):
        import_module(settings.SESSION_ENGINE).SessionStore().delete(row.session_key)
        row.delete()


def end_all_sessions(user, but=""):
    """End every session of somebody, also those that no list knows.

    The one of the key ``but`` keeps its row: its owner has to sign it anew
    (``update_session_auth_hash``) and to say its new key by :func:`moved`.
    """
    user.end_sessions()
    user.sign_ins.exclude(session_key=but).delete()


def session_rekeyed(before, after):
    """Note that a session has another key now."""
    SignIn.objects.filter(session_key=before).update(session_key=after)


def _living():
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")


def devices(subject):
    """Yield where somebody is signed in, as she takes it along; see
    :mod:`accounts.privacy.inventory`.
    """
    for row in list_sessions(subject.user) if subject.user else ():
        yield {_("Device"): row.device, _("Signed in on"): row.day}


def retention_rules():
    """Yield rows whose session has ended by itself. One of ``settings.RETENTION_RULES``."""
    yield RetentionRule(
        gettext_lazy("devices that are signed out"),
        SignIn.objects.exclude(session_key__in=_living()),
    )
