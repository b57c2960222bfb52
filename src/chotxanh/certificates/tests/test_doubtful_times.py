"""A doubt about time alone disputes and suspends nothing: a time in doubt has bounds (ADR 0023)."""

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.kinds import Answer
from chotxanh.domain.standing.times import Span
from chotxanh.ledger.applying import bounds_of
from chotxanh.ledger.models import BootAnchor, Entry
from chotxanh.registers.devices.models import Device
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.results.disputes import disputed
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.site.rebuilding import rebuild_tables
from chotxanh.specimens.models import Tube
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, RIDER, Person
from tests.device import MINUTE, Station, id_of
from tests.stage import Stage
from tests.troubles import new_station

HOURS = timedelta(hours=72)


def statuses(person: Person) -> list[Outcome]:
    return [each.status for each in certificates_of(person.code, EVENING)]


def read_at(person: Person) -> list[datetime]:
    """From when the papers of a person that stand count, by the rule of the cast."""
    found = certificates_of(person.code, EVENING)
    return [each.valid_until - HOURS for each in found if each.status is Outcome.VALID and each.valid_until]


def swab(stage: Stage, station: Station, tube: str, person: Person, value: str) -> None:
    """One tube at one station, sampled now and read 16 minutes later."""
    collection = station.collect(tube, [person])
    station.minute += 16
    stage.must_apply(collection, station.result(tube, value))


def unmeasured(stage: Stage, minute: int = 30) -> Station:
    """A station at work since the beginning, which has started anew, and not reached the server by `minute`."""
    station = new_station(stage, "Máy không có giờ")
    stage.must_apply(station.start_shift(stage.staff.officer))
    station.minute, station.is_measured = minute, False
    return station


def doubts() -> set[UUID]:
    """The deeds that count at a time in doubt."""
    doubtful = Entry.objects.filter(earliest_at__isnull=False, answer=Answer.APPLIED)
    return set(doubtful.values_list("id", flat=True))


def bounds(entry: bytes) -> Span | None:
    return bounds_of(Entry.objects.get(id=id_of(entry)))


def test_a_doubtful_clock_disputes_nothing_and_the_paper_counts_from_the_earliest_time(
    declared: Stage,
) -> None:
    """The last certain time of its log is the start of the shift."""
    swab(declared, unmeasured(declared, 60), "BR1", DRIVER, "negative")
    assert (statuses(DRIVER), read_at(DRIVER)) == ([Outcome.VALID], [MORNING])
    assert standing_of(DRIVER.code).state is PersonState.NEGATIVE
    assert not disputed(WHOLE_PROVINCE).exists()


def test_a_wall_clock_that_contradicts_the_counter_disputes_nothing(declared: Stage) -> None:
    declared.station.skew = timedelta(hours=3)
    declared.station.minute = 60
    swab(declared, declared.station, "BR1", DRIVER, "negative")
    assert statuses(DRIVER) == [Outcome.VALID]


def test_once_the_clock_is_measured_the_paper_counts_from_the_true_time(declared: Stage) -> None:
    station = unmeasured(declared)
    station.minute = 60
    swab(declared, station, "BR1", DRIVER, "negative")
    declared.must_apply(station.measure_clock())
    assert read_at(DRIVER) == [MORNING + 76 * MINUTE]
    assert Tube.objects.filter(sampled_latest__gt=MORNING + 60 * MINUTE).count() == 0


@pytest.mark.parametrize("is_revoked_first", [True, False])
def test_b3_what_a_revoked_device_measured_settles_nothing(declared: Stage, is_revoked_first: bool) -> None:
    """Its held measurement cleared a dispute and gave a certificate."""
    station = unmeasured(declared)
    station.minute = 60
    swab(declared, station, "BR1", DRIVER, "negative")
    before, doubtful = read_at(DRIVER), doubts()
    Device.objects.filter(id=station.id).update(revoked_at=declared.now)
    measured, late = station.measure_clock(), station.collect("BR2", [RIDER])
    entries = [measured, late] if is_revoked_first else [late, measured]
    assert {problem for _, problem in declared.record(*entries)} == {"device_revoked"}
    assert (read_at(DRIVER), doubts()) == (before, doubtful)
    assert not BootAnchor.objects.filter(key__startswith=str(station.log)).exists()
    rebuild_tables(declared.now)
    assert (read_at(DRIVER), doubts()) == (before, doubtful)


def test_a_doubt_that_comes_after_a_paper_leaves_it_as_it_is(declared: Stage) -> None:
    declared.station.minute = 5
    swab(declared, declared.station, "BR1", DRIVER, "negative")
    before = certificates_of(DRIVER.code, EVENING)
    swab(declared, unmeasured(declared, 60), "BR2", RIDER, "positive")
    assert certificates_of(DRIVER.code, EVENING) == before


def test_a_positive_in_doubt_counts_at_its_latest_possible_time(declared: Stage) -> None:
    """What was sampled before it was received may have been sampled before it."""
    doubtful = unmeasured(declared, 60)
    declared.station.minute = 120
    swab(declared, declared.station, "BR1", DRIVER, "negative")
    swab(declared, doubtful, "BR2", DRIVER, "positive")
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE


def test_a_negative_in_doubt_answers_nothing_that_may_be_later(declared: Stage) -> None:
    """Sampled at 09:30 by its own clock, but at the earliest with the shift: the pool of 08:20 may be later."""
    doubtful = unmeasured(declared, 90)
    station = declared.station
    station.minute = 20
    pool = station.collect("BR1", [DRIVER, ASSISTANT])
    station.minute = 40
    declared.must_apply(pool, station.result("BR1", "invalid"))
    swab(declared, doubtful, "BR2", DRIVER, "negative")
    assert standing_of(DRIVER.code).state is PersonState.RECOLLECT


def test_a_time_in_doubt_lies_after_the_last_certain_one_of_its_log_and_before_its_receipt(
    declared: Stage,
) -> None:
    station = unmeasured(declared)
    tube = station.collect("BR1", [DRIVER])
    declared.must_apply(tube)
    assert bounds(tube) == Span(MORNING, EVENING)


def test_without_a_certain_time_it_lies_after_the_ticket_of_its_shift_was_issued(declared: Stage) -> None:
    station = new_station(declared, "Máy chưa hề đo giờ")
    station.is_measured = False
    issued_at = MORNING - 7 * MINUTE
    ticket = station.ticket(declared.staff.officer, issued_at=issued_at)
    shift = station.start_shift(declared.staff.officer, ticket=ticket)
    tube = station.collect("BR1", [DRIVER])
    declared.must_apply(shift, tube)
    assert bounds(tube) == bounds(shift) == Span(issued_at, EVENING)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_is_certain_bounds_what_follows_it_whenever_it_arrives(
    declared: Stage, order: tuple[int, ...]
) -> None:
    station = unmeasured(declared)
    station.minute, station.is_measured = 45, True
    certain = station.collect("BR1", [DRIVER])
    station.boot, station.is_measured = declared.station.id, False
    doubtful = [station.collect("BR2", [RIDER]), station.collect("BR3", [ASSISTANT])]
    entries = [certain, *doubtful]
    for place in order:
        declared.must_apply(entries[place])
    expected = Span(MORNING + 45 * MINUTE, EVENING)
    assert [bounds(each) for each in entries] == [None, expected, expected]
    assert set(Tube.objects.exclude(barcode="BR1").values_list("sampled_at", flat=True)) == {
        expected.earliest
    }


def test_a_reading_in_doubt_that_may_be_of_two_tubes_of_one_barcode_is_disputed(declared: Stage) -> None:
    """Which tube it is of is no doubt about time alone."""
    station = declared.station
    declared.must_apply(station.collect("BR1", [DRIVER]))
    doubtful = unmeasured(declared)
    declared.now = EVENING + timedelta(days=60)
    later = new_station(declared, "Máy khác")
    later.began = MORNING + timedelta(days=59)
    declared.must_apply(later.start_shift(declared.staff.officer), later.collect("BR1", [RIDER]))
    declared.must_apply(doubtful.result("BR1", "negative"))
    assert statuses(RIDER) == []
    assert standing_of(RIDER.code).state is PersonState.DISPUTED
