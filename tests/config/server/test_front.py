"""What stands before Django: slow and silent senders, long bodies, odd requests; a real server."""

import os
import shutil
import socket
import time
import uuid
from contextlib import ExitStack

import pytest

from tests.conftest import PASSWORD
from tests.house.server import Site, Visitor
from tests.waits import PATIENCE

pytestmark = pytest.mark.xdist_group("front")
WORDS = "The heron stood in the reeds all evening."


@pytest.fixture(scope="module")
def site(served_data, tmp_path_factory):
    """One worker of two threads."""
    folder = shutil.copytree(served_data, tmp_path_factory.mktemp("front") / "data")
    site = Site(folder, WORKERS="1", THREADS="2", RUN_DUE="off")
    site.slug = f"reeds-{uuid.uuid4().hex[:8]}"
    site.fill(slug=site.slug, password=PASSWORD)
    site.start()
    yield site
    assert site.stop() == 0


@pytest.fixture
def bob(site):
    bob = Visitor()
    bob.send(f"{site.url}/account/login/", login="bob", password=PASSWORD)
    return bob


def request(line, *headers, host="127.0.0.1"):
    lines = [f"{line} HTTP/1.1", f"Host: {host}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


@pytest.fixture
def knock(site):
    """Open connections and send bytes; all are closed in the end."""
    with ExitStack() as doors:

        def send(*parts):
            door = doors.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            door.settimeout(PATIENCE)
            for part in parts:
                door.sendall(part)
            return door

        yield send


def answered(door):
    """Return ``(status, headers and body as bytes)`` once the server has closed the connection."""
    said = b""
    while part := door.recv(65536):
        said += part
    return int(said.split(b" ", 2)[1]), said


def host_of(site):
    return f"127.0.0.1:{site.port}"


def test_silent_and_trickling_senders_keep_nobody_waiting(site, knock):
    promise = request("POST /", "Content-Length: 100", host=host_of(site))
    for _ in range(40):
        knock(promise)
        knock(promise, b"a")
        knock(b"GET / HTTP/1.1\r\nHost: ")
        knock()
    assert "Still." in Visitor().page(f"{site.url}/posts/{site.slug}/")
    # Not only from memory: a form is made for each visitor.
    assert "<form" in Visitor().page(f"{site.url}/posts/{site.slug}/reply/")


def test_who_promises_a_body_and_is_silent_is_told_so(site, knock):
    promise = request("POST /", "Content-Length: 9", host=host_of(site))
    give_up, status = time.monotonic() + PATIENCE, 503
    # The server may still be hearing that the crowd of the last test has left.
    while status == 503 and time.monotonic() < give_up:
        status, said = answered(knock(promise, b"half"))
    assert status == 408
    assert b"arrived too slowly" in said
    assert b"nosniff" in said


def test_half_a_comment_is_not_posted(site, bob, knock):
    address = f"/posts/{site.slug}/reply/"
    form = bob.page(site.url + address)
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    body = f"csrfmiddlewaretoken={token}&body={WORDS.replace(' ', '+')}".encode()
    jar = "; ".join(f"{each.name}={each.value}" for each in bob.jar)
    headers = [
        f"Content-Length: {len(body) + 20}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Cookie: {jar}",
    ]
    door = knock(request(f"POST {address}", *headers, host=host_of(site)), body)
    door.shutdown(socket.SHUT_WR)
    while door.recv(65536):
        pass
    assert WORDS not in bob.page(f"{site.url}/posts/{site.slug}/")


def test_a_strangers_long_form_is_refused_before_it_is_sent(site, knock):
    door = knock(
        request(
            f"POST /posts/{site.slug}/reply/",
            "Content-Length: 3000000",
            "Connection: close",
            host=host_of(site),
        )
    )
    status, said = answered(door)
    assert status == 413
    assert "That’s too long" in said.decode()


def test_who_sends_a_long_form_all_the_same_reads_why_it_is_refused(site, knock):
    headers = ["Content-Length: 7900000", "Connection: close"]
    address = f"POST /posts/{site.slug}/reply/"
    door = knock(request(address, *headers, host=host_of(site)))
    door.sendall(b"x" * 7_900_000)
    status, said = answered(door)
    assert status == 413
    assert "That’s too long" in said.decode()


def test_who_is_signed_in_may_send_a_long_form(site, bob):
    status, _, body = bob.open(f"{site.url}/posts/{site.slug}/reply/", {"body": "x" * 3_000_000})
    assert status == 403  # read to its end: only the token is missing
    assert b"Not sent yet" in body


def test_nobody_may_send_without_end(site, bob, knock):
    jar = "; ".join(f"{each.name}={each.value}" for each in bob.jar)
    headers = ["Content-Length: 99999999999", f"Cookie: {jar}", "Connection: close"]
    door = knock(request("POST /comments/preview/", *headers, host=host_of(site)))
    assert answered(door)[0] == 413


def test_a_form_in_pieces_of_unknown_length_arrives(site, knock):
    headers = [
        "Transfer-Encoding: chunked",
        "Content-Type: application/x-www-form-urlencoded",
        "Connection: close",
    ]
    pieces = [b"5\r\nbody=\r\n", b"6\r\nlittle\r\n", b"0\r\n\r\n"]
    door = knock(request(f"POST /posts/{site.slug}/reply/", *headers, host=host_of(site)), *pieces)
    status, said = answered(door)
    assert status == 403
    assert b"little" in said


def test_a_long_file_arrives_whole(site):
    content = os.urandom(5_000_000)
    name = uuid.uuid4().hex
    folder = site.folder / "media" / name[:2]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(content)
    status, headers, body = Visitor().open(f"{site.url}/media/{name[:2]}/{name}.png")
    assert (status, body) == (200, content)
    assert headers["Content-Length"] == str(len(content))
    assert headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        ("HEAD /", [], 200),
        ("OPTIONS /healthz/", [], 405),
        ("GET //", [], 404),
        ("GET /%FF%00/", [], 404),
        ("GET /?q=%FF%00", [], 200),
        ("GET /account/login/", ["Host: other.example.org"], 400),
        ("GET /", ["Cookie: a=1; b=\xe9"], 400),
        ("GET /", ["Cookie: a=1", "Cookie: b=2"], 200),
        ("GET /", ["User-Agent: caf\xe9"], 200),
        ("PROPFIND /", [], 405),
        ("TRACE /", [], 405),
        ("CONNECT 127.0.0.1:1", [], 405),
        ("GET http://other.example.org/", [], 200),
        ("POST /", ["Content-Length: 0"], 403),
        ("GET /", ["Content-Length: 5"], 200),
    ],
)
def test_odd_requests_are_answered(site, knock, line, headers, status):
    said = answered(knock(request(line, *headers, "Connection: close", host=host_of(site))))
    assert said[0] == status, said[1]
    assert b"Traceback" not in said[1]
