"""Judging again reads its slices by an index: while it reads, nobody records."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from chotxanh.ledger.authority_changes import ask_to_judge_again
from chotxanh.ledger.erasing import kept_parts
from chotxanh.ledger.models import Entry, ErasedCategory, Rejudging
from chotxanh.ledger.rejudging import SLICE, entries_of
from tests.cast import EVENING, PHU_MY
from tests.stage import Stage

OTHERS = 4_000


@pytest.fixture
def ledger(declared: Stage) -> Stage:
    """The stage among thousands of entries of others."""
    entry = Entry.objects.filter(actor=declared.staff.officer.id).first()
    assert entry is not None
    others = []
    for number in range(OTHERS):
        entry.id, entry.log, entry.seq = uuid4(), uuid4(), number
        entry.actor, entry.facility = UUID(int=1000 + number % 100), f"tram-{number % 100}"
        entry.received_at = entry.effective_at = EVENING - timedelta(days=40, minutes=number)
        others.append(Entry(**{field.name: getattr(entry, field.name) for field in Entry._meta.fields}))
    Entry.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Entry._meta.db_table}")
    return declared


@pytest.mark.parametrize("is_under_way", [False, True])
@pytest.mark.parametrize("what", ["member", "facility"])
def test_judging_again_reads_no_entry_of_others(ledger: Stage, what: str, is_under_way: bool) -> None:
    """It scanned the whole ledger, for each slice."""
    key = {"member": str(ledger.staff.officer.id), "facility": PHU_MY}[what]
    ask_to_judge_again([(what, key)], EVENING)
    job = Rejudging.objects.get(key=f"{what}/{key}")
    job.after = UUID(int=0) if is_under_way else None
    for question in (entries_of(job).order_by("id")[:SLICE], entries_of(job).order_by()):
        plan = question.explain()
        index = {"member": "entry_of_actor", "facility": "entry_of_facility"}[what]
        assert index in plan
        assert "SCAN" not in plan and "Seq Scan" not in plan, (
            "what SQLite and PostgreSQL say of a whole table"
        )


def test_what_is_over_since_the_last_order_is_found_without_reading_what_came_before(ledger: Stage) -> None:
    """Each night the whole ledger was scanned, twice, and once while nobody could record."""
    last = EVENING - timedelta(days=31)
    ErasedCategory.objects.create(id=uuid4(), category="journeys", before=last)
    counting, held = kept_parts("journeys", EVENING - timedelta(days=30))
    plans = counting.explain(), held.explain()
    assert "entry_by_receipt" in plans[0] or "entry_by_time" in plans[0]
    assert "entry_not_applied" in plans[1]
