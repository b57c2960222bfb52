"""Two entries of a register recorded at once: each knows of the other, whoever is faster."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.rules.entries import RuleRepealed
from chotxanh.registers.rules.models import Rule
from chotxanh.storage.statements import ask
from tests.cast import EVENING, MORNING
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


def test_of_two_repeals_the_earlier_end_stands() -> None:
    stage = set_the_stage()
    rule = Rule.objects.earliest("id").id

    def repeal(hours: int) -> None:
        deed = Deed(RuleRepealed(rule, MORNING + timedelta(hours=hours)), actor=stage.staff.lead.id)
        record_deeds([deed], EVENING)

    def repeal_later() -> None:
        try:
            repeal(hours=10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            repeal(hours=8)
            other = thread.submit(repeal_later)
            while ask(FORGET) and ask(WAITING) == [(0,)] and not other.done():
                pass
        other.result()
    assert Rule.objects.get(id=rule).effective_to == MORNING + timedelta(hours=8)
