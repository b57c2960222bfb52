"""A ticket proves work within its hours: nobody is signed for ever (B1, B2)."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark, disputes_of
from chotxanh.domain.problems import Problem
from chotxanh.ledger.entries import EntryAdmitted
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rulings import admit_entry, refuse_entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.tests.bad_entries import HELD
from chotxanh.registers.devices.tickets import Proof, end_tickets
from chotxanh.results.models import PersonResult
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.specimens.models import Tube
from tests.cast import DRIVER, POSTS, QL51, RIDER
from tests.device import MINUTE, id_of
from tests.halves import orders
from tests.stage import Stage

OVER = (Answer.HELD, "ticket_over")
APPLIED = (Answer.APPLIED, None)


@pytest.fixture
def signed_in(declared: Stage) -> tuple[Stage, UUID]:
    """An officer at work since minute 60, on a ticket issued then and good for eight hours."""
    station, ticket = declared.station, uuid4()
    station.log, station.seq, station.minute = uuid4(), 0, 60
    begun = station.began + 60 * MINUTE
    hours = {"issued_at": begun, "expires_at": begun + timedelta(hours=8), "id": ticket}
    officer = declared.staff.officer
    declared.must_apply(station.start_shift(officer, ticket=station.ticket(officer, **hours)))
    declared.now = begun + timedelta(hours=12)
    return declared, ticket


def end_at(stage: Stage, ticket: UUID, minute: float) -> None:
    """End a ticket on the server at this minute of the station's clock."""
    end_tickets([ticket], stage.station.began + minute * MINUTE)


def collected(stage: Stage, minute: float, tube: str = "BR1") -> bytes:
    """Return a deed dated at this minute."""
    stage.station.minute = minute
    return stage.station.collect(tube, [DRIVER])


def test_b1_what_is_dated_after_the_sign_out_and_was_not_seen_is_held(signed_in: tuple[Stage, UUID]) -> None:
    stage, ticket = signed_in
    before, after = collected(stage, 119), collected(stage, 122, "BR2")
    end_at(stage, ticket, 120)
    assert stage.record(before) == [APPLIED]
    assert stage.record(after) == [OVER]
    assert [tube.barcode for tube in Tube.objects.all()] == ["BR1"]


def test_what_was_seen_before_the_sign_out_stays(signed_in: tuple[Stage, UUID]) -> None:
    stage, ticket = signed_in
    deed = collected(stage, 119)
    stage.must_apply(deed)
    end_at(stage, ticket, 100)
    assert stage.record(deed) == [(Answer.DUPLICATE, None)]


def test_b1_nothing_rests_on_a_ticket_after_its_hours(signed_in: tuple[Stage, UUID]) -> None:
    stage, _ = signed_in
    assert stage.record(collected(stage, 60 + 8 * 60 + 1)) == [OVER]


def test_b2_what_is_dated_before_the_sign_in_it_was_written_after_is_in_doubt_in_any_order(
    signed_in: tuple[Stage, UUID],
) -> None:
    """Its numbers say that it was written within the second shift: it counts from the beginning of that at most."""
    stage, _ = signed_in
    station, officer = stage.station, stage.staff.officer
    station.minute = 90
    issued = station.began + 90 * MINUTE
    again = station.start_shift(officer, ticket=station.ticket(officer, issued_at=issued, id=uuid4()))
    back = collected(stage, 80)
    assert outcomes(stage, [again, back], back) == {(Answer.APPLIED, Mark.TIME_DOUBTFUL)}


def test_b2_a_shift_that_begins_before_its_ticket_is_held(signed_in: tuple[Stage, UUID]) -> None:
    stage, _ = signed_in
    station, lead = stage.station, stage.staff.lead
    station.minute = 100
    ticket = station.ticket(lead, issued_at=station.began + 101 * MINUTE)
    assert stage.record(station.start_shift(lead, ticket=ticket)) == [(Answer.HELD, "ticket_invalid")]


def test_a_shift_on_a_ticket_that_was_ended_before_is_held(signed_in: tuple[Stage, UUID]) -> None:
    stage, ticket = signed_in
    station, officer = stage.station, stage.staff.officer
    end_at(stage, ticket, 120)
    station.log, station.seq, station.minute = uuid4(), 0, 121
    hours = {"issued_at": station.began + 60 * MINUTE, "id": ticket}
    begun = station.start_shift(officer, ticket=station.ticket(officer, **hours))
    assert stage.record(begun) == [(Answer.HELD, "ticket_invalid")]


def test_a_clock_in_doubt_begins_no_shift_on_a_ticket_that_is_over(signed_in: tuple[Stage, UUID]) -> None:
    """Who says not to know the time could else begin for ever."""
    stage, ticket = signed_in
    station, officer = stage.station, stage.staff.officer
    end_at(stage, ticket, 120)
    station.log, station.boot, station.seq, station.is_measured = uuid4(), uuid4(), 0, False
    hours = {"issued_at": station.began + 60 * MINUTE, "id": ticket}
    begun = station.start_shift(officer, ticket=station.ticket(officer, **hours))
    assert stage.record(begun) == [(Answer.HELD, "ticket_invalid")]


def test_a_clock_in_doubt_speaks_against_nobody_who_had_begun(signed_in: tuple[Stage, UUID]) -> None:
    stage, ticket = signed_in
    stage.station.boot, stage.station.is_measured = uuid4(), False
    deed = collected(stage, 70)
    end_at(stage, ticket, 120)
    assert stage.record(deed) == [APPLIED]
    assert Mark(Entry.objects.get(id=id_of(deed)).marks) == Mark.TIME_DOUBTFUL


@pytest.mark.parametrize("is_admitted", [True, False])
def test_a_lead_decides_about_what_a_ticket_does_not_prove(
    signed_in: tuple[Stage, UUID], *, is_admitted: bool
) -> None:
    stage, ticket = signed_in
    end_at(stage, ticket, 120)
    deed = collected(stage, 130)
    assert stage.record(deed) == [OVER]
    rule = admit_entry if is_admitted else refuse_entry
    rule(id_of(deed), stage.staff.lead, stage.now)
    assert Entry.objects.get(id=id_of(deed)).answer == (Answer.APPLIED if is_admitted else Answer.HELD)


def outcomes(stage: Stage, entries: Sequence[bytes], of: bytes) -> set[tuple[str, int]]:
    """Return the answers and marks of an entry after recording these one by one, in every order."""
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            for entry in order:
                stage.record(entry)
            kept = Entry.objects.get(id=id_of(of))
            found.add((kept.answer, kept.marks))
            transaction.set_rollback(True)
    return found


def test_whoever_signs_in_anew_within_the_shift_goes_on_with_it_in_any_order(
    signed_in: tuple[Stage, UUID],
) -> None:
    stage, ticket = signed_in
    station, officer = stage.station, stage.staff.officer
    deed = collected(stage, 119)
    station.minute = 120
    fresh = {"issued_at": station.began + 120 * MINUTE, "id": uuid4()}
    again = station.start_shift(officer, ticket=station.ticket(officer, **fresh))
    later = station.collect("BR2", [RIDER])
    word = station.entry("entry.withdrawn", {"entry": str(id_of(deed)), "reason": "slip_of_the_hand"})
    end_at(stage, ticket, 120)
    entries = [deed, again, later, word]
    assert outcomes(stage, entries, later) == {(Answer.APPLIED, Mark.NONE)}
    assert outcomes(stage, entries, deed) == {(Answer.APPLIED, Mark.WITHDRAWN)}


def test_a_leads_word_at_a_station_takes_back_nothing_but_their_own(signed_in: tuple[Stage, UUID]) -> None:
    """A ticket of theirs that lies there, and a clock that is put back, took papers from anybody."""
    stage, _ = signed_in
    station, lead = stage.station, stage.staff.lead
    deed = collected(stage, 100)
    station.minute = 110
    issued = station.began + 110 * MINUTE
    stage.must_apply(deed, station.start_shift(lead, ticket=station.ticket(lead, issued_at=issued)))
    own = station.collect("BR2", [RIDER])
    words = [
        station.entry("entry.withdrawn", {"entry": str(id_of(each)), "reason": "slip_of_the_hand"})
        for each in (deed, own)
    ]
    stage.must_apply(own, *words)
    marks = [Mark(Entry.objects.get(id=id_of(each)).marks) for each in (deed, own)]
    assert marks == [Mark.NONE, Mark.WITHDRAWN]


def forged_now(stage: Stage, ticket: UUID) -> tuple[bytes, bytes]:
    """A new log on a ticket that was ended: a start within its hours, then a deed by a boot nobody has measured."""
    station, officer = stage.station, stage.staff.officer
    hours = {"issued_at": station.began + 60 * MINUTE, "id": ticket}
    end_at(stage, ticket, 120)
    station.log, station.seq, station.minute = uuid4(), 0, 100
    begun = station.start_shift(officer, ticket=station.ticket(officer, **hours))
    station.boot, station.is_measured = uuid4(), False
    return begun, collected(stage, 36 * 60)


def test_a_late_measurement_shows_that_the_ticket_was_over_in_any_order(
    signed_in: tuple[Stage, UUID],
) -> None:
    stage, ticket = signed_in
    begun, deed = forged_now(stage, ticket)
    stage.now = stage.station.began + 37 * 60 * MINUTE
    measured = stage.station.measure_clock()
    assert outcomes(stage, [begun, deed, measured], deed) == {(Answer.APPLIED, Mark.OUTSIDE_SHIFT)}


def test_a_certain_time_below_shows_that_the_ticket_was_over_in_any_order(
    signed_in: tuple[Stage, UUID],
) -> None:
    stage, ticket = signed_in
    station = stage.station
    begun, _ = forged_now(stage, ticket)
    unmeasured = station.boot
    station.boot = uuid4()
    measured = station.measure_clock()
    station.boot, station.is_measured = unmeasured, False
    deed = collected(stage, 36 * 60 + 1, "BR2")
    stage.now = station.began + 37 * 60 * MINUTE
    marks = Mark.OUTSIDE_SHIFT | Mark.TIME_DOUBTFUL
    assert outcomes(stage, [begun, measured, deed], deed) == {(Answer.APPLIED, marks)}


def test_what_a_lead_admitted_is_not_asked_again_for_its_hours(signed_in: tuple[Stage, UUID]) -> None:
    stage, ticket = signed_in
    end_at(stage, ticket, 120)
    deed = collected(stage, 130)
    assert stage.record(deed) == [OVER]
    admit_entry(id_of(deed), stage.staff.lead, stage.now)
    stage.must_apply(stage.station.entry("shift.ended", {}))
    assert Mark(Entry.objects.get(id=id_of(deed)).marks) == Mark.NONE


def test_a_shift_on_a_kept_ticket_begins_within_its_hours_and_lasts_as_any(
    signed_in: tuple[Stage, UUID],
) -> None:
    stage, _ = signed_in
    station, lead = stage.station, stage.staff.lead
    kept = {"issued_at": station.began, "expires_at": station.began + timedelta(hours=72), "id": uuid4()}
    ticket = station.ticket(lead, proof=Proof.PIN, **kept)
    station.minute, station.actor, stage.now = 71 * 60, lead.id, station.began + timedelta(hours=100)
    begun = station.entry("shift.started", {"post": POSTS[QL51], "ticket": ticket, "proof": "pin"})
    stage.must_apply(begun)
    within, after = collected(stage, 80 * 60), collected(stage, 88 * 60, "BR2")
    assert stage.record(within, after) == [APPLIED, OVER]


def on_a_dead_battery(stage: Stage, begun_at: float, skew: timedelta) -> list[bytes]:
    """A shift by PIN, begun by a clock that nobody had measured, a deed, and the measurement once the line is back."""
    station, lead = stage.station, stage.staff.officer
    kept = {"issued_at": station.began, "expires_at": station.began + timedelta(hours=72), "id": uuid4()}
    ticket = station.ticket(lead, proof=Proof.PIN, **kept)
    station.log, station.seq, station.boot, station.is_measured = uuid4(), 0, uuid4(), False
    station.minute, station.actor, stage.now = begun_at, lead.id, station.began + timedelta(hours=100)
    station.skew = skew
    begun = station.entry("shift.started", {"post": POSTS[QL51], "ticket": ticket, "proof": "pin"})
    deed = collected(stage, begun_at + 60)
    return [begun, deed, station.measure_clock()]


@pytest.mark.parametrize("skew", [timedelta(), timedelta(days=-20)])
@pytest.mark.parametrize("order", [None, *permutations(range(3))])
def test_a_start_by_pin_counts_once_a_measurement_shows_that_it_was_within_the_hours(
    signed_in: tuple[Stage, UUID], order: tuple[int, ...] | None, skew: timedelta
) -> None:
    """The battery of the clock was dead, and the line came back after the 72 hours (in one batch, or in any order)."""
    stage, _ = signed_in
    entries = on_a_dead_battery(stage, 60 * 60, skew)
    for batch in [entries] if order is None else [[entries[place]] for place in order]:
        stage.record(*batch)
    found = Entry.objects.filter(id__in=[id_of(each) for each in entries])
    assert {
        (each.kind, each.answer, each.problem) for each in found if each.answer != Answer.APPLIED
    } == set()
    assert {disputes_of(each.marks) for each in found} == {()}
    assert Entry.objects.get(id=id_of(entries[0])).effective_at == stage.station.began + timedelta(hours=60)
    assert [tube.barcode for tube in Tube.objects.all()] == ["BR1"]
    before = fingerprints()
    rebuild_tables(stage.now)
    assert fingerprints() == before


@pytest.mark.parametrize("order", [None, *permutations(range(3))])
def test_a_start_that_a_measurement_shows_to_be_after_the_hours_stays_held(
    signed_in: tuple[Stage, UUID], order: tuple[int, ...] | None
) -> None:
    stage, _ = signed_in
    begun, deed, measured = entries = on_a_dead_battery(stage, 73 * 60, timedelta(days=-20))
    for batch in [entries] if order is None else [[entries[place]] for place in order]:
        stage.record(*batch)
    assert Entry.objects.get(id=id_of(begun)).problem == "ticket_invalid"
    assert Entry.objects.get(id=id_of(deed)).answer == Answer.HELD
    assert Entry.objects.get(id=id_of(measured)).answer == Answer.APPLIED


def test_b1_nothing_signed_in_the_name_of_a_lead_who_has_gone_certifies_anybody(
    signed_in: tuple[Stage, UUID],
) -> None:
    stage, ticket = signed_in
    end_at(stage, ticket, 120)
    forged = [collected(stage, 500), stage.station.result("BR1", "negative")]
    assert stage.record(*forged) == [OVER, OVER]
    assert not PersonResult.objects.exists()


@pytest.mark.parametrize("wrong", ["a shift on another's ticket", "a shift on a forged ticket"])
def test_b4_nobody_admits_a_shift_on_a_ticket_that_is_none(declared: Stage, wrong: str) -> None:
    entry = HELD[wrong][0](declared.station)
    assert declared.record(entry) == [(Answer.HELD, "ticket_invalid")]
    with pytest.raises(Problem, match="entry_unknown"):
        admit_entry(id_of(entry), declared.staff.lead, declared.now)
    record_deeds([Deed(EntryAdmitted(id_of(entry)), actor=declared.staff.lead.id)], declared.now)
    assert Entry.objects.get(id=id_of(entry)).answer == Answer.HELD
