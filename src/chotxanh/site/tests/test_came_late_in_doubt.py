"""What a clock in doubt, or a warning said again, makes of what comes late: nobody gains by either (B2, ADR 0033)."""

from datetime import timedelta
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.ledger.recording import record
from chotxanh.registers.staff.models import Member
from chotxanh.results.models import WhatStands
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.site.tests.test_came_late import (
    BY_PCR,
    MUCH_LATER,
    arrive,
    statuses,
    suspended,
    swabbed,
    waiting,
)
from tests.cast import DRIVER, MORNING, PHU_MY
from tests.device import MINUTE, Station, id_of
from tests.stage import Stage


def shift_after(member: Member, *, is_measured: bool) -> Station:
    """A station whose officer signed in after the positive, for six hours; that ticket is over long before it sends."""
    station = Station(began=MORNING + timedelta(hours=2))
    station.enrol()
    ticket = station.ticket(member, expires_at=station.began + timedelta(hours=6))
    arrive(station.began, station.start_shift(member, ticket=ticket))
    if not is_measured:
        station.is_measured, station.boot = False, UUID(int=7)
    return station


@pytest.mark.parametrize("is_measured", [True, False])
def test_b2_a_clock_that_is_turned_off_lifts_no_positive_that_a_right_one_does_not(
    declared: Stage, *, is_measured: bool
) -> None:
    suspended(declared)
    stolen = shift_after(declared.staff.officer, is_measured=is_measured)
    arrive(MUCH_LATER, *swabbed(stolen, "XN1", "negative", 5, **BY_PCR))
    assert Outcome.VALID not in statuses()
    assert waiting() == ["XN1"]
    before = fingerprints()
    rebuild_tables(MUCH_LATER)
    assert fingerprints() == before


@pytest.mark.parametrize("is_measured", [True, False])
def test_b2_two_shifts_without_clocks_take_no_positive_back_hours_later(
    declared: Stage, *, is_measured: bool
) -> None:
    sampled = swabbed(declared.station, "BR2", "positive", 60)
    arrive(MORNING + 80 * MINUTE, *sampled)
    one = shift_after(declared.staff.officer, is_measured=is_measured)
    two = shift_after(declared.staff.technician, is_measured=is_measured)
    one.minute = two.minute = 5
    correction = one.correct("BR2", id_of(sampled[1]), "negative")
    facts = {"facility": PHU_MY, "tube": "BR2", "correction": str(id_of(correction))}
    record([correction, two.entry("result.countersigned", facts)], MUCH_LATER)
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "disputed"
    assert Outcome.VALID not in statuses()


@pytest.mark.parametrize("is_said_again", [False, True])
def test_b2_saying_again_that_somebody_is_positive_makes_no_warning_younger(
    declared: Stage, *, is_said_again: bool
) -> None:
    elsewhere = Station(began=MORNING)
    elsewhere.enrol()
    arrive(MORNING, elsewhere.start_shift(declared.staff.officer))
    arrive(MORNING + 25 * MINUTE, *swabbed(declared.station, "BR1", "negative", 5))
    declared.station.minute = 60
    collection = declared.station.collect("BR2", [DRIVER])
    declared.station.minute = 120
    line = declared.station.result("BR2", "read_late", line_seen=True)
    arrive(MORNING + 121 * MINUTE, collection, line)
    late = swabbed(elsewhere, "XN1", "negative", 200, **BY_PCR)
    elsewhere.minute = 600
    if is_said_again:
        arrive(MUCH_LATER, elsewhere.correct("BR2", id_of(line), "positive"))
    arrive(MUCH_LATER + MINUTE, *late)
    assert Outcome.VALID not in statuses()
    assert waiting() == ["XN1"]
