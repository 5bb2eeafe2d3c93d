"""The growth table and its bounds. Arithmetic only.

A run is ``{comments: {"pages": {name: cost}, "filling": seconds}}``; see bench.growth.measuring.
"""

# A page beside the most comments: so many times its cost beside the fewest, and so many ms of CPU.
MOST_TIMES, MOST_MS = 3, 150
TOO_LONG = 503


def rows(run: dict[int, dict]) -> list[dict]:
    """Return {name, cpu: [ms at each size], times, queries: [...], ended} of each page."""
    sizes = sorted(run)
    found = []
    for name in run[sizes[-1]]["pages"]:
        costs = [run[size]["pages"][name] for size in sizes]
        cpu = [cost["cpu"] for cost in costs]
        found.append(
            {
                "name": name,
                "cpu": cpu,
                "times": cpu[-1] / cpu[0] if cpu[0] else 0.0,
                "queries": [cost["queries"] for cost in costs],
                "ended": any(cost["status"] == TOO_LONG for cost in costs),
            }
        )
    return found


def missed(run: dict[int, dict]) -> list[dict]:
    """Return the rows that miss a bound, or in which a statement took too long and was ended."""
    return [
        row
        for row in rows(run)
        if row["times"] > MOST_TIMES or row["cpu"][-1] > MOST_MS or row["ended"]
    ]


def lines(run: dict[int, dict]) -> list[str]:
    """Return the lines of a Markdown table."""
    sizes = sorted(run)
    head = ["page", *(f"CPU ms at {size:,}" for size in sizes), "times", "queries"]
    cells = [head, ["---", *["--:"] * (len(head) - 1)]]
    for row in rows(run):
        queries = sorted(set(row["queries"]))
        cells.append(
            [
                row["name"],
                *(f"{cpu:.1f}" for cpu in row["cpu"]),
                f"{row['times']:.2f}",
                " to ".join(map(str, dict.fromkeys((queries[0], queries[-1])))),
            ]
        )
    return [f"| {' | '.join(line)} |" for line in cells]


def bounds(run: dict[int, dict]) -> list[str]:
    """Return a Markdown list of the bounds, met or missed, and of the pages that miss one."""
    few, many = min(run), max(run)
    found, over = rows(run), missed(run)
    grown = max(found, key=lambda row: row["times"])
    dear = max(found, key=lambda row: row["cpu"][-1])
    times, ms = grown["times"], dear["cpu"][-1]
    ended = ", ".join(row["name"] for row in found if row["ended"]) or "none"
    grew = f"beside {many:,} comments / beside {few:,}, at most {MOST_TIMES}: {times:.2f}"
    cost = f"CPU ms beside {many:,} comments, at most {MOST_MS}: {ms:.0f}"
    return [
        f"- {_word(times <= MOST_TIMES)}: {grew} ({grown['name']})",
        f"- {_word(ms <= MOST_MS)}: {cost} ({dear['name']})",
        f"- {_word(ended == 'none')}: pages with a statement that took too long: {ended}",
        *(f"  - {row['name']}: {row['cpu'][-1]:.0f} ms, {row['times']:.2f} times" for row in over),
    ]


def _word(met):
    return "met" if met else "MISSED"


def page(report: dict) -> str:
    """Return the text of growth.md for ``report`` (see ``bench.growth.__main__``)."""
    versions = ", ".join(f"{name} {value}" for name, value in report["versions"].items())
    machine = ", ".join(f"{name} {value}" for name, value in report["machine"].items())
    told = [
        "# What pages cost beside ever more comments",
        "",
        "Written by `python -m bench.growth`. README.md says how to read it.",
        "",
        f"- Machine: {machine}",
        f"- Versions: {versions}",
    ]
    for database, run in report["runs"].items():
        filling = ", ".join(f"{size:,} in {run[size]['filling']:.0f} s" for size in sorted(run))
        told += ["", f"## {database}", "", *bounds(run), "", f"Comments made: {filling}."]
        told += ["", *lines(run)]
    return "\n".join(told) + "\n"
