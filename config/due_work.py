"""Work that is due later, such as mails: ``settings.DUE_WORK`` lists who has some.

Each entry is a module with ``do_due(going)``, which does what is due, is safe to run many times at
once and stops early once ``going()`` is false; and ``due_since()``, the time since when its oldest
work could have been done, or None.
"""

import logging
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone

log = logging.getLogger(__name__)

# Design, section 3: nothing has run for ten minutes although something is due.
LATE = timedelta(minutes=10)


def modules():
    """Return the modules of ``settings.DUE_WORK``, in their order."""
    return [import_module(path) for path in settings.DUE_WORK]


def do_due(going=lambda: True):
    """Do all that is due; return the names of those that failed, after the others had their turn.

    The reason is in the log.
    """
    failed = []
    for module in modules():
        if not going():
            break
        try:
            module.do_due(going)
        except Exception:
            log.exception("Work that is due failed: %s", module.__name__)
            failed.append(module.__name__)
    return failed


def is_late():
    """Return whether work has been due for longer than LATE."""
    waiting = [since for module in modules() if (since := module.due_since())]
    return bool(waiting) and min(waiting) < timezone.now() - LATE
