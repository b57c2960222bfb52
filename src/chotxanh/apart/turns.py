"""One at a time on the whole machine: what takes much memory waits for its turn, and not for long."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform != "win32":  # there each process takes turns for itself
    import fcntl

POLL_SECONDS = 0.02


class NoTurn(Exception):
    """Others had their turn for too long."""


class Turns:
    """Turns of all processes that name the same file; within one, of all its threads."""

    def __init__(self) -> None:
        """Let nobody wait yet."""
        self._mine = threading.Lock()

    @contextmanager
    def turn(self, file: Path, within_seconds: float) -> Iterator[None]:
        """Wait for the turn and have it while the block runs. Raises NoTurn."""
        until = time.monotonic() + within_seconds
        if not self._mine.acquire(timeout=max(0.0, within_seconds)):
            raise NoTurn
        try:
            with file.open("ab") as held:
                while not _is_ours(held):
                    if time.monotonic() >= until:
                        raise NoTurn
                    time.sleep(POLL_SECONDS)
                yield
        finally:
            self._mine.release()


def _is_ours(held: IO[bytes]) -> bool:
    """Take the file if nobody has it; to close it gives it back, and so does the end of a process."""
    if sys.platform != "win32":
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
