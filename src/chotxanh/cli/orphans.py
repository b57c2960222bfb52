"""Finds the children of an `up` that was killed, and ends them: they would hold the port for ever.

Each `up` keeps a file in the home folder that names itself and its children. A number is believed only if the
process that has it now runs our program: numbers are given out again.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chotxanh.cli.paths import home

FOLDER = "running"
OURS = ("chotxanh", "granian")
END_WITHIN_SECONDS = 10
POLL_SECONDS = 0.05


@contextlib.contextmanager
def remembering() -> Iterator[Callable[[Sequence[int]], None]]:
    """Give what writes down the children's process numbers; the file goes with the block."""
    file = home() / FOLDER / f"{os.getpid()}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield lambda children: _write(file, children)
    finally:
        file.unlink(missing_ok=True)


def living() -> list[int]:
    """Return the process number of every `up` that runs in this home folder."""
    files = (home() / FOLDER).glob("*.json")
    return [int(file.stem) for file in files if file.stem.isdigit() and is_ours(int(file.stem))]


def end_orphans() -> int:
    """End the children of every `up` that is gone; return how many there were."""
    ended = 0
    for file in sorted((home() / FOLDER).glob("*.json")):
        if file.stem.isdigit() and is_ours(int(file.stem)):
            continue  # that `up` lives, and looks after its own
        for child in _children(file):
            if _ours_in(child):
                _end(child)
                ended += 1
        file.unlink(missing_ok=True)
    return ended


def is_ours(pid: int) -> bool:
    """Say whether a living process with this number runs our program.

    A word of its command line names the module; a folder's name, such as a checkout's, says nothing.
    """
    return any(word.partition(".")[0] in OURS for word in command_line_of(pid).split()[1:])


def _ours_in(session: int) -> list[int]:
    """Return who of ours lives in the session of a child: its workers may have outlived it, and hold its port."""
    return [pid for pid in members_of(session) if is_ours(pid)]


def members_of(group: int) -> list[int]:
    """Return the numbers of the living processes of a group; on Windows, which has none, that of its first."""
    if os.name == "nt":
        return [group]
    if Path("/proc/self").exists():
        numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    else:
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid="], capture_output=True, text=True, check=False
        ).stdout
        numbers = [int(word) for word in listed.split()]
    return [pid for pid in numbers if _group_of(pid) == group]


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def command_line_of(pid: int) -> str:
    """Return what a process was started with; empty where it is gone or the system does not tell (Windows)."""
    try:
        words = Path("/proc", str(pid), "cmdline").read_bytes()
        return words.replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        pass
    if os.name == "nt" or Path("/proc/self").exists():
        return ""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _write(file: Path, children: Sequence[int]) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(list(children)), encoding="ascii")
    draft.replace(file)


def _children(file: Path) -> list[int]:
    try:
        found = json.loads(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return []
    return [pid for pid in found if isinstance(pid, int)] if isinstance(found, list) else []


def _end(child: int) -> None:
    """Ask it to end, then end it with all of its session: each child was given one of its own."""
    for pid in _ours_in(child):
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + END_WITHIN_SECONDS
    while _ours_in(child) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
