"""Reads photos in a process of their own, which is given no key and no connection, and may be killed at any time.

A thread that unpacks a photo behind all others still holds Python's one lock while it waits for the processor, and
then everybody waits for it. What a malicious photo fills or breaks is that process; what it answers is not believed
beyond what an answer may be.
"""

import contextlib
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping
from typing import IO

import msgspec

from chotxanh.domain.problems import Problem
from chotxanh.pictures.reading import LENGTH_BYTES, PROBLEMS, Found

# As long as it may wait for the processors; what it may take of them is said there.
LONGEST_SECONDS = 20.0
LONGEST_ANSWER = 1 << 20
# Nothing else of the environment is any business of a process that reads what strangers send.
TOLD = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")


class Slow(Exception):
    """The photo was not read in time."""


class Ended(Exception):
    """The process ended over a photo, or answered what is no answer."""


class ReadingProcess:
    """The process that reads photos for this one: begun with the first, and again after it ended."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._mine = threading.Lock()
        self._running: _Running | None = None

    def texts_in(self, photo: IO[bytes]) -> set[str]:
        """Return the texts of the QR codes in a photo. Raises Slow, and Problem as `reading.texts_in` does."""
        photo.seek(0)
        with self._mine:
            found = self._read(photo.read())
        if found.problem is not None:
            raise Problem(found.problem, **found.params)
        return set(found.texts)

    def _read(self, photo: bytes) -> Found:
        try:
            return self._ask(photo)
        except Ended:
            return Found(problem="photo_unreadable")

    def _ask(self, photo: bytes) -> Found:
        """Return what it found. Raises Slow, Ended; whoever did not answer in full is asked nothing more."""
        if (
            self._running is None or self._running.process.poll() is not None
        ):  # it waits for work only so long
            self._leave()
            self._running = _Running()
        is_answered = False
        try:
            found = self._running.read(photo)
            is_answered = True
        finally:
            if not is_answered:
                self._leave()
        return found

    def _leave(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.end()


class _Running:
    """One such process, and the two pipes to it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chotxanh.pictures.reading"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_told(),
        )
        self.end = weakref.finalize(self, _end, self.process)

    def read(self, photo: bytes) -> Found:
        with self._deadline() as is_over:
            answer = _exchange(self.process, photo)
        if is_over.is_set():
            raise Slow
        if answer is None:
            raise Ended
        try:
            found = msgspec.json.decode(answer, type=Found)
        except msgspec.MsgspecError:
            raise Ended from None
        if found.problem not in PROBLEMS:
            raise Ended
        return found

    @contextlib.contextmanager
    def _deadline(self) -> Iterator[threading.Event]:
        is_over = threading.Event()

        def kill() -> None:
            is_over.set()
            self.process.kill()

        over = threading.Timer(LONGEST_SECONDS, kill)
        over.start()
        try:
            yield is_over
        finally:
            over.cancel()


def _exchange(process: "subprocess.Popen[bytes]", photo: bytes) -> bytes | None:
    """Hand a photo over, its length before it, and return the answer; None where the process ends over it."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(photo).to_bytes(LENGTH_BYTES) + photo)
        process.stdin.flush()
        length = int.from_bytes(process.stdout.read(LENGTH_BYTES))
        if not 0 < length <= LONGEST_ANSWER:
            return None
        answer = process.stdout.read(length)
    except OSError:
        return None
    return answer if len(answer) == length else None


def _told() -> Mapping[str, str]:
    told = {name: os.environ[name] for name in TOLD if name in os.environ}
    return {**told, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
