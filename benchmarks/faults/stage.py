"""The product under a campaign: its server and its database, which can be killed and started again."""

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import PROC, family_of
from benchmarks.product import Serving, Setting, serving
from chotxanh.cli.ports import free_port
from chotxanh.cli.postgres import PrivatePostgres

LOOK_EVERY_SECONDS = 0.1


class Stage:
    """A server at the same ports for the whole campaign: whoever watches it starts it again when it has ended."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.port, self.station_port = free_port(), free_port()
        self.restarts = 0
        # Killed processes complain at length, and rightly; it is not what the campaign tells.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the stage
        self._running = contextlib.ExitStack()
        self._serving = self._serve()
        self._over = threading.Event()
        self._changing = threading.Lock()
        self._watch = threading.Thread(target=self._start_again_when_ended, daemon=True)
        self._watch.start()

    @property
    def postgres(self) -> PrivatePostgres | None:
        """The private PostgreSQL, None on SQLite."""
        return self.setting.postgres

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        children = [child for pid in self._serving.pids for child in family_of(pid)[1:]]
        return [pid for pid in children if "resource_tracker" not in _command_line(pid)]

    def kill_server(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        for pid in self._serving.pids:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the server in order, as an administrator would, and start it again when the block ends."""
        with self._changing:
            self._running.close()
            yield
            self._begin_again()

    def close(self) -> None:
        """Stop the server in order."""
        self._over.set()
        self._watch.join()
        self._running.close()
        self._log.close()

    def _start_again_when_ended(self) -> None:
        while not self._over.wait(LOOK_EVERY_SECONDS):
            with self._changing:
                if any(process.poll() is not None for process in self._serving.processes):
                    self._running.close()
                    self._begin_again()

    def _begin_again(self) -> None:
        self._serving = self._serve()
        self.restarts += 1

    def _serve(self) -> Serving:
        return self._running.enter_context(serving(self.setting, (self.port, self.station_port), self._log))


@contextlib.contextmanager
def staged(setting: Setting) -> Iterator[Stage]:
    """Serve the product for one campaign."""
    stage = Stage(setting)
    try:
        yield stage
    finally:
        stage.close()


def _command_line(pid: int) -> str:
    try:
        return Path(PROC, str(pid), "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
