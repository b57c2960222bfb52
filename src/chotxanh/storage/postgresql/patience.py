"""Waits for a database that starts again: who asks meanwhile is answered late instead of not at all."""

import time
from collections.abc import Callable
from typing import TypeVar

import psycopg

T = TypeVar("T")
WAIT_SECONDS = 10.0
PAUSE_SECONDS = 0.1


class Patience:
    """Of one process. Before a first connection a wrong address is told at once, unless a server `expects` it.

    Once a wait was in vain nobody waits any more until the database is back: threads that wait answer nobody.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock, self._pause = clock, pause
        self._is_worth_waiting = False
        self.is_of_server = False

    def expect(self) -> None:
        """Wait from the first connection on: the database was there when the server was started."""
        self._is_worth_waiting = self.is_of_server = True

    def connected(self, connect: Callable[[], T]) -> T:
        """Return what `connect` gives, trying for WAIT_SECONDS. Raises its last psycopg.OperationalError."""
        until = self._clock() + WAIT_SECONDS
        while True:
            try:
                connection = connect()
            except psycopg.OperationalError:
                if not self._is_worth_waiting or self._clock() >= until:
                    self._is_worth_waiting = False
                    raise
                self._pause(PAUSE_SECONDS)
            else:
                self._is_worth_waiting = True
                return connection


PATIENCE = Patience()
