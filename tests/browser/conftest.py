"""A real Chromium in front of a live server.

Every page that a test opens is watched: at the end it must have asked nobody but us for anything,
and the browser's console must be empty (that is where a breach of the content policy shows).
"""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
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


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The path of the Chromium to use; without one the test is skipped, or with CI=true fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = f"No Chromium found (looked for {', '.join(NAMES)}, and at CHROMIUM=)."
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(chromium, django_db_setup, django_db_blocker):
    """One browser for all tests of this process."""
    from django.db import connection, connections
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread. Django takes that for asynchronous code, and
    # gives the thread another connection, which has to know what the database looked like at first.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    contents = getattr(connection, "_test_serialized_contents", None)
    with sync_playwright() as playwright:
        connection._test_serialized_contents = contents
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()
        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture
def page(browser, live_server):
    """A function that opens an address of the live server in a browser of its own, and returns the
    Playwright page: page("/", width=360, dark=True, javascript=False, user=bob).

    A test that cuts the line to the server names in ``noise`` how what the console then says
    begins."""
    contexts, reports = [], []

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
        _watch(context, live_server.url, reports, noise)
        if user:
            context.add_cookies([{**_session_cookie(user), "url": live_server.url}])
        opened = context.new_page()
        opened.goto(path)
        return opened

    yield open_page
    for context in contexts:
        context.close()
    assert not reports


def _watch(context, home, reports, noise):
    """Note into `reports` what the console says and whoever else is asked for something."""

    def hear(message):
        if not message.text.startswith((NOTED_STATUS, *noise)):
            reports.append(f"{message.type}: {message.text}")

    def see(request):
        if not request.url.startswith((home, "data:", "blob:", "about:")):
            reports.append(f"asked elsewhere: {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: reports.append(f"script error: {error.error}"))
    context.on("request", see)


def _session_cookie(user):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value}
