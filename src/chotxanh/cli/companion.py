"""Keeps a child process running: one that ends by itself is started again."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from chotxanh.cli.paths import ROOT, python

WORKER = ("-m", "chotxanh.cli", "work")
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
# One that lived so long ended for another reason than the last time.
SETTLED_SECONDS = 120.0
STOP_WITHIN_SECONDS = 10


@dataclass
class Companion:
    """The child, as long as it is wanted; `clock` gives seconds.

    What it says on standard output goes to `output`, its errors to `errors`; None is where this process's own go.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    clock: Callable[[], float] = time.monotonic
    output: IO[Any] | int | None = subprocess.DEVNULL
    errors: IO[Any] | int | None = None
    deaths: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    _started_at: float = field(default=0.0, init=False)
    _ended_at: float | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """The child's process number, 0 before it was started."""
        return self.process.pid if self.process else 0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C is for us, and we tell it."""
        self._started_at, self._ended_at = self.clock(), None
        self.process = subprocess.Popen(
            list(self.command),
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.errors,
            start_new_session=True,
        )

    def revive(self) -> bool:
        """Start it again if it ended by itself and its pause is over; say whether it was started."""
        if self.process is None or self.process.poll() is None:
            return False
        if self._ended_at is None:
            self._ended_at = self.clock()
            has_settled = self._ended_at - self._started_at >= SETTLED_SECONDS
            self.deaths = 1 if has_settled else self.deaths + 1
        if self.clock() - self._ended_at < self.pause_seconds:
            return False
        self._end_session()
        self.start()
        return True

    @property
    def pause_seconds(self) -> float:
        """How long it waits after its last end: twice as long each time."""
        return min(FIRST_PAUSE_SECONDS * 2.0 ** (self.deaths - 1), LONGEST_PAUSE_SECONDS)

    def stop(self) -> None:
        """Let it finish what it has in hand, but not for ever."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._end_session()

    def _end_session(self) -> None:
        """End what outlived it: a server's workers hold its port, and one stopped while it starts forgets them."""
        if os.name != "nt":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)


@contextlib.contextmanager
def worker_beside(environment: Mapping[str, str]) -> Iterator[Companion]:
    """Let the worker run while the block does."""
    companion = Companion(python(*WORKER), environment)
    companion.start()
    try:
        yield companion
    finally:
        companion.stop()
