"""What other processes and the disk know of a file: who holds it, and that its name has arrived."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def hold(file: Path) -> Iterator[bool]:
    """Have a file for this block alone; yields False where somebody else has it, in this process or another.

    The system lets go of it when its holder ends, however it ends: nothing that was left behind needs to be believed.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_ours(descriptor)
    finally:
        os.close(descriptor)


def reach_disk(folder: Path) -> None:
    """Let the names in a folder reach the disk too, where the system knows folders as files."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_ours(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
