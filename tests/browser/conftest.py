"""A real Chromium in front of a live server.

Every page that a test opens is watched: at the end it must have asked nobody but us for anything,
and the browser's console must be empty (that is where a breach of the content policy shows).
"""

import os
import random
import shutil
import time
from urllib.parse import urljoin

import pytest

from tests.conftest import lack

NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The console also notes each answer of 400 and above. Tests look at those themselves.
NOTED_STATUS = "Failed to load resource: the server responded with a status of"
PATIENCE = 20_000  # milliseconds
LINE_CUT = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"


# Tests in which somebody writes, decides, subscribes or leaves, which involves the database. The
# others are about the browser, or about HTML that is the same on every database.
WALKS = {
    "accounts/test_departure",
    "admin/test_author_journey",
    "comments/test_guest_journey",
    "comments/test_subscriptions",
    "queue/test_email_actions",
    "queue/test_two_moderators",
}


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if "/".join(item.path.with_suffix("").parts[-2:]) in WALKS:
                item.add_marker(pytest.mark.both_databases)


@pytest.fixture(scope="session", autouse=True)
def late():
    """LATE=0.6 in the environment: each answer of the live server comes up to so many seconds late.

    What looks before it waits, in a test or in a script of ours, then fails every time and not
    once in a hundred."""
    from django.core.handlers.wsgi import WSGIHandler

    at_most = float(os.environ.get("LATE") or 0)
    answer = WSGIHandler.__call__

    def answer_late(handler, environ, start_response):
        time.sleep(random.uniform(0, at_most))
        return answer(handler, environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        if at_most:
            patch.setattr(WSGIHandler, "__call__", answer_late)
        yield


@pytest.fixture(scope="session")
def chromium():
    """The path of the Chromium to use; without one the test is skipped, or with CI=true fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    return lack(f"No Chromium found (looked for {', '.join(NAMES)}, and at CHROMIUM=).")


@pytest.fixture(scope="session")
def browser(chromium, django_db_setup, django_db_blocker):
    """One browser for all tests of this process."""
    from django.db import connections
    from playwright.sync_api import expect, sync_playwright

    # A busy machine may be slow; no test is about how long something takes.
    expect.set_options(timeout=PATIENCE)

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(autouse=True)
def _patient(patient):
    """No minimum time for forms: Playwright fills in and presses faster than people do."""


@pytest.fixture
def page(browser, live_server):
    """A function that opens an address of the live server in a browser of its own, and returns the
    Playwright page: page("/", width=360, dark=True, javascript=False, user=bob).

    A test that cuts the line to the server names in ``noise`` how what the console then says
    begins."""
    contexts, reports, leaving = [], [], []

    def open_page(
        path="/",
        *,
        width=1280,
        height=800,
        dark=False,
        javascript=True,
        user=None,
        noise=(),
        **more,
    ):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            **more,
        )
        contexts.append(context)
        watch(context, live_server.url, reports, noise, leaving)
        opened = context.new_page()
        if user:
            become(opened, user, live_server.url)
        _slow_down(opened)
        opened.goto(path)
        return opened

    yield open_page
    # A page that is still loading complains of the line that is cut here.
    leaving.append(LINE_CUT)
    for context in contexts:
        # What a page sends on leaving would arrive after the test, in a database of the next one.
        context.set_offline(True)
        context.close()
    assert not reports


def _slow_down(page):
    """SLOW=6 in the environment: the browser's processor is six times as slow as this machine's.

    Then the server's answers come early and scripts late: the other way round than with LATE."""
    if rate := float(os.environ.get("SLOW") or 0):
        line = page.context.new_cdp_session(page)
        line.send("Emulation.setCPUThrottlingRate", {"rate": rate})


def watch(context, home, reports, noise, leaving):
    """Note into `reports` what the console says and whoever else is asked for something.

    How what may be said begins stands in `noise`, and, once the test is over, in `leaving`."""

    def hear(message):
        if not message.text.startswith((NOTED_STATUS, *noise, *leaving)):
            reports.append(f"{message.type}: {message.text}")

    def see(request):
        if not request.url.startswith((home, "data:", "blob:", "about:")):
            reports.append(f"asked elsewhere: {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: reports.append(f"script error: {error.error}"))
    context.on("request", see)


def become(tab, user, address=None):
    """Sign this person in, from the tab's next page on."""
    tab.context.clear_cookies(name="sessionid")
    home = urljoin(address or tab.url, "/")
    tab.context.add_cookies([{**_session_cookie(user), "url": home}])


def _session_cookie(user):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value}
