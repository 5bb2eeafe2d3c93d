"""`python -m bench`: build, serve, measure, compare. See docs/benchmarks/README.md."""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bench import about, load, plot, report
from bench.run import Run
from bench.stage import Stage

SIZES = [10, 100, 1_000, 10_000, 100_000]
QUICK = SIZES[:3]
RESULTS = Path(__file__).resolve().parents[1] / "docs" / "benchmarks"


def arguments() -> argparse.ArgumentParser:
    """Return the command's argument parser."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="up to 1,000 comments, one second each"
    )
    parser.add_argument("--full", action="store_true", help="a million comments in the table")
    parser.add_argument("--seconds", type=float, help="per line of the table")
    parser.add_argument(
        "--postgres",
        default=_from_environment("DATABASE_URL", "postgres"),
        help="URL of a PostgreSQL where hearth_bench may be created and dropped (DATABASE_URL)",
    )
    parser.add_argument(
        "--redis",
        default=_from_environment("CACHE_URL", "redis"),
        help="URL of a Redis database set aside for this, used with PostgreSQL (CACHE_URL)",
    )
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="measure only this one")
    parser.add_argument("--tool", choices=["wrk", "python"], default=load.tool())
    parser.add_argument(
        "--out", type=Path, help="folder for results (docs/benchmarks; quick: none)"
    )
    return parser


def _from_environment(name, kind):
    value = os.environ.get(name, "")
    return value if value.startswith(kind) else ""


def say(words: str) -> None:
    """Print progress to the terminal."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def databases(options: argparse.Namespace) -> dict[str, tuple[str, str]]:
    """Return {name: (postgres, redis)} of the databases to measure, as URLs."""
    found = {"SQLite": ("", "")}
    if options.postgres:
        name = "PostgreSQL and Redis" if options.redis else "PostgreSQL"
        found[name] = options.postgres, options.redis
    if options.only:
        found = {k: v for k, v in found.items() if k.lower().startswith(options.only)}
    return found


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Run the benchmark on each database and return the results as plain values."""
    sizes = QUICK if options.quick else SIZES
    seconds = options.seconds or (1 if options.quick else 3)
    found = {
        "machine": about.machine(),
        "versions": about.versions(options.postgres, options.redis),
        "tool": options.tool,
        "seconds": seconds,
        "runs": {},
    }
    for name, (postgres, redis) in databases(options).items():
        say(f"\n{name}, asked with {options.tool}")
        with Stage(postgres, redis) as stage:
            run = Run(stage, sizes, seconds, options.full, options.tool, say).all()
        results = report.Results(run)
        say("\n".join(["", name, *report.table(results), "", *report.target_lines(results)]))
        found["runs"][name] = run
    return found


def kept(found: dict[str, Any], folder: Path) -> None:
    """Write results.json, results.md and results.svg to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {name: report.Results(run) for name, run in found["runs"].items()}
    runs = {
        name: run | {"rows": rows[name].with_ratios(), "targets": rows[name].targets()}
        for name, run in found["runs"].items()
    }
    text = json.dumps(found | {"runs": runs}, indent=1)
    (folder / "results.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "results.md").write_text(report.page(found), encoding="utf-8")
    (folder / "results.svg").write_text(plot.svg(found["runs"]), encoding="utf-8")


def main():
    options = arguments().parse_args()
    # SIGTERM cleans up as Ctrl+C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not about.is_supported():
        say("CPU time and memory can be read on Linux only; they will be zero.")
    began = time.monotonic()
    try:
        found = measured(options)
    except KeyboardInterrupt:
        say("\nStopped; everything is taken down.")
        sys.exit(130)
    folder = options.out or (None if options.quick else RESULTS)
    if folder:
        kept(found, folder)
        say(f"\nWritten: results.json, results.md and results.svg in {folder.name}/")
    say(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
