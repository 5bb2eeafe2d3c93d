"""A Redis of one's own for a test, and a slow way to it."""

import contextlib
import shutil
import signal
import socket
import subprocess
import threading

import redis

from tests.conftest import lack
from tests.house.server import free_port
from tests.waits import PATIENCE, wait_until


class OwnRedis:
    """A `redis-server` process that keeps nothing on disk; ``url`` is its address."""

    def __init__(self, *options):
        if not shutil.which("redis-server"):
            lack("no redis-server here")
        self.port, self.options, self.process = free_port(), options, None
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    @property
    def client(self):
        return redis.Redis(port=self.port, socket_timeout=PATIENCE)

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._answers)

    def _answers(self):
        with contextlib.suppress(redis.ConnectionError):
            return self.client.ping()

    def hang(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait()


class SlowWay:
    """A port that leads to another one, whose answers come so many seconds late."""

    def __init__(self, port, seconds):
        self.port_there, self.seconds = port, seconds
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self.door.getsockname()[1]}/0"
        self.commands = 0
        threading.Thread(target=self._open, daemon=True).start()

    def close(self):
        self.door.close()

    def _open(self):
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.door.accept()
                there = socket.create_connection(("127.0.0.1", self.port_there))
                for ends in ((here, there, 0), (there, here, self.seconds)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, one, other, late):
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                if not late:
                    self.commands += 1
                threading.Event().wait(late)
                other.sendall(data)
            other.close()
