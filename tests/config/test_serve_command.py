"""`make serve`: what it refuses, how it starts and stops, and several machines as one site."""

import json
import os
import re
import shutil
import signal
import socket
import sys
import uuid

import pytest
from django.conf import settings
from django.db import connection

from tests.conftest import PASSWORD
from tests.house.server import Site, Visitor
from tests.waits import PATIENCE

# One server for all of them.
pytestmark = pytest.mark.xdist_group("serving")
SOUND = {"DEBUG": "off", "SITE_URL": "http://127.0.0.1:8000"}
WORDS = "The lake is still there in the morning."


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SITE_URL": ""}, "hearth.E001: SITE_URL is not set. Set it to"),
        ({"SITE_URL": "http://blog.example.org"}, "hearth.E002"),
        ({"DEBUG": "on"}, "`make serve` turns it off"),
        (
            {"SITE_URL": "https://blog.example.org"},
            "Name the proxy, such as TRUSTED_PROXIES=127.0.0.1.",
        ),
        ({"HOST": "myhost"}, "HOST is 'myhost'; it must be an address"),
    ],
)
def test_the_server_says_what_is_unsafe_and_how_to_fix_it(hearth, environment, words):
    done = hearth("manage.py", "serve", **SOUND | environment)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_one_clear_sentence(hearth):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = hearth("manage.py", "serve", **SOUND, PORT=port)
    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: Port {port} is already in use on this machine. "
        "Try another: make serve PORT=8001\n"
    )


def test_a_database_that_does_not_answer_is_named(hearth, data_folder):
    key = "only for this test, but long enough to be taken for a key of production 0123456789"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = hearth(
        "manage.py",
        "serve",
        **SOUND,
        DATABASE_URL="postgres://nobody@127.0.0.1:1/none",
        SECRET_KEY=key,
        PORT=port,
        DATA_DIR=data_folder,
    )
    assert done.returncode == 1
    assert "The database isn’t responding:" in done.stderr


def test_a_cache_that_does_not_answer_is_named_and_spared(data_folder):
    """What only speeds up keeps nobody from starting."""
    site = Site(data_folder, CACHE_URL="redis://127.0.0.1:1/0", RUN_DUE="off")
    site.start(until="Starting without: cache")
    try:
        assert Visitor().open(f"{site.url}/")[0] == 200
        status, _, body = Visitor().open(f"{site.url}/healthz/")
        assert (status, json.loads(body)["status"]) == (200, "late")
    finally:
        assert site.stop() == 0


@pytest.fixture(scope="module")
def site(filled_data, tmp_path_factory):
    """Two workers on one SQLite file."""
    site = Site(shutil.copytree(filled_data, tmp_path_factory.mktemp("served") / "data"))
    site.start()
    yield site
    assert site.stop() == 0


def write(visitor, site, slug):
    visitor.send(f"{site.url}/account/login/", login="bob", password=PASSWORD)
    visitor.send(f"{site.url}/posts/{slug}/reply/", body=WORDS)


def test_two_workers_on_one_file_show_the_same_pages(site):
    bob, reader = Visitor(), Visitor()
    address = f"{site.url}/posts/lake/"
    assert all(WORDS not in reader.page(address) for _ in range(8))
    write(bob, site, "lake")
    # Each is a new connection, which the system hands to either worker.
    assert all(WORDS in reader.page(address) for _ in range(16))
    assert all("/account/logout/" in bob.page(address) for _ in range(16))


def test_a_page_links_one_style_sheet_that_is_cached_for_ever(site):
    links = re.findall(r'<link rel="stylesheet" href="([^"]+)"', Visitor().page(f"{site.url}/"))
    assert len(links) == 1
    assert re.fullmatch(r"/static/css/hearth\.[0-9a-f]{12}\.css", links[0])
    sizes = {}
    for encoding in ("identity", "gzip", "br"):
        status, headers, body = Visitor(accept=encoding).open(site.url + links[0])
        assert status == 200
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers.get("Content-Encoding", "identity") == encoding
        sizes[encoding] = len(body)
    assert sizes["br"] < sizes["gzip"] < sizes["identity"] / 3


def test_the_health_check_answers_by_ip_address(site):
    assert Visitor().open(f"http://localhost:{site.port}/healthz/")[0] == 200
    assert Visitor().open(f"http://localhost:{site.port}/")[0] == 400


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_worker_that_dies_is_replaced(site):
    killed = site.workers()[0]
    os.kill(int(killed), signal.SIGKILL)
    site.hear("runtime-1")
    assert len(site.workers()) == 2
    assert killed not in site.workers()
    assert all(Visitor().page(f"{site.url}/") for _ in range(8))


def test_ctrl_c_stops_all_processes_and_the_site_starts_again(site):
    assert site.stop(signal.SIGINT, group=True) == 0
    with pytest.raises(ConnectionRefusedError), socket.socket() as door:
        door.connect(("127.0.0.1", site.port))
    assert Visitor().open(f"{site.start().url}/healthz/")[0] == 200


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system kills in another way")
def test_nothing_outlives_a_server_that_is_killed(site):
    os.kill(site.process.pid, signal.SIGKILL)
    site.process.wait()
    # All processes share its log, which ends with the last of them.
    while site.lines.get(timeout=PATIENCE):
        pass
    assert Visitor().open(f"{site.start().url}/healthz/")[0] == 200


@pytest.fixture
def two_machines(db, served_data, tmp_path):
    """Two `serve` processes with folders of their own, sharing one PostgreSQL and one Redis."""
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL names no PostgreSQL: several machines cannot share SQLite")
    if not settings.CACHE_URL:
        pytest.skip("CACHE_URL is not set: several machines share a cache")
    name = f"{connection.settings_dict['NAME']}_served"
    shared = {
        "DATABASE_URL": address_of(name),
        "CACHE_URL": settings.CACHE_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "WORKERS": "1",
    }
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    # Collected already, as on machines that start again.
    for letter in "ab":
        shutil.copytree(served_data / "static", tmp_path / letter / "static")
    sites = [Site(tmp_path / letter, **shared) for letter in "ab"]
    yield sites
    for site in sites:
        if site.process:
            site.stop()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def address_of(name):
    found = connection.settings_dict
    password = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    who = f"{found['USER']}{password}@" if found["USER"] else ""
    port = f":{found['PORT']}" if found["PORT"] else ""
    return f"postgres://{who}{found['HOST']}{port}/{name}"


@pytest.mark.both_databases
def test_two_machines_are_one_site(two_machines):
    one, other = two_machines
    slug = f"lake-{uuid.uuid4().hex[:8]}"
    one.fill(slug=slug, password=PASSWORD)
    one.start()
    other.start()
    bob, reader = Visitor(), Visitor()
    page, same = (f"{site.url}/posts/{slug}/" for site in (one, other))
    assert WORDS not in reader.page(page) + reader.page(same)
    write(bob, one, slug)
    # Browsers send the cookies of a host to all its ports.
    assert "/account/logout/" in bob.page(same)
    assert WORDS in reader.page(same)
    assert WORDS in reader.page(page)
    bob.send(f"{other.url}/account/logout/", **{"": ""})
    assert "/account/logout/" not in bob.page(page)
