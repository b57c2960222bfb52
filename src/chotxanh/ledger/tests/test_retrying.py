"""A transaction that the database cancels is tried again three times, then told as busy."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from chotxanh.domain.problems import Problem
from chotxanh.ledger import recording, retrying
from chotxanh.ledger.locks import LEDGER
from chotxanh.ledger.models import Entry
from chotxanh.ledger.retrying import in_one_transaction
from tests.cast import DRIVER
from tests.stage import Stage


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(retrying, "PAUSES_SECONDS", (0.0, 0.0, 0.0))


def cancelled(cause: Exception) -> OperationalError:
    """The error that Django makes of a driver's."""
    error = OperationalError("cancelled")
    error.__cause__ = cause
    return error


def busy_sqlite(file: Path) -> sqlite3.OperationalError:
    """What SQLite says when the writer's turn did not come."""
    first = sqlite3.connect(file, isolation_level=None)
    second = sqlite3.connect(file, isolation_level=None, timeout=0)
    first.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(sqlite3.OperationalError) as refused:
            second.execute("BEGIN IMMEDIATE")
    finally:
        first.close()
        second.close()
    return refused.value


CANCELLED = [psycopg.errors.DeadlockDetected(), psycopg.errors.SerializationFailure()]


@pytest.mark.parametrize("cause", CANCELLED, ids=["deadlock", "serialization"])
@pytest.mark.django_db(transaction=True)
def test_three_further_attempts_are_made_each_beginning_anew(own_keys: None, cause: Exception) -> None:
    attempts: list[int] = []

    def work() -> str:
        attempts.append(Entry.objects.count())
        if len(attempts) < 4:
            raise cancelled(cause)
        return "done"

    assert in_one_transaction(work) == "done"
    assert attempts == [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_after_four_attempts_the_sender_is_told_to_come_again() -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        raise cancelled(CANCELLED[0])

    with pytest.raises(Problem, match="busy") as told:
        in_one_transaction(work)
    assert told.value.status == 503
    assert len(attempts) == 4


@pytest.mark.django_db(transaction=True)
def test_sqlites_writer_has_waited_long_enough_already(tmp_path: Path) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        raise cancelled(busy_sqlite(tmp_path / "busy.sqlite3"))

    with pytest.raises(Problem, match="busy"):
        in_one_transaction(work)
    assert len(attempts) == 1


@pytest.mark.django_db(transaction=True)
def test_another_fault_of_the_database_is_not_hidden() -> None:
    def work() -> None:
        raise OperationalError("the disk is full")

    with pytest.raises(OperationalError, match="disk"):
        in_one_transaction(work)


def test_a_part_of_a_larger_transaction_is_not_tried_again_by_itself(db: None) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        raise cancelled(CANCELLED[0])

    with transaction.atomic(), pytest.raises(OperationalError):
        in_one_transaction(work, savepoint=True)
    assert attempts == [1]


@pytest.fixture
def never_unblocked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let every recording be cancelled."""
    attempts: list[int] = []

    def cancel(*_: object, **__: object) -> None:
        attempts.append(1)
        raise cancelled(CANCELLED[0])

    monkeypatch.setattr(recording, "apply_happenings", cancel)
    return attempts


@pytest.mark.django_db(transaction=True)
def test_a_station_is_told_when_to_send_again_and_loses_nothing(
    stage: Stage, client: Client, never_unblocked: list[int]
) -> None:
    entry = stage.station.register(DRIVER).decode()
    answer = client.post(
        "/api/v1/entries", f'{{"protocol": 1, "entries": [{entry}]}}', content_type="application/json"
    )
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json()["code"] == "busy"
    assert len(never_unblocked) == 4
    assert not connection.in_atomic_block
    assert Entry.objects.filter(kind="person.registered").count() == 0


@pytest.mark.django_db(transaction=True)
def test_while_the_ledger_is_held_alone_a_station_is_told_when_to_send_again(
    stage: Stage, client: Client
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's one writer is waited for as long as its time-out says")
    entry = stage.station.register(DRIVER).decode()
    sent = f'{{"protocol": 1, "entries": [{entry}]}}'
    rebuilding = connection.copy()
    with rebuilding.cursor() as cursor, connection.cursor() as own:
        rebuilding.set_autocommit(False)
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '/ledger/' || %s::int), -1)", [LEDGER]
        )
        own.execute("SET lock_timeout = '50ms'")
        answer = client.post("/api/v1/entries", sent, content_type="application/json")
        assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "2", "busy")
        assert client.get("/").status_code == 200, "who only looks waits for nobody"
        rebuilding.rollback()
        own.execute("SET lock_timeout = 0")
    rebuilding.close()
    assert client.post("/api/v1/entries", sent, content_type="application/json").status_code == 200
