"""Event loops for tests."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_alone(coroutine):
    """Run a coroutine in a thread of its own: in the test's, a browser may have a loop running."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()
