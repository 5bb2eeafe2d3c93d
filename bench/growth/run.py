"""A run of the growth bench: each size in a database and a process of its own, then the table."""

import json
import sys
from pathlib import Path

from bench import about, processes
from bench.growth import table
from bench.options import say
from bench.stage import LAST_PORT, Stage

SIZES = [1_000, 10_000, 100_000]
MILLION = 1_000_000
# PostgreSQL's helpers are processes of their own, whose time nobody would see.
ALONE = {"PGOPTIONS": "-c max_parallel_workers_per_gather=0"}


def measured(postgres: str, comments: int) -> dict:
    """Return what `bench.growth.measuring` found, in a new database and a process of its own."""
    with Stage(postgres) as stage:
        environment = stage.environment(LAST_PORT, DJANGO_SETTINGS_MODULE="bench.uncached", **ALONE)
        command = [sys.executable, "-m", "bench.growth.measuring", comments]
        output = processes.finish(command, environment=environment)
    return json.loads(output.strip().splitlines()[-1])


def run(databases: dict[str, tuple[str, str]], sizes: list[int], folder: Path) -> None:
    """Measure on each database (their URLs by name), and write the results to the folder."""
    runs = {}
    for name, (postgres, _redis) in databases.items():
        # Nothing is cached, so that Redis has nothing to do.
        name = name.removesuffix(" and Redis")
        found = {}
        for size in sizes:
            say(f"{name}: every page beside {size:,} comments")
            found[size] = measured(postgres, size)
        runs[name] = found
        say("\n".join(["", *table.lines(found), "", *table.bounds(found), ""]))
    postgres = max(url for url, _redis in databases.values())
    report = {"machine": about.machine(), "versions": about.versions(postgres), "runs": runs}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "growth.json").write_text(f"{json.dumps(report, indent=1)}\n", encoding="utf-8")
    (folder / "growth.md").write_text(table.page(report), encoding="utf-8")
    say(f"Written: growth.json and growth.md in {folder.name}/")
