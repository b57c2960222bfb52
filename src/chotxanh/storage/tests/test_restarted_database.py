"""PostgreSQL restarts: each thread notices before it asks, and waits for the server while it starts."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import close_old_connections, connection

from chotxanh.storage.postgresql import patience
from chotxanh.storage.postgresql.patience import Patience
from chotxanh.storage.statements import ask


class Clock:
    """Seconds, which pass only in pauses."""

    now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Server:
    """Refuses connections until a second."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.back_at, self.asked = clock, 0.0, 0

    def connect(self) -> str:
        """Connect, if it is there."""
        self.asked += 1
        if self.clock.now < self.back_at:
            raise psycopg.OperationalError("the database system is starting up")
        return "connection"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Server:
    return Server(clock)


def test_f5_who_asks_while_the_database_starts_again_waits_for_it(clock: Clock, server: Server) -> None:
    patient = Patience(clock, clock.pause)
    patient.connected(server.connect)
    server.back_at = 3.0
    assert patient.connected(server.connect) == "connection"
    assert clock.now == pytest.approx(3.0, abs=patience.PAUSE_SECONDS)


def test_a_first_connection_that_fails_is_told_at_once(clock: Clock, server: Server) -> None:
    server.back_at = 3.0
    with pytest.raises(psycopg.OperationalError):
        Patience(clock, clock.pause).connected(server.connect)
    assert server.asked == 1


def test_a_servers_first_connection_is_waited_for_too(clock: Clock, server: Server) -> None:
    patient = Patience(clock, clock.pause)
    patient.expect()
    server.back_at = 3.0
    assert patient.connected(server.connect) == "connection"


def test_after_a_wait_in_vain_nobody_waits_until_the_database_is_back(clock: Clock, server: Server) -> None:
    patient = Patience(clock, clock.pause)
    patient.connected(server.connect)
    server.back_at = 100.0
    with pytest.raises(psycopg.OperationalError):
        patient.connected(server.connect)
    waited, asked = clock.now, server.asked
    with pytest.raises(psycopg.OperationalError):
        patient.connected(server.connect)
    assert (clock.now, server.asked) == (waited, asked + 1)
    clock.now = server.back_at
    assert patient.connected(server.connect) == "connection"


@pytest.fixture
def ended(transactional_db: None) -> Iterator[int]:
    """This thread's connection, which the server has ended since; yields its number."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lives in the process itself")
    [(number,)] = ask("SELECT pg_backend_pid()")
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    other.connection.close()
    yield number


def test_f5_a_request_after_a_restart_begins_on_a_new_connection(ended: int) -> None:
    close_old_connections()  # as at the beginning of a request
    [(number,)] = ask("SELECT pg_backend_pid()")
    assert number != ended
