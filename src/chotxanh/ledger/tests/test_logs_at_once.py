"""The first two batches of one log, sent at once: the one that waits sees what the other recorded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction

from chotxanh.domain.kinds import Answer
from chotxanh.ledger.recording import record
from chotxanh.storage.statements import ask
from tests.cast import DRIVER, EVENING
from tests.stage import keys_of_the_tests, own_keys, set_the_stage

__all__ = ["keys_of_the_tests", "own_keys"]

# Within a transaction the first look at what others do is the last, unless it is forgotten.
FORGET = "SELECT pg_stat_clear_snapshot()::text"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_keys"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def test_a_deed_that_waited_for_its_log_is_proven_by_the_shift_that_made_it() -> None:
    """What it had read before the log was there to be locked knew of no shift."""
    stage = set_the_stage()
    station = stage.station
    station.log, station.seq = uuid4(), 0
    start, deed = station.start_shift(stage.staff.officer), station.declare(DRIVER)

    def record_deed(now: datetime = EVENING) -> Answer:
        try:
            return record([deed], now).answers[0].answer
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            record([start], EVENING)
            other = thread.submit(record_deed)
            while ask(FORGET) and ask(WAITING) == [(0,)] and not other.done():
                pass
        assert other.result() == Answer.APPLIED
