"""Waiting for what a test looks at, never for a time."""

import time
from collections.abc import Callable

PATIENCE = 120  # seconds, for a machine busy with all other tests


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for what is looked at, and fail if it does not come."""
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up, f"it never was so: {is_so.__name__}"
        time.sleep(0.05)
