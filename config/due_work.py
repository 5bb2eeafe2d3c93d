"""Deferred work, such as sending mails, done by the modules in ``settings.DUE_WORK``.

Each entry is a module with ``do_due(going)``, which does what is due, is safe to run concurrently
and stops early once ``going()`` is false; and ``due_since()``, the time when its oldest work
became due, or None. They take turns: ``going()`` is also false once a turn is over, and the module
is called again after the others. It may name its own ``LONGEST_TURN``.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.utils import timezone, translation

from accounts import heartbeat
from accounts.due_rows import Turn
from accounts.text import languages
from blog.models import Blog

log = logging.getLogger(__name__)

# Work that has been due for longer than this means that nothing runs it.
LATE = timedelta(minutes=10)
# Seconds for one kind of work, before the others have their turns: long enough for some dozens of
# mails, and short enough that an alert waits for seconds when every kind has much to do.
LONGEST_TURN = 2


def modules() -> list[ModuleType]:
    """Return the modules of ``settings.DUE_WORK``, in order."""
    return [import_module(path) for path in settings.DUE_WORK]


@dataclass
class Round:
    """What a round came to: the modules that failed, and whether one has more to do."""

    failed: set[str] = field(default_factory=set)
    unfinished: bool = False


def do_round(going: Callable[[], bool] = lambda: True, first: int = 0) -> Round:
    """Give each module a turn, beginning with that of this number, as long as ``going()``.

    Whatever it writes to people is in the blog's language, except where they chose another.

    No kind of work waits for another: each may only begin a step while its turn lasts. A failure
    is logged, and does not keep the other modules from their work.
    """
    done, all_modules = Round(), modules()
    with translation.override(languages.spoken(Blog.get().language)):
        for module in all_modules[first:] + all_modules[:first]:
            if not going():
                break
            turn = Turn(going, getattr(module, "LONGEST_TURN", LONGEST_TURN))
            try:
                module.do_due(turn)
            except Exception:
                log.exception("Due work failed: %s", module.__name__)
                done.failed.add(module.__name__)
            done.unfinished |= turn.comes_again
            heartbeat.beat()
    return done


def do_due(going: Callable[[], bool] = lambda: True) -> list[str]:
    """Do all work that is due, in rounds; return the names of the modules that failed."""
    failed, unfinished = set(), True
    while unfinished and going():
        one = do_round(going)
        failed |= one.failed
        unfinished = one.unfinished
    return sorted(failed)


def is_late() -> bool:
    """Return whether work has been due for longer than LATE."""
    waiting = [since for module in modules() if (since := module.due_since())]
    return bool(waiting) and min(waiting) < timezone.now() - LATE
