"""Hearth started by `make serve` on a free port, and a visitor with cookies."""

import http.cookiejar
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from tests.waits import PATIENCE, wait_until

ROOT = Path(__file__).resolve().parents[2]
CONTENT = """
import django
django.setup()
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone
from accounts.models.user import User
from blog.models.post import Post
call_command("migrate", verbosity=0)
bob = User.objects.create_user("bob", "bob@example.org", {password!r})
EmailAddress.objects.create(user=bob, email=bob.email, primary=True, verified=True)
Post.objects.create(
    title="By the lake", slug={slug!r}, author=bob, body="<p>Still.</p>",
    status="published", published_at=timezone.now(), comment_mode="open",
)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """A `serve` process with its own folder; `start` returns when all its workers listen."""

    def __init__(self, folder, **environment):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"http://127.0.0.1:{self.port}"
        clean = {name: os.environ[name] for name in ("PATH", "LC_ALL") if name in os.environ}
        self.environment = clean | {
            "ENV_FILE": "none",
            "DEBUG": "off",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(folder),
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "WORKERS": "2",
            **environment,
        }

    def fill(self, **values):
        self.run(CONTENT.format(**values))

    def run(self, code):
        """Run Python code with the site's environment."""
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.environment, check=True)

    def start(self, until=None):
        """Start it; before the workers, wait for a line with these words, if any are given."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        if until:
            self.hear(until)
        for _ in range(int(self.environment["WORKERS"])):
            self.hear("runtime-1")
        self._knock()
        return self

    def _knock(self):
        """Wait until the port answers: a worker reports its start a moment before it listens."""

        def somebody_listens():
            with socket.socket() as door:
                return not door.connect_ex(("127.0.0.1", self.port))

        wait_until(somebody_listens)

    def _listen(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def hear(self, words):
        """Wait for a log line with these words."""
        heard = []
        while words not in (line := self.lines.get(timeout=PATIENCE)):
            assert line, f"ended before {words!r}: {''.join(heard)}"
            heard.append(line)

    def health(self):
        """Return (status, word) of its health."""
        status, _, body = Visitor().open(f"{self.url}/healthz/")
        return status, json.loads(body)["status"]

    def workers(self):
        """Return the process ids of the workers (Linux)."""
        return [child for child in self._children() if child != self.due_work()]

    def due_work(self):
        """Return the process id of `run_due` beside the server (Linux)."""
        for child in self._children():
            if b"run_due" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        return None

    def _children(self):
        """Those of all its threads: a watcher starts processes, too."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [child for each in threads for child in (each / "children").read_text().split()]

    def stop(self, number=signal.SIGTERM, group=False):
        """Send a signal to the process, or to its group as Ctrl+C does; return the exit status."""
        (os.killpg if group else os.kill)(self.process.pid, number)
        try:
            return self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                self.process.kill()


class Visitor:
    """A client with cookies; each request is a connection of its own."""

    def __init__(self, accept=""):
        self.jar = http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        self.opener.addheaders = [("Accept-Encoding", accept)] if accept else []

    def open(self, address, fields=None):
        """Return (status, headers, bytes)."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with self.opener.open(address, data, timeout=PATIENCE) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def page(self, address):
        status, _, body = self.open(address)
        assert status == 200, body
        return body.decode()

    def send(self, address, **fields):
        """Fill in the form at a URL, including its hidden fields, and send it."""
        form = self.page(address).split("<main", 1)[1]
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        status, _, body = self.open(address, hidden | fields)
        assert status == 200, body
        return body.decode()
