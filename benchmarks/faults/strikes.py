"""What breaks in each campaign. A strike happens once a round, at a moment nobody chose."""

import contextlib
import os
import random
import signal
from abc import ABC, abstractmethod

from benchmarks.faults.flowing import Traffic
from benchmarks.faults.stage import Stage
from benchmarks.processes import family_of
from benchmarks.station import Station


class Strike(ABC):
    """Breaks something once a round. `lost_answers` is the share of answers that never reach their asker.

    `station` is what its stations are, `has_citizens` whether people fill the web form in, and `harmless` are the
    problems for which something may be set aside without being lost.
    """

    lost_answers = 0.0
    station: type[Station] = Station
    has_citizens = True
    harmless: frozenset[str] = frozenset()

    def __init__(self, stage: Stage, traffic: Traffic, draw: random.Random) -> None:
        self.stage = stage
        self.traffic = traffic
        self.draw = draw

    @abstractmethod
    def strike(self) -> None:
        """Break it once; a database that does not come back by itself is started again, a server always is."""


class WorkersKilled(Strike):
    """Kills one web worker; its parent starts another."""

    def strike(self) -> None:
        """Kill one of the processes that answer requests."""
        workers = self.stage.workers()
        if workers:
            _kill(self.draw.choice(workers), signal.SIGKILL)


class ServerKilled(Strike):
    """Kills the whole server, as a power cut of its machine would."""

    def strike(self) -> None:
        """Kill every process of the server."""
        self.stage.kill_server()


class DatabaseKilled(Strike):
    """Crashes PostgreSQL: one of its processes, so that it recovers by itself, or all, so that it is started again.

    SQLite lives inside the server's processes, so there those are killed.
    """

    def strike(self) -> None:
        """Crash the database."""
        postgres = self.stage.postgres
        if postgres is None:
            self.stage.kill_server()
        elif self.draw.random() < 0.5:
            _kill(self.draw.choice(family_of(postgres.pid)[1:]), signal.SIGKILL)
            postgres.await_recovery()
        else:
            postgres.crash()
            postgres.start_again()


class AnythingKilled(Strike):
    """Kills a worker, the server or the database, each once in three rounds, in an order that is drawn."""

    def __init__(self, stage: Stage, traffic: Traffic, draw: random.Random) -> None:
        super().__init__(stage, traffic, draw)
        self._strikes = [each(stage, traffic, draw) for each in (WorkersKilled, ServerKilled, DatabaseKilled)]
        self._next: list[Strike] = []

    def strike(self) -> None:
        """Kill what comes next."""
        if not self._next:
            self._next = self.draw.sample(self._strikes, len(self._strikes))
        self._next.pop().strike()


class AnswersCut(Strike):
    """Kills nothing: half of all requests arrive whole and their answers never come back."""

    lost_answers = 0.5

    def strike(self) -> None:
        """Leave everything as it is: the line itself is the fault."""


def _kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
