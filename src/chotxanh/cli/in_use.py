"""Who serves or works in a home folder holds a lock on it while they live; `restore` wants it for itself alone.

The system lets go of a lock when the last process that has it ends, however it ends: no file needs to be believed.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import IO

from chotxanh.cli.paths import home
from chotxanh.cli.stopped import Stopped

if sys.platform != "win32":  # there `restore` sees no more than each `up`
    import fcntl

LOCK = "in-use.lock"
_held: list[IO[bytes]] = []


def hold_home() -> None:
    """Share the home folder with others who serve or work, until this process ends or what it turns into.

    Raises Stopped while a backup is put back.
    """
    lock = _opened()
    if not _locked(lock, is_alone=False):
        lock.close()
        raise Stopped("A backup is being put back here: start again once that is done.")
    os.set_inheritable(lock.fileno(), True)  # `serve` turns into the server
    _held.append(lock)


@contextlib.contextmanager
def home_alone() -> Iterator[bool]:
    """Have the home folder for this process alone while the block runs; yields False where somebody else uses it."""
    with _opened() as lock:
        yield _locked(lock, is_alone=True)


def _opened() -> IO[bytes]:
    folder = home()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return (folder / LOCK).open("ab")


def _locked(lock: IO[bytes], *, is_alone: bool) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
