"""A shift begun by PIN while nobody knew the time has the same hours in any order, and doubt alone disputes nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from chotxanh.domain.clocks import unix_ms
from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.ledger.entries import ClockSettled
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.registers.devices.tickets import Proof
from tests.cast import DRIVER, POSTS, QL51
from tests.device import Station, id_of
from tests.halves import orders
from tests.stage import Stage

HOUR = 60  # minutes


def begin_by_pin(stage: Stage, skew: timedelta) -> bytes:
    """Start a shift on a kept ticket at hour 60, in a new log and a boot that nobody has measured."""
    station, officer = stage.station, stage.staff.officer
    until = station.began + timedelta(hours=72)
    ticket = station.ticket(officer, proof=Proof.PIN, issued_at=station.began, expires_at=until, id=uuid4())
    station.log, station.seq, station.boot, station.is_measured = uuid4(), 0, uuid4(), False
    station.minute, station.actor, station.skew = 60 * HOUR, officer.id, skew
    stage.now = station.began + timedelta(hours=63)
    return station.entry("shift.started", {"post": POSTS[QL51], "ticket": ticket, "proof": "pin"})


def sampled_with_the_line_back(station: Station) -> bytes:
    """Return a sampling of another boot, which is measured: its time is certain."""
    station.boot, station.skew, station.minute, station.is_measured = uuid4(), timedelta(), 62 * HOUR, True
    return station.collect("BR1", [DRIVER])


def answers_in(arrivals: list[tuple[Callable[[], object], ...]], deed: bytes) -> set[tuple[str, str, int]]:
    found = set()
    for arrival in arrivals:
        with transaction.atomic():
            for arrive in arrival:
                arrive()
            kept = Entry.objects.get(id=id_of(deed))
            found.add((kept.answer, kept.problem, kept.marks))
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("skew_hours", [-50, -30, 8])
def test_a_certain_deed_of_a_shift_begun_in_doubt_counts_in_any_order(
    declared: Stage, skew_hours: int
) -> None:
    """It stayed held as over where the measurement came last: whoever was proven was not asked again."""
    begun = begin_by_pin(declared, timedelta(hours=skew_hours))
    declared.station.minute = 61 * HOUR
    measured = declared.station.measure_clock()
    deed = sampled_with_the_line_back(declared.station)
    entries = [lambda entry=entry: declared.record(entry) for entry in (begun, measured, deed)]
    together: tuple[Callable[[], object], ...] = (lambda: declared.record(deed, measured, begun),)
    assert answers_in([*orders(entries), together], deed) == {(Answer.APPLIED, "", 0)}


def test_a_leads_word_on_the_clock_comes_before_or_after_the_deed_alike(declared: Stage) -> None:
    begun = begin_by_pin(declared, timedelta(hours=-50))
    station, boot = declared.station, declared.station.boot
    deed = sampled_with_the_line_back(station)
    declared.record(begun)

    def say() -> None:
        word = ClockSettled(station.log, boot, unix_ms(station.began), "compared")
        record_deeds([Deed(word, actor=declared.staff.lead.id)], declared.now)

    steps = (lambda: declared.record(deed), say)
    assert answers_in(orders(steps), deed) == {(Answer.APPLIED, "", 0)}


@pytest.mark.parametrize("skew", [timedelta(), timedelta(days=-20)])
def test_a_doubt_about_time_alone_disputes_nothing(declared: Stage, skew: timedelta) -> None:
    """A dead battery, and the PC was switched off before the line was back: the boot is never measured."""
    begun = begin_by_pin(declared, skew)
    declared.station.minute = 61 * HOUR
    deeds = [declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "negative")]
    declared.must_apply(begun)
    declared.must_apply(*deeds)
    assert {mark_of(id_of(deed)) for deed in deeds} == {Mark.TIME_DOUBTFUL}


def mark_of(entry: UUID) -> Mark:
    return Mark(Entry.objects.get(id=entry).marks)
