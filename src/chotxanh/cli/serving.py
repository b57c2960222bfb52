"""Serves as granian's own command does, but never gives up because a worker died twice within seconds (F5)."""

import time
from typing import Any

from granian import cli
from granian.server import MPServer

from chotxanh.cli.in_use import hold_home

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 30.0
# One that lived so long died for another reason than the last time.
SETTLED_SECONDS = 60.0


class Steadfast(MPServer):
    """Starts a worker anew as often as it dies; one that dies again soon waits a little, twice as long each time."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self._deaths: dict[int, tuple[int, float]] = {}

    def _respawn_workers(self, workers: list[int], *rest: Any, **options: Any) -> None:
        # A signal to end, or the death of another worker, ends the pause.
        self.main_loop_interrupt.wait(max(map(self._pause_before, workers), default=0.0))
        super()._respawn_workers(workers, *rest, **options)
        self.respawned_wrks.clear()  # by these granian knows a worker that died twice, and ends the server

    def _pause_before(self, worker: int) -> float:
        """Count a death; return for how many seconds the worker's next start waits."""
        now = time.monotonic()
        deaths, last = self._deaths.get(worker, (0, 0.0))
        if now - last > SETTLED_SECONDS:
            deaths = 0
        self._deaths[worker] = deaths + 1, now
        return min(FIRST_PAUSE_SECONDS * 2.0**deaths, LONGEST_PAUSE_SECONDS) if deaths else 0.0


def allow_many_connections() -> None:
    """Open as many files as the system grants: each connection is one, and many systems begin with 1,024."""
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < hard:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    allow_many_connections()
    hold_home()  # workers are born with it, and may outlive both this process and `up`
    vars(cli)["Server"] = Steadfast
    cli.cli(auto_envvar_prefix="GRANIAN")
