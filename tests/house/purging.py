"""Helpers of purge tests: move the clock, purge, and read all rows."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import time_machine
from django.apps import apps
from django.core.management import call_command

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)


def purge(*options):
    """Run the command and return ``{kind: count}`` as it prints them."""
    printed = StringIO()
    call_command("purge", *options, stdout=printed)
    *lines, total = re.findall(r"^ *(\d+)  (.+)$", printed.getvalue(), re.MULTILINE)
    found = {name: int(number) for number, name in lines}
    assert sum(found.values()) == int(total[0])
    return found


def after(**time):
    return time_machine.travel(NOON + timedelta(**time), tick=False)


def everything():
    """Return all rows of all tables."""
    return {model: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()}
