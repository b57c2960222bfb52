"""What a command shows while it works: one line a step, with a tick and its seconds, on standard error."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from chotxanh.cli.stopped import Stopped

REFRESH_SECONDS = 0.5
LAST_LINES = 25
CLEAR_LINE = "\r\033[K"


def say(words: str = "", end: str = "\n") -> None:
    """Print what was asked for, at once, also where the console cannot show every letter."""
    _write(sys.stdout, words + end)


def tell(words: str = "", end: str = "\n") -> None:
    """Tell how the work goes, on standard error: what reads the answers must find nothing else among them."""
    _write(sys.stderr, words + end)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` while the block runs, then a tick (or a cross) and how long it took."""
    began = time.monotonic()
    is_terminal = sys.stderr.isatty()
    finished = threading.Event()
    ticker = threading.Thread(target=_count_seconds, args=(title, began, finished), daemon=True)
    if is_terminal:
        ticker.start()
    else:
        tell(f"  … {title}")
    mark = "✗"
    try:
        yield
        mark = "✓"
    finally:
        finished.set()
        if is_terminal:
            ticker.join()
        start_of_line = CLEAR_LINE if is_terminal else ""
        tell(f"{start_of_line}  {mark} {title} ({time.monotonic() - began:.1f} s)")


def _write(stream: TextIO, words: str) -> None:
    encoding = stream.encoding or "ascii"
    stream.write(words.encode(encoding, "replace").decode(encoding))
    stream.flush()


def _count_seconds(title: str, began: float, finished: threading.Event) -> None:
    while True:
        tell(f"{CLEAR_LINE}  … {title} ({time.monotonic() - began:.0f} s)", end="")
        if finished.wait(REFRESH_SECONDS):
            return


def run_quietly(command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run `command` without showing it and return what it printed.

    Raises Stopped with its last lines if it failed or is not there.
    """
    try:
        ended = subprocess.run(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Stopped(f"'{command[0]}' could not be started: {error.strerror}.") from error
    if ended.returncode != 0:
        last_lines = "\n".join(ended.stdout.strip().splitlines()[-LAST_LINES:])
        raise Stopped(f"'{' '.join(command[:4])}' failed:\n{last_lines}")
    return ended.stdout
