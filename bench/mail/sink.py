"""A mail server that takes everything at once and keeps nothing, in a process of its own."""

import multiprocessing
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        with self.server.count.get_lock():
            self.server.count.value += 1
        self._say("220 sink")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
            self._say("221 bye" if verb == b"QUIT" else "250 sink")
            if verb == b"QUIT":
                return

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@dataclass
class Sink:
    """A running server: its port, and how many connections there were."""

    port: int
    count: Any

    def connections(self) -> int:
        return self.count.value


def _serve(pipe, count):
    with _Server((HOST, 0), _Session) as server:
        server.count = count
        pipe.send(server.server_address[1])
        server.serve_forever()


@contextmanager
def running() -> Iterator[Sink]:
    """Context manager: run the server, and yield a ``Sink``."""
    ours, theirs = multiprocessing.Pipe()
    count = multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=_serve, args=[theirs, count], daemon=True)
    process.start()
    try:
        yield Sink(ours.recv(), count)
    finally:
        process.terminate()
        process.join()
