"""A ticket proves work within its hours: nobody is signed for ever (B1, B2)."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from chotxanh.domain.kinds import Answer
from chotxanh.domain.marks import Mark
from chotxanh.domain.problems import Problem
from chotxanh.ledger.entries import EntryAdmitted
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rulings import admit_entry, refuse_entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.tests.bad_entries import HELD
from chotxanh.registers.devices.tickets import end_tickets
from chotxanh.results.models import PersonResult
from chotxanh.specimens.models import Tube
from tests.cast import DRIVER, RIDER
from tests.device import MINUTE, id_of
from tests.stage import Stage

OVER = (Answer.HELD, "ticket_over")
APPLIED = (Answer.APPLIED, None)


@pytest.fixture
def signed_in(declared: Stage) -> tuple[Stage, UUID]:
    """An officer at work since minute 60, on a ticket issued then and good for eight hours."""
    station, ticket = declared.station, uuid4()
    station.minute = 60
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


def test_b2_what_is_dated_before_the_sign_in_it_was_written_after_is_held(
    signed_in: tuple[Stage, UUID],
) -> None:
    """The officer's morning shift in the same log does not prove it either: its numbers were given out before."""
    stage, _ = signed_in
    assert stage.record(collected(stage, 30)) == [OVER]


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
    for order in permutations(entries):
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


@pytest.mark.parametrize(("minutes", "is_taken_back"), [(14, True), (16, False)])
def test_a_leads_word_at_a_station_counts_while_they_have_just_signed_in(
    signed_in: tuple[Stage, UUID], minutes: float, *, is_taken_back: bool
) -> None:
    stage, _ = signed_in
    station, lead = stage.station, stage.staff.lead
    deed = collected(stage, 100)
    station.minute = 110
    issued = station.began + 110 * MINUTE
    stage.must_apply(deed, station.start_shift(lead, ticket=station.ticket(lead, issued_at=issued)))
    station.minute = 110 + minutes
    stage.must_apply(
        station.entry("entry.withdrawn", {"entry": str(id_of(deed)), "reason": "slip_of_the_hand"})
    )
    marks = Mark(Entry.objects.get(id=id_of(deed)).marks)
    assert (Mark.WITHDRAWN in marks) is is_taken_back


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
