"""The environment of a run: machine and versions, without host name or local paths."""

import os
import platform
import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import processes

PACKAGES = ("Django", "granian", "django-mptt", "brotli", "psycopg", "redis")
NAMES = {"redis": "redis-py"}
OURS = ("accounts", "blog", "comments", "config", "templates", "static")


def machine() -> dict[str, Any]:
    """Return {name: value}: processor, cores, memory, system."""
    found = {"processor": _processor(), "cores": len(_cores())}
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        found["memory"] = f"{memory / 1e9:.0f} GB"
    return found | {"system": f"{platform.system()} {platform.release().split('-')[0]}"}


def _cores():
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count())


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def versions(postgres: str = "", redis: str = "") -> dict[str, str]:
    """Return {name: version} of Hearth, Python, the packages and the databases."""
    found = {"Hearth": _commit(), "Python": platform.python_version()}
    found |= {NAMES.get(name, name): version(name) for name in PACKAGES}
    found["SQLite"] = sqlite3.sqlite_version
    if postgres:
        import psycopg

        with psycopg.connect(postgres) as connection:
            number = connection.info.server_version
            found["PostgreSQL"] = f"{number // 10000}.{number % 10000}"
    if redis:
        import redis as client

        with client.Redis.from_url(redis) as connection:
            found["Redis"] = connection.info("server")["redis_version"]
    return found


def _commit():
    def git(*arguments):
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=processes.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip()

    changed = " with changes" if git("status", "--porcelain", "--", *OURS) else ""
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{changed}"


def is_supported() -> bool:
    """Return whether CPU time and memory can be read on this system."""
    return sys.platform.startswith("linux")
