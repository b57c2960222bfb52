"""Settling two hundred entries takes hardly more statements than fifty: nothing is saved one by one (F4)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chotxanh.domain.marks import Mark
from chotxanh.ledger.models import Entry
from tests.cast import DRIVER
from tests.device import Station
from tests.stage import Stage
from tests.troubles import new_station, wait_for_shift

MOST = 80  # a batch's own statements, and what the aggregates of its entries take
PARTS = 2  # SQLite binds at most 999 values at once: two hundred rows may be saved in two parts
Settle = Callable[[Stage, int], bytes]


def prove(stage: Stage, count: int) -> bytes:
    """The start of a shift, which so many entries wait for."""
    return wait_for_shift(stage, count, stem=f"CHO{count}.")[1]


def unmeasured(stage: Stage, count: int) -> Station:
    """A station whose clock nobody has measured, with so many tubes."""
    station = new_station(stage, "Máy không có giờ")
    station.is_measured = False
    stage.must_apply(station.start_shift(stage.staff.officer))
    stage.must_apply(*(station.collect(f"GIO{station.id.hex[:4]}.{n}", [DRIVER]) for n in range(count)))
    return station


def measure(stage: Stage, count: int) -> bytes:
    """The first measurement of a boot in which so many tubes were taken."""
    return unmeasured(stage, count).measure_clock()


def end_before(stage: Stage, count: int) -> bytes:
    """The late end of a shift, after which so many tubes were taken."""
    station = new_station(stage, "Máy ngoài ca")
    stage.must_apply(station.start_shift(stage.staff.officer))
    late = station.entry("shift.ended", {})
    stage.must_apply(*(station.collect(f"CA{station.id.hex[:4]}.{n}", [DRIVER]) for n in range(count)))
    return late


def statements(stage: Stage, entry: bytes) -> int:
    """How many statements recording an entry takes."""
    with CaptureQueriesContext(connection) as context:
        stage.must_apply(entry)
    return len(context)


@pytest.mark.parametrize("settle", [prove, measure, end_before])
def test_f4_what_an_entry_settles_is_saved_together(declared: Stage, settle: Settle) -> None:
    few, many = (statements(declared, settle(declared, count)) for count in (50, 200))
    assert few <= MOST
    assert many - few <= PARTS


def test_what_was_settled_together_is_settled_rightly(declared: Stage) -> None:
    declared.must_apply(prove(declared, 200))
    assert not Entry.objects.filter(answer="held").exists()
    declared.must_apply(measure(declared, 200))
    assert not Entry.objects.filter(marks=Mark.TIME_DOUBTFUL).exists()
    declared.must_apply(end_before(declared, 200))
    assert Entry.objects.filter(marks=Mark.OUTSIDE_SHIFT).count() == 200
