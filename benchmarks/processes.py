"""What processes cost: CPU time and memory of a process and its children, read from /proc, elsewhere from `ps`."""

import os
import re
import subprocess
from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PARENT, _USER, _CHILDREN, _END = 1, 11, 13, 15
KILOBYTES_IN_MEGABYTE = 1024


def cpu_seconds(*roots: int) -> float:
    """Return the CPU seconds used so far by these processes, their children, and children that have ended."""
    return sum(_cpu_of(pid) for root in roots for pid in family_of(root))


def exact_cpu_seconds(root: int) -> float:
    """Return the CPU seconds of a process with one thread and of its children, to the nanosecond where Linux tells.

    Children that have ended count by the clock's ticks (1/100 s): what short-lived parallel workers of a database
    used is not lost, only rounded.
    """
    family = family_of(root)
    exact = [_scheduled_nanoseconds(pid) for pid in family]
    if None in exact:
        return cpu_seconds(root)
    ended = sum(map(int, _stat(root)[_CHILDREN:_END])) / _TICKS
    return sum(each or 0 for each in exact) / 1e9 + ended


def megabytes(root: int) -> float:
    """Return the memory of a process and its children: shared pages counted once, in parts (PSS), where known."""
    return sum(_kilobytes_of(pid) for pid in family_of(root)) / KILOBYTES_IN_MEGABYTE


def family_of(root: int) -> list[int]:
    """Return a process and all its living descendants."""
    children = defaultdict(list)
    for pid, parent in _parents().items():
        children[parent].append(pid)
    family = [root]
    for pid in family:
        family += children[pid]
    return family


def _parents() -> dict[int, int]:
    if PROC.is_dir():
        pids = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
        return {pid: int(fields[_PARENT]) for pid in pids if (fields := _stat(pid))}
    return {int(pid): int(parent) for pid, parent in (line.split() for line in _ps("pid=,ppid="))}


def _cpu_of(pid: int) -> float:
    if PROC.is_dir():
        return sum(map(int, _stat(pid)[_USER:_END])) / _TICKS
    clock = "".join(_ps("time=", "-p", str(pid))).strip() or "0"
    seconds = 0.0
    for part in re.split("[-:]", clock):
        seconds = seconds * 60 + float(part)
    return seconds


def _scheduled_nanoseconds(pid: int) -> int | None:
    """Return the time on a core of a process's first thread; None where the system keeps no such account."""
    try:
        return int(Path(PROC, str(pid), "schedstat").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:
        return 0 if PROC.joinpath("self", "schedstat").exists() else None
    except (OSError, ValueError, IndexError):
        return None


def _kilobytes_of(pid: int) -> int:
    try:
        rollup = Path(PROC, str(pid), "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return int("".join(_ps("rss=", "-p", str(pid))).strip() or 0)
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) if found else 0


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name, which may hold blanks; empty once it has ended."""
    try:
        text = Path(PROC, str(pid), "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _ps(columns: str, *which: str) -> list[str]:
    command = ["ps", *(which or ("-A",)), "-o", columns]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout.splitlines()
