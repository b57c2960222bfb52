"""The loop only reads while there is nothing to do, stops when told, and survives what it meets."""

import logging
import sqlite3
import threading

import pytest
from django.db import OperationalError, connection

from chotxanh.ledger.worker import loop, registry
from chotxanh.ledger.worker.dirt import append_dirt
from chotxanh.ledger.worker.loop import Worker
from chotxanh.ledger.worker.models import DirtyKey
from chotxanh.ledger.worker.registry import Outcome
from chotxanh.ledger.worker.tests.conftest import Teller


@pytest.mark.django_db(transaction=True)
def test_an_idle_loop_never_asks_for_the_one_writers_lock(on_sqlite: None, teller: Teller) -> None:
    registry.daily("report", 0, lambda day, now: Outcome())
    registry.deferred("sums", frozenset, lambda found: None)
    worker = teller.worker
    worker.work_until_idle()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert not worker.run_next_errand()
        assert not worker.catch_up_levels()
    finally:
        writer.close()
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_both_loops_work_beside_each_other_until_told_to_stop(teller: Teller) -> None:
    teller.ask("a")
    append_dirt({("sums", "x")}, teller.now)
    worker = teller.worker
    written = threading.Event()

    def write(found: frozenset[str]) -> None:
        written.set()

    def run_last(*_: object) -> Outcome:
        assert written.wait(20), "the other loop works meanwhile"
        worker.stop()
        return Outcome(lambda: teller.written.append("a"))

    registry.deferred("sums", frozenset, write)
    registry.errand("tell", run_last)
    worker.work()
    assert teller.written == ["a"], "what is in hand is finished"
    assert not DirtyKey.objects.exists()


def test_a_level_that_fails_keeps_no_other_from_working(
    teller: Teller, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(keys: frozenset[str]) -> None:
        raise LookupError("Nguyễn Văn An")

    found: list[frozenset[str]] = []
    registry.deferred("broken", fail, lambda computed: None)
    registry.deferred("sums", frozenset, found.append)
    append_dirt({("sums", "x"), ("broken", "y")}, teller.now)
    with caplog.at_level(logging.ERROR, logger="chotxanh.worker"):
        teller.worker.work_until_idle()
    assert found == [frozenset("x")]
    assert "level broken failed: LookupError" in caplog.text
    assert "Nguyễn" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_waited_for(teller: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(lambda: teller.now)
    failures = [OperationalError("gone"), OperationalError("gone")]
    pauses: list[float] = []

    def turn() -> bool:
        if failures:
            raise failures.pop()
        worker.stop()
        return True

    monkeypatch.setattr(worker.is_stopping, "wait", pauses.append)
    worker._loop(turn)
    assert pauses == [loop.POLL_SECONDS * 2, loop.POLL_SECONDS * 4]
