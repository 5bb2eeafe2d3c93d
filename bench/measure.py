"""What processes cost: CPU time and memory, read from /proc (Linux; elsewhere nothing is known)."""

import os
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Fields of /proc/PID/stat after the name in brackets: man 5 proc, less the first two.
STATE, PARENT, USER, SYSTEM, START = 0, 1, 11, 12, 19


def _stat(pid):
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def birth(pid):
    """Return when a process began, in ticks; None if there is none, or only what is left of it."""
    stat = _stat(pid)
    return stat[START] if stat and stat[STATE] != "Z" else None


def family(pid):
    """Return the process and all that descend from it."""
    children = {}
    for path in PROC.glob("[0-9]*"):
        if stat := _stat(path.name):
            children.setdefault(int(stat[PARENT]), []).append(int(path.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu(pids):
    """Return ``{(pid, birth): seconds}`` of CPU time, user and system."""
    stats = {pid: _stat(pid) for pid in pids}
    return {
        (pid, stat[START]): (int(stat[USER]) + int(stat[SYSTEM])) / TICKS
        for pid, stat in stats.items()
        if stat
    }


def spent(before, after):
    """Return the seconds between two results of ``cpu``; whoever came between counts from zero."""
    return sum(seconds - before.get(process, 0.0) for process, seconds in after.items())


def memory(pids):
    """Return ``{pid: MB}`` of memory in use (RSS)."""
    found = {}
    for pid in pids:
        try:
            pages = (PROC / str(pid) / "statm").read_text().split()[1]
        except OSError:
            continue
        found[pid] = int(pages) * PAGE / 1e6
    return found
