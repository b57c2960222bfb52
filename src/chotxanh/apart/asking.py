"""Has what strangers sent read by a process of its own, which is given no key and no connection, and may be killed.

A thread that unpacks a file behind all others still holds Python's one lock while it waits for the processor, and
then everybody waits for it. What a malicious file fills or breaks is that process; what it answers is not believed
beyond what an answer may be.
"""

import contextlib
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping
from typing import IO, Generic, TypeVar

import msgspec

from chotxanh.apart.serving import LENGTH_BYTES

# As long as it may wait for the processors; what it may take of them is said where it serves.
LONGEST_SECONDS = 20.0
# Nothing else of the environment is any business of a process that reads what strangers send.
TOLD = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")

A = TypeVar("A", bound=msgspec.Struct)


class Slow(Exception):
    """What was sent was not read in time."""


class Ended(Exception):
    """The process ended over what it was given, or answered what is no answer."""


class ProcessApart(Generic[A]):
    """One process that reads for this one: begun with the first file, and again after it ended."""

    def __init__(self, program: str, answer: type[A], longest_answer: int) -> None:
        """Name the module that serves, what it answers, and how long that may be (bytes); begin nothing yet."""
        self._program, self._answer, self._longest_answer = program, answer, longest_answer
        self._mine = threading.Lock()
        self._running: Running | None = None

    def ask(self, content: IO[bytes]) -> A:
        """Return what it found in a file. Raises Slow, Ended; whoever did not answer in full is asked nothing more."""
        content.seek(0)
        with self._mine:
            return self._ask(content.read())

    @property
    def running(self) -> "subprocess.Popen[bytes] | None":
        """The process, once it was begun."""
        return self._running.process if self._running else None

    def _ask(self, content: bytes) -> A:
        if (
            self._running is None or self._running.process.poll() is not None
        ):  # it waits for work only so long
            self._leave()
            self._running = Running(self._program)
        is_answered = False
        try:
            found = self._decoded(self._running.read(content, self._longest_answer))
            is_answered = True
        finally:
            if not is_answered:
                self._leave()
        return found

    def believes(self, _found: A) -> bool:
        """Whether an answer of the right shape is one; whoever gives another is ended."""
        return True

    def _decoded(self, answer: bytes) -> A:
        try:
            found = msgspec.json.decode(answer, type=self._answer)
        except msgspec.MsgspecError:
            raise Ended from None
        if not self.believes(found):
            raise Ended
        return found

    def _leave(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.end()


class Running:
    """One such process, and the two pipes to it."""

    def __init__(self, program: str) -> None:
        """Begin it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment_told(),
        )
        self.end = weakref.finalize(self, _end, self.process)

    def read(self, content: bytes, longest_answer: int) -> bytes:
        """Return its answer to a file. Raises Slow, Ended."""
        with self._deadline() as is_over:
            answer = exchange(self.process, content, longest_answer)
        if is_over.is_set():
            raise Slow
        if answer is None:
            raise Ended
        return answer

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


def exchange(process: "subprocess.Popen[bytes]", content: bytes, longest_answer: int) -> bytes | None:
    """Hand a file over, its length before it, and return the answer; None where the process ends over it."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(content).to_bytes(LENGTH_BYTES) + content)
        process.stdin.flush()
        length = int.from_bytes(process.stdout.read(LENGTH_BYTES))
        if not 0 < length <= longest_answer:
            return None
        answer = process.stdout.read(length)
    except OSError:
        return None
    return answer if len(answer) == length else None


def environment_told() -> Mapping[str, str]:
    """Return what a process apart is told of the environment: no key, no address of a database."""
    told = {name: os.environ[name] for name in TOLD if name in os.environ}
    return {**told, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
