"""`python -m bench.slow_senders`: how long readers wait beside 1,700 connections that hold on.

It asks for pages, alone and beside them: 500 send a
byte of a body each half second, 500 promise a body and are silent, 500 do so with headers, and 200
have asked for a page and stay. One empty blog as `make serve` serves it; DATABASE_URL and CACHE_URL
name PostgreSQL and Redis as for `make bench`.
"""

import os
import socket
import sys
import time

from bench import processes
from bench.stage import Server, Stage, free_port, get

SLOW, SILENT, TRICKLING, IDLE = 500, 500, 500, 200
REQUESTS = 400
SETTLED = 3  # seconds until all of them are connected
# In memory, and made for each visitor.
PAGES = ("/", "/account/login/")


def crowd(port: int) -> None:
    """Hold on to connections, made anew when the server ends one, until stopped."""
    host = f"Host: 127.0.0.1:{port}\r\n"
    promise = f"POST /account/login/ HTTP/1.1\r\n{host}Content-Length: 1000\r\n\r\n"
    kinds = [
        (SLOW, promise, True),
        (SILENT, promise, False),
        (TRICKLING, f"GET / HTTP/1.1\r\n{host}X-Slow: ", True),
        (IDLE, f"GET / HTTP/1.1\r\n{host}\r\n", False),
    ]
    doors = [
        (knock(port, words), words, goes_on)
        for count, words, goes_on in kinds
        for _ in range(count)
    ]
    while True:
        time.sleep(0.5)
        doors = [
            (_held(port, door, words, goes_on), words, goes_on) for door, words, goes_on in doors
        ]


def knock(port: int, words: str) -> socket.socket:
    """Return a new connection on which ``words`` were sent."""
    door = socket.create_connection(("127.0.0.1", port))
    door.setblocking(False)
    door.send(words.encode())
    return door


def _held(port, door, words, goes_on):
    """Return the connection, or another one if the server has ended it."""
    try:
        while door.recv(1 << 16):
            pass  # what a patient attacker throws away
    except BlockingIOError:
        if goes_on:
            door.send(b"a")
        return door
    except OSError:
        pass
    door.close()
    return knock(port, words)


def waits(server: Server) -> dict[str, list[float]]:
    """Return ``{path: milliseconds of each request}``, each on a connection of its own, sorted."""
    found = {}
    for path in PAGES:
        for _ in range(REQUESTS):
            begun = time.perf_counter()
            get(server.port, path)
            found.setdefault(path, []).append(1000 * (time.perf_counter() - begun))
        found[path].sort()
    return found


def main() -> None:
    with Stage(os.environ.get("DATABASE_URL", ""), os.environ.get("CACHE_URL", "")) as stage:
        prepared = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        processes.finish(prepared, environment=stage.environment(free_port()))
        server = stage.hearth()
        alone = waits(server)
        # A process of its own, so that it takes no time from the reader's.
        crowd = processes.start([sys.executable, "-m", "bench.slow_senders", server.port])
        time.sleep(SETTLED)
        beside = waits(server)
        processes.stop(crowd)
    lines = ["| Page | Median alone | p99 alone | Median beside them | p99 beside them |"]
    lines.append("|---|--:|--:|--:|--:|")
    for path in PAGES:
        figures = [
            f"{each[path][int(REQUESTS * part)]:.1f} ms"
            for each in (alone, beside)
            for part in (0.5, 0.99)
        ]
        lines.append(f"| {path} | {' | '.join(figures)} |")
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        crowd(int(sys.argv[1]))
    else:
        main()
