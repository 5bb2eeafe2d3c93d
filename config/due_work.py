"""Deferred work, such as sending mails, done by the modules in ``settings.DUE_WORK``.

Each entry is a module with ``do_due(going)``, which does what is due, is safe to run concurrently
and stops early once ``going()`` is false; and ``due_since()``, the time when its oldest work
became due, or None.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.utils import timezone

log = logging.getLogger(__name__)

# Work that has been due for longer than this means that nothing runs it.
LATE = timedelta(minutes=10)


def modules() -> list[ModuleType]:
    """Return the modules of ``settings.DUE_WORK``, in order."""
    return [import_module(path) for path in settings.DUE_WORK]


def do_due(going: Callable[[], bool] = lambda: True) -> list[str]:
    """Do all work that is due; return the names of the modules that failed.

    A failure is logged, and does not keep the other modules from their work.
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


def is_late() -> bool:
    """Return whether work has been due for longer than LATE."""
    waiting = [since for module in modules() if (since := module.due_since())]
    return bool(waiting) and min(waiting) < timezone.now() - LATE
