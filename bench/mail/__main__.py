"""`python -m bench.mail`: CPU time and queries of telling readers and sending them mails.

For each database and number of waiting mails, a newsletter to so many readers: all are told (a
row each in the outbox), and then some mails are sent to a fast mail server in a process of its own.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys

from bench.mail import sink
from bench.processes import ROOT
from bench.stage import Stage

COLUMNS = ("Database", "queued", "queueing: CPU ms", "queries", "sending: CPU ms", "queries")
COLUMNS += ("emails per CPU minute", "connections")


def arguments() -> argparse.ArgumentParser:
    """Return the command's argument parser."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail", description=__doc__)
    parser.add_argument("--waiting", type=int, nargs="+", default=[1_000, 50_000])
    parser.add_argument("--send", type=int, default=500, help="how many of them to send")
    found = os.environ.get("DATABASE_URL", "")
    parser.add_argument(
        "--postgres",
        default=found if found.startswith("postgres") else "",
        help="URL of a PostgreSQL where hearth_bench may be created and dropped (DATABASE_URL)",
    )
    return parser


def measured(postgres: str, waiting: int, number: int) -> dict:
    """Return what `bench.mail.measuring` found, in a new database and a process of its own."""
    with Stage(postgres) as stage, sink.running() as server:
        environment = stage.environment(8760) | {
            "EMAIL_HOST": sink.HOST,
            "EMAIL_PORT": str(server.port),
            "EMAIL_USE_TLS": "off",
        }
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "bench.mail.measuring", str(waiting), str(number)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return json.loads(done.stdout.splitlines()[-1]) | {"connections": server.connections()}


def row(name: str, waiting: int, found: dict) -> str:
    """Return a line of the Markdown table; CPU time and queries are for each mail."""
    telling, sending = found["telling"], found["sending"]
    cells = [name, f"{waiting:,}"]
    for part in (telling, sending):
        cells += [f"{part['cpu'] * 1000:.2f}", f"{part['queries']:.2f}"]
    cells += [f"{60 / sending['cpu']:,.0f}", str(found["connections"])]
    return f"| {' | '.join(cells)} |"


def main():
    options = arguments().parse_args()
    lines = [f"| {' | '.join(COLUMNS)} |", "|---|" + "--:|" * (len(COLUMNS) - 1)]
    print("\n".join(lines), flush=True)  # noqa: T201
    databases = {"SQLite": ""} | ({"PostgreSQL": options.postgres} if options.postgres else {})
    for name, postgres in databases.items():
        for waiting in options.waiting:
            found = measured(postgres, waiting, min(options.send, waiting))
            print(row(name, waiting, found), flush=True)  # noqa: T201


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
