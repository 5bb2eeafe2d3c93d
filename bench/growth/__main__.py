"""`python -m bench.growth`: what every page costs beside 1,000, 10,000 and 100,000 comments.

Writes growth.md and growth.json. It measures CPU time in one process, so that the machine need
not be quiet. See docs/benchmarks/README.md.
"""

import argparse
import signal
import sys
from pathlib import Path

from bench.growth.run import MILLION, SIZES, run
from bench.options import RESULTS, add_databases, databases, say


def arguments() -> argparse.ArgumentParser:
    """Return the command's argument parser."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="so many comments")
    parser.add_argument("--million", action="store_true", help="also beside a million comments")
    add_databases(parser)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for results")
    return parser


def main():
    options = arguments().parse_args()
    # SIGTERM cleans up as Ctrl+C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run(databases(options), options.sizes + [MILLION] * options.million, options.out)
    except KeyboardInterrupt:
        say("\nStopped; everything is taken down.")
        sys.exit(130)


if __name__ == "__main__":
    main()
