"""A PostgreSQL of one's own for a test, which can be stopped, frozen and made read-only."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.conftest import lack
from tests.house.server import free_port
from tests.waits import PATIENCE


class OwnPostgres:
    """A PostgreSQL cluster; ``url`` is its database, ``remove`` ends and deletes it."""

    def __init__(self):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        if not found or os.geteuid() != 0:
            lack("needs PostgreSQL's programs, and root to become its user")
        # Not a folder of pytest's, which its next run would close to PostgreSQL's user.
        self.home = Path(tempfile.mkdtemp(prefix="hearth-postgres-"))
        self.home.chmod(0o755)
        self.programs, self.folder = found[-1].parent, self.home / "cluster"
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.process = None
        self.folder.mkdir()
        subprocess.run(["chown", "postgres", self.folder], check=True)
        self._run("initdb", "--auth=trust", "--no-sync", "--encoding=UTF8", "--pgdata", self.folder)
        self.start()

    def _command(self, program, *arguments):
        return ["runuser", "-u", "postgres", "--", self.programs / program, *map(str, arguments)]

    def _run(self, *command):
        done = subprocess.run(
            self._command(*command), cwd="/", capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._run(
            "pg_ctl", "start", "--wait", "-D", self.folder, "-o", options, "-l", self.folder / "log"
        )

    def stop(self):
        self._run("pg_ctl", "stop", "--mode=immediate", "-D", self.folder)

    def remove(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.home)

    def _processes(self):
        server = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        return [server, *map(int, children)]

    def hang(self):
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)

    def go_on(self):
        for pid in self._processes():
            os.kill(pid, signal.SIGCONT)

    def make(self, setting):
        """Change a setting for all new transactions."""
        self._run(
            "psql", "-qh", "127.0.0.1", "-p", self.port, "-c", f"alter system set {setting}",
            "-c", "select pg_reload_conf()", "postgres",
        )  # fmt: skip
