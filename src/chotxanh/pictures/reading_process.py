"""Reads photos in a process of their own, which holds no key and no connection, and may be killed at any time.

A thread that unpacks a photo behind all others still holds Python's one lock while it waits for the processor, and
then everybody waits for it. What a malicious photo breaks out of, or fills, is that process alone.
"""

import contextlib
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from typing import IO

import msgspec

from chotxanh.domain.problems import Problem
from chotxanh.pictures.reading import LENGTH_BYTES, Found

LONGEST_SECONDS, LONGEST_END_SECONDS = 20.0, 1.0
# Nothing else of the environment is any business of a process that reads what strangers send.
TOLD = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")


class Slow(Exception):
    """The photo was not read in time."""


class ReadingProcess:
    """The process that reads photos for this one: begun with the first, and again after it ended."""

    def __init__(self) -> None:
        """Begin nothing yet."""
        self._mine = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def texts_in(self, photo: IO[bytes]) -> set[str]:
        """Return the texts of the QR codes in a photo. Raises Slow, and Problem as `reading.texts_in` does."""
        photo.seek(0)
        with self._mine:
            found = self._read(photo.read())
        if found.problem is not None:
            raise Problem(found.problem, **found.params)
        return set(found.texts)

    def _read(self, photo: bytes) -> Found:
        found = self._ask(photo)
        if found is None and self._returned() == 0:  # it had waited long enough for something to do
            found = self._ask(photo)
        return found or Found(problem="photo_unreadable")

    def _ask(self, photo: bytes) -> Found | None:
        """Return what it found; None where it ended over it. Raises Slow."""
        process, is_slow = self._running(), threading.Event()

        def end() -> None:
            is_slow.set()
            process.kill()

        over = threading.Timer(LONGEST_SECONDS, end)
        over.start()
        try:
            answer = _exchange(process, photo)
        finally:
            over.cancel()
        if answer is not None:
            return msgspec.json.decode(answer, type=Found)
        if is_slow.is_set():
            raise Slow
        return None

    def _returned(self) -> int:
        """Return how the process ended, or end it: half an answer is none."""
        assert self._process is not None
        try:
            return self._process.wait(LONGEST_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "chotxanh.pictures.reading"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_told(),
            )
            weakref.finalize(self, _end, self._process)
        return self._process


def _exchange(process: "subprocess.Popen[bytes]", photo: bytes) -> bytes | None:
    """Hand a photo over, its length before it, and return the answer; None where the process ends over it."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(photo).to_bytes(LENGTH_BYTES) + photo)
        process.stdin.flush()
        head = process.stdout.read(LENGTH_BYTES)
        length = int.from_bytes(head)
        answer = process.stdout.read(length)
    except OSError:
        return None
    return answer if head and len(answer) == length else None


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
