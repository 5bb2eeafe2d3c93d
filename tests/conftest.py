"""The cast and the fixtures that every test uses.

alice writes, mia moderates, bob reads and has a verified address, owner may do everything; a guest
is just the `client`. Models are imported inside the fixtures, as this file is read before them."""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from django.utils.functional import Promise

from tests import settings as test_settings

# No test depends on the speed of the machine.
hypothesis.settings.register_profile("hearth", deadline=None)
hypothesis.settings.load_profile("hearth")

PASSWORD = "a long walk by the lake"
# Letters for a random name, in which no name stands by chance that a test looks for, such as "Ada".
NO_WORD = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
ROOT = Path(__file__).resolve().parents[1]


def lack(what):
    """Skip the test that needs this of the machine; with CI=true, where all is there, fail it."""
    (pytest.fail if os.environ.get("CI", "").lower() == "true" else pytest.skip)(what)


def pytest_make_parametrize_id(val):
    """Name a long text by its beginning and its length: every process is sent all tests' names."""
    if isinstance(val, Promise):  # a sentence that is translated later
        val = str(val)
    if isinstance(val, str | bytes) and len(name := ascii(val[:50])) > 40:
        return f"{name[:30]}... of {len(val)}"
    return None


def pytest_collection_modifyitems(config, items):
    """Leave out tests/faults, unless asked for; mark tests with real transactions.

    Locks and connections differ between databases.
    """
    if "faults" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("faults")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker and marker.kwargs.get("transaction")
        if "browser" not in item.path.parts and (
            commits or "transactional_db" in getattr(item, "fixturenames", ())
        ):
            item.add_marker("both_databases")


def pytest_collection_finish():
    """Keep the collected tests out of garbage collection; they live as long as the process."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """pytest-django's new database, with a record of the rows that migrations created.

    No test depends on the hour at which it runs: only tests that set quiet hours have them.
    """
    from django.core.cache import caches

    from comments.models import ConversationSettings
    from tests import database

    with django_db_blocker.unblock():
        ConversationSettings.objects.update(quiet_from=None, quiet_until=None)
        database.remember_first_rows()
    yield
    # PostgreSQL drops no database while somebody is connected.
    caches["default"].disconnect()


@pytest.fixture(autouse=True)
def _own_cache_namespace():
    """A cache namespace for each test, on every backend and in every thread."""
    test_settings.cache_namespace[0] = uuid.uuid4().hex


@pytest.fixture(autouse=True)
def _newsletter_without_wait(monkeypatch):
    """Posts are sent as soon as they appear; test_cancel.py tests that they wait a while."""
    monkeypatch.setattr("blog.newsletter.send.WAIT", timedelta(0))


@pytest.fixture
def one_minute(monkeypatch):
    """Freeze the window of rate limits per minute, however long the test takes."""
    from django.utils import timezone

    now = timezone.now()
    monkeypatch.setattr("accounts.rate_limit.timezone", SimpleNamespace(now=lambda: now))


@pytest.fixture
def patient(monkeypatch):
    """No minimum time for filling in a form, since tests fill it in at once.

    test_form_checks.py tests that check, test_accidental_presses.py the one in the queue.
    """
    monkeypatch.setattr("comments.spam.form_checks.LEAST", 0)
    monkeypatch.setattr("comments.queue.responses.SETTLE_TIME", 0)


@pytest.fixture
def without_page_cache(settings):
    """No page cache, for tests that count what rendering a page costs."""
    settings.PAGE_CACHE = False


@pytest.fixture
def new_versions(monkeypatch):
    """A list that grows with every version number that a thread is given."""
    from comments.tree import counters

    given, original = [], counters.new_version
    monkeypatch.setattr(
        counters, "new_version", lambda: given.append(number := original()) or number
    )
    return given


@pytest.fixture
def person(db):
    """A function that creates an account: person("carol", group="Authors")."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    def make(username, *, group=None, verified=True, **fields):
        address = f"{username}@example.org"
        user = get_user_model().objects.create_user(username, address, PASSWORD, **fields)
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=verified)
        if group:
            user.groups.add(Group.objects.get(name=group))
        return user

    return make


@pytest.fixture
def alice(person):
    """The author."""
    return person("alice", group="Authors", is_staff=True, display_name="Alice")


@pytest.fixture
def mia(person):
    """The moderator."""
    return person("mia", group="Moderators", is_staff=True, display_name="Mia")


@pytest.fixture
def bob(person):
    """A reader whose address is verified."""
    return person("bob", display_name="Bob")


@pytest.fixture
def owner(person):
    """The owner of the blog."""
    return person("owner", is_staff=True, is_superuser=True)


@pytest.fixture
def signed_in(client):
    """A function that signs a person in and returns the client: signed_in(bob).get(...)."""

    def sign_in(user):
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(user, backend=backend)
        return client

    return sign_in


@pytest.fixture
def published_post(alice):
    """A function that creates a published post by alice; any field can be given."""
    from django.utils import timezone

    from blog.models import Post

    def make(**fields):
        name = uuid.uuid4().hex[:8].translate(NO_WORD)
        return Post.objects.create(
            **{
                "title": f"An evening by the lake {name}",
                "slug": f"evening-{name}",
                "author": alice,
                "body": "<p>The water was quite still.</p>",
                "status": Post.Status.PUBLISHED,
                "published_at": timezone.now() - timedelta(hours=1),
                **fields,
            }
        )

    return make


@pytest.fixture
def post_office(settings):
    """A real mail server that receives mails while the test runs; see ``PostOffice``."""
    from tests.accounts.smtp_server import PostOffice

    office = PostOffice()
    settings.EMAIL_BACKEND = "accounts.mail.smtp_backend.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = office.host, office.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    with office:
        yield office


@pytest.fixture
def root():
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A function that returns a folder of this name, which `make(folder)` makes.

    The first of the processes of this run makes it; the others wait for it."""
    here = tmp_path_factory.getbasetemp()
    of_all = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here

    def made(name, make):
        folder = of_all / name
        with open(of_all / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                draft = of_all / f"{name}.{os.getpid()}"
                make(draft)
                draft.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def served_data(made_once):
    """A data folder as the first start of `serve` leaves it: an empty database, the static files.

    Nobody writes into it."""
    from tests.house.server import Site

    def make(folder):
        assert Site(folder, WORKERS="1", RUN_DUE="off").start().stop() == 0

    return made_once("served-data", make)


@pytest.fixture(scope="session")
def filled_data(made_once, served_data):
    """The same with bob, who has PASSWORD, and the post /posts/lake/, whose comments are open."""
    from tests.house.server import Site

    def make(folder):
        shutil.copytree(served_data, folder)
        Site(folder).fill(slug="lake", password=PASSWORD)

    return made_once("filled-data", make)


@pytest.fixture
def data_folder(served_data, tmp_path):
    """A copy of it, for a server that need not begin with nothing."""
    return shutil.copytree(served_data, tmp_path / "data")


@pytest.fixture
def hearth(tmp_path):
    """A function that runs Python code or arguments with just this environment, and returns the
    finished process: hearth("manage.py", "check", DEBUG="off")."""

    def run(*arguments, **environment):
        clean = {"PATH": os.environ["PATH"], "ENV_FILE": "none", "DATA_DIR": str(tmp_path)}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=clean | {name: str(value) for name, value in environment.items()},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
