"""Ratios, targets and tables of a run's measurements. Arithmetic only: no clock, no server.

A row is a dict: what, comments, rate (requests/s), p50 and p99 (ms), cpu (ms per request, server
and database), cpu_database, bytes (gzip), queries, requests, errors.
"""

from statistics import fmean

NAMES = {
    "wsgi": "bare WSGI application",
    "django": "bare Django view",
    "static": "static file",
    "hot": "hot page",
    "304": "hot page, not modified (304)",
    "cold": "cold page, nothing cached",
    "after comment": "page after a new comment",
    "reader": "page, signed in",
    "fragment": "next part of a thread",
    "home": "home",
    "tag": "tag with many posts",
    "feed": "feed",
    "JSON feed": "JSON feed",
    "feed of a tag": "tag feed",
    "feed of comments": "feed of all comments",
    "sitemap": "sitemap",
    "archive": "archive, all years",
    "search": "search for two words",
    "search of posts": "... in posts alone",
    "reply": "reply, 1 writer",
    "8 writers": "reply, 8 writers",
    "busy readers": "8 readers of one post …",
    "busy writers": "… with 8 writers",
}
HEAD = (
    "what|comments|requests/s|p50 ms|p99 ms|CPU ms|database CPU ms|bytes|queries|errors"
    "|rate / WSGI|rate / Django|CPU / Django"
).split("|")
MEANT = ("rate", "p50", "p99", "cpu", "cpu_database")


def merged(rows: list[dict]) -> list[dict]:
    """Merge rows of the same measurement: means of the values, sums of the counts."""
    groups = {}
    for row in rows:
        groups.setdefault((row["what"], row["comments"]), []).append(row)
    return [_mean(group) for group in groups.values()]


def _mean(group):
    counted = {name: sum(row[name] for row in group) for name in ("requests", "errors")}
    return group[0] | {name: fmean(row[name] for row in group) for name in MEANT} | counted


class Results:
    """The merged rows of one run, accessible by name."""

    def __init__(self, found):
        self.rows = merged(found["rows"])
        self.memory = found["memory"]
        self.requests = found["facts"].get("requests", 0)
        # On PostgreSQL each page takes a query, while SQLite only checks its own file.
        self.hot_of_wsgi = 0.6 if found["facts"]["sqlite"] else 0.3
        self.by_name = {(row["what"], row["comments"]): row for row in self.rows}
        self.sizes = sorted(size for what, size in self.by_name if what == "hot")
        self.middle = min(1000, max(self.sizes, default=1000))

    def value(self, what: str, size: int | None = None, of: str = "rate") -> float:
        """Return a number of a row; 0.0 if there is no such row."""
        return self.by_name.get((what, size), {}).get(of, 0.0)

    def with_ratios(self) -> list[dict]:
        """Return the rows with ``of_wsgi``, ``of_django`` (requests/s) and ``cpu_of_django``."""
        wsgi, django = self.value("wsgi"), self.value("django")
        cpu = self.value("django", of="cpu")
        return [
            row
            | {
                "of_wsgi": ratio(row["rate"], wsgi),
                "of_django": ratio(row["rate"], django),
                "cpu_of_django": ratio(row["cpu"], cpu),
            }
            for row in self.rows
        ]

    def targets(self) -> list[dict]:
        """Return a list of {name, value, bound, least, met}; ``least``: the bound is a minimum.

        Speeds are compared by requests/s, which the load generator on the same processor distorts,
        and by CPU time. A page has to reach its share of a ceiling by both; for two responses
        that should be equally fast, one of them is enough.
        """
        middle, small, large = self.middle, min(self.sizes), max(self.sizes)
        hot, cold = ("hot", middle), ("cold", middle)
        errors = sum(row["errors"] for row in self.rows)
        return [
            _target("hot page / bare Django view", min(self._speed(hot, ("django",))), 0.6, True),
            _target(
                "hot page / bare WSGI application",
                min(self._speed(hot, ("wsgi",))),
                self.hot_of_wsgi,
                True,
            ),
            _target("304 / hot page", max(self._speed(("304", middle), hot)), 1.0, True),
            _target(
                f"CPU of a cold page of {middle:,} comments / bare Django view",
                self._cost(cold, ("django",)),
                60,
            ),
            _target(
                f"CPU of a page after a new comment, {middle:,} comments / bare Django view",
                self._cost(("after comment", middle), ("django",)),
                25,
            ),
            _target(
                f"CPU of a cold page of {large:,} comments / of {middle:,}",
                self._cost(("cold", large), cold),
                1.5,
            ),
            _target(
                f"CPU of a page of {middle:,} comments, signed in / bare Django view",
                self._cost(("reader", middle), ("django",)),
                16,
            ),
            _target(
                f"CPU of a reply into {middle:,} comments / bare Django view",
                self._cost(("reply", middle), ("django",)),
                12,
            ),
            _target(
                "p99 of 8 writers / p50 of 1, at the worst size",
                max(
                    ratio(self.value("8 writers", size, "p99"), self.value("reply", size, "p50"))
                    for size in self.sizes
                ),
                4,
            ),
            _target(
                f"reply into {large:,} / into {small:,}, the worse of CPU and p50",
                max(self._cost(("reply", large), ("reply", small), of) for of in ("cpu", "p50")),
                2.0,
            ),
            _target("memory of a worker after its start, MB", self.memory.get("start", 0.0), 115),
            _target("memory of a worker, after / before", self._growth("before"), 1.3),
            _target(
                f"memory of a worker, after {self.requests:,} more requests / before them",
                self._growth("used"),
                1.05,
            ),
            _target("errors", errors, 0),
        ]

    def _speed(self, one, other):
        """Return the relative speed of two rows, by requests/s and by CPU time."""
        rates = ratio(self.value(*one), self.value(*other))
        return rates, ratio(self.value(*other, of="cpu"), self.value(*one, of="cpu"))

    def _cost(self, one, other, of="cpu"):
        return ratio(self.value(*one, of=of), self.value(*other, of=of))

    def _growth(self, since):
        return ratio(self.memory.get("after", 0.0), self.memory.get(since, 0.0))


def ratio(one: float, other: float) -> float:
    """Return one / other; 0.0 if ``other`` is 0."""
    return one / other if other else 0.0


def _target(name, value, bound, least=False):
    met = value >= bound if least else value <= bound
    return {"name": name, "value": value, "bound": bound, "least": least, "met": met}


# -- Markdown ------------------------------------------------------------------------------------


def table(results: Results) -> list[str]:
    """Return the lines of a Markdown table, aligned so that it is readable as plain text."""
    lines = [HEAD, *(_cells(row) for row in results.with_ratios())]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return [_line(line, widths) for line in (lines[0], rule, *lines[1:])]


def _line(cells, widths):
    first, *rest = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *rest])} |"


def _cells(row):
    return [
        NAMES[row["what"]],
        _count(row["comments"]),
        _count(round(row["rate"])),
        f"{row['p50']:.1f}",
        f"{row['p99']:.1f}",
        f"{row['cpu']:.3f}",
        f"{row['cpu_database']:.3f}",
        _count(row["bytes"]),
        _count(row["queries"]),
        str(row["errors"]),
        f"{row['of_wsgi']:.2f}",
        f"{row['of_django']:.2f}",
        f"{row['cpu_of_django']:.2f}",
    ]


def _count(number):
    return "" if number is None else f"{number:,}"


def target_lines(results: Results) -> list[str]:
    """Return a Markdown list of the targets, met or missed."""
    return [
        f"- {'met' if target['met'] else 'MISSED'}: {target['name']}: {target['value']:.2f} "
        f"({'at least' if target['least'] else 'at most'} {target['bound']:g})"
        for target in results.targets()
    ]


def page(report: dict) -> str:
    """Return the text of results.md for ``report`` (see ``bench.__main__``)."""
    machine = ", ".join(f"{name} {value}" for name, value in report["machine"].items())
    versions = ", ".join(f"{name} {value}" for name, value in report["versions"].items())
    lines = [
        "# Results of the last run",
        "",
        "Written by `make bench`. See README.md for how to read it.",
    ]
    lines += ["", f"- Machine: {machine}", f"- Versions: {versions}"]
    lines += [f"- Measured with {report['tool']}, {report['seconds']:g} s per line"]
    lines += ["", "![CPU time by size of the conversation](results.svg)"]
    for database, found in report["runs"].items():
        results, memory, facts = Results(found), found["memory"], found["facts"]
        lines += ["", f"## {database}", "", *table(results), ""]
        lines.append(
            f"Lists and search choose from at least {facts['posts']:,} posts. "
            f"A worker used {memory['start']:.0f} MB after its start, {memory['before']:.0f} MB "
            f"when all pages had been requested, {memory['used']:.0f} MB at the end, and "
            f"{memory['after']:.0f} MB after {facts['requests']:,} more requests. "
            f"The table holds {facts['comments']:,} comments; the largest conversation took "
            f"{facts['largest_rendering_seconds']} s to render, "
            f"{facts['largest_indexing_seconds']} s to index for search, and "
            f"{facts['largest_loading_seconds']} s to number and insert."
        )
        lines += ["", *target_lines(results)]
    return "\n".join(lines) + "\n"
