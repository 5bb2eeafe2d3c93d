"""What the commands of the bench share: which databases, where results go, and progress."""

import argparse
import os
import sys
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "benchmarks"


def add_databases(parser: argparse.ArgumentParser) -> None:
    """Add the options that name databases."""
    parser.add_argument(
        "--postgres",
        default=_from_environment("DATABASE_URL", "postgres"),
        help="address of a PostgreSQL where hearth_bench may be made and dropped (DATABASE_URL)",
    )
    parser.add_argument(
        "--redis",
        default=_from_environment("CACHE_URL", "redis"),
        help="address of a Redis database set aside for this, used with PostgreSQL (CACHE_URL)",
    )
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="leave the other one out")


def _from_environment(name, kind):
    value = os.environ.get(name, "")
    return value if value.startswith(kind) else ""


def databases(options: argparse.Namespace) -> dict[str, tuple[str, str]]:
    """Return {name: (postgres, redis)} of the databases to measure, as URLs."""
    found = {"SQLite": ("", "")}
    if options.postgres:
        name = "PostgreSQL and Redis" if options.redis else "PostgreSQL"
        found[name] = options.postgres, options.redis
    if options.only:
        found = {k: v for k, v in found.items() if k.lower().startswith(options.only)}
    return found


def say(words: str) -> None:
    """Print progress to the terminal."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
