"""CPU time and memory of processes, read from /proc (Linux only; elsewhere empty results)."""

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Indexes into the fields of /proc/PID/stat after the name in brackets (man 5 proc).
STATE, PARENT, USER, SYSTEM, START = 0, 1, 11, 12, 19


def _stat(pid):
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def birth(pid: int) -> str | None:
    """Return the start time of a process in ticks; None if there is none, or a zombie."""
    stat = _stat(pid)
    return stat[START] if stat and stat[STATE] != "Z" else None


def family(pid: int) -> list[int]:
    """Return the pids of a process and all its descendants."""
    children = {}
    for path in PROC.glob("[0-9]*"):
        if stat := _stat(path.name):
            children.setdefault(int(stat[PARENT]), []).append(int(path.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu(pids: Iterable[int]) -> dict[tuple[int, str], float]:
    """Return ``{(pid, birth): seconds}`` of CPU time, user plus system."""
    stats = {pid: _stat(pid) for pid in pids}
    return {
        (pid, stat[START]): (int(stat[USER]) + int(stat[SYSTEM])) / TICKS
        for pid, stat in stats.items()
        if stat
    }


def spent(before: dict[tuple[int, str], float], after: dict[tuple[int, str], float]) -> float:
    """Return the CPU seconds between two results of ``cpu``, new processes included."""
    return sum(seconds - before.get(process, 0.0) for process, seconds in after.items())


def memory(pids: Iterable[int]) -> dict[int, float]:
    """Return ``{pid: MB}`` of resident memory (RSS)."""
    found = {}
    for pid in pids:
        try:
            pages = (PROC / str(pid) / "statm").read_text().split()[1]
        except OSError:
            continue
        found[pid] = int(pages) * PAGE / 1e6
    return found
