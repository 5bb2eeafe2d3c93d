"""`python -m bench`: build, serve, measure, compare. See docs/benchmarks/README.md."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bench import about, load, plot, report
from bench.growth import run as growth
from bench.options import RESULTS, add_databases, databases, say
from bench.run import Run
from bench.stage import Stage

SIZES = [10, 100, 1_000, 10_000, 100_000]
QUICK = SIZES[:3]


def arguments() -> argparse.ArgumentParser:
    """Return the command's argument parser."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="up to 1,000 comments, one second each"
    )
    parser.add_argument(
        "--full", action="store_true", help="and what every page costs with 100,000 comments"
    )
    parser.add_argument(
        "--million", action="store_true", help="with --full: and with a million comments"
    )
    parser.add_argument("--seconds", type=float, help="per line of the table")
    add_databases(parser)
    parser.add_argument("--tool", choices=["wrk", "python"], default=load.tool())
    parser.add_argument(
        "--out", type=Path, help="folder for results (docs/benchmarks; quick: none)"
    )
    return parser


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
            requests = 0 if options.quick else 100_000
            run = Run(stage, sizes, seconds, options.tool, say, requests).all()
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
    folder = options.out or (None if options.quick else RESULTS)
    try:
        found = measured(options)
        if folder:
            kept(found, folder)
            say(f"\nWritten: results.json, results.md and results.svg in {folder.name}/")
        if options.full:
            sizes = growth.SIZES + [growth.MILLION] * options.million
            growth.run(databases(options), sizes, folder or RESULTS)
    except KeyboardInterrupt:
        say("\nStopped; everything is taken down.")
        sys.exit(130)
    say(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
