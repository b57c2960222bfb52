"""Taking a positive back: two accounts of one facility, in any order, and only until the person has been told."""

from datetime import datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.problems import Problem
from chotxanh.ledger.entries import EntryWithdrawn
from chotxanh.ledger.rulings import withdraw_entry
from chotxanh.ledger.server_log import Deed, record_deeds, sign_deed
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.staff.models import Member
from chotxanh.results.corrections.models import TakenBack
from chotxanh.results.models import ResultFact, TubeResult, WhatStands
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.results.resolutions import TubeWord, resolve_result, seen
from tests.cast import AG_RAPID, ANY_TIME, CHAU_DUC, DRIVER, EVENING, MORNING, PHU_MY, change_grants
from tests.device import MINUTE, WHY, deed_of, id_of
from tests.stage import Stage

READ, CORRECTED, SIGNED = 20, 30, 40


def at(minute: int) -> datetime:
    return MORNING + minute * MINUTE


def signature(correction: UUID, by: Member, facility: str = PHU_MY) -> Deed:
    more = {} if facility == PHU_MY else {"collected_by": PHU_MY}
    facts = {"facility": facility, "tube": "BR1", "correction": str(correction)} | more
    return deed_of("result.countersigned", facts, actor=by.id)


def telling(result: UUID, by: Member | None, way: str = "call") -> Deed:
    facts = {
        "facility": PHU_MY,
        "tube": "BR1",
        "result": str(result),
        "person_code": DRIVER.code,
        "way": way,
    }
    return deed_of("result.told", facts, actor=by.id if by else None)


def corrected(stage: Stage, value: str = "negative") -> tuple[UUID, UUID]:
    """A positive, corrected by the officer who read it; return both entries."""
    stage.station.minute = 0
    collection = stage.station.collect("BR1", [DRIVER])
    stage.station.minute = READ
    positive = stage.station.result("BR1", "positive")
    stage.station.minute = CORRECTED
    correction = stage.station.correct("BR1", id_of(positive), value)
    stage.must_apply(collection, positive, correction)
    return id_of(positive), id_of(correction)


def papers() -> list[Outcome]:
    return [each.status for each in certificates_of(DRIVER.code, EVENING)]


def test_a_positive_corrected_by_one_account_still_speaks(declared: Stage) -> None:
    corrected(declared)
    assert TubeResult.objects.get().value == "positive"
    assert not TubeResult.objects.get().is_disputed
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"
    assert papers() == []


def test_the_second_account_gives_the_paper_with_the_time_of_the_first_reading(declared: Stage) -> None:
    _, correction = corrected(declared)
    record_deeds([signature(correction, declared.staff.technician)], at(SIGNED))
    assert papers() == [Outcome.VALID]
    assert certificates_of(DRIVER.code, EVENING)[0].resulted_at == at(READ)
    kept = TakenBack.objects.get()
    assert (kept.state, kept.signer, kept.was, kept.value) == (
        "signed",
        declared.staff.technician.id,
        "positive",
        "negative",
    )


def test_the_same_account_signing_its_own_correction_has_no_effect(declared: Stage) -> None:
    _, correction = corrected(declared)
    record_deeds([signature(correction, declared.staff.officer)], at(SIGNED))
    assert papers() == []
    assert TakenBack.objects.get().state == "waits"


def test_a_lead_who_corrected_is_not_the_second_account_by_any_way(declared: Stage) -> None:
    """The lead's word counted as the second account, even where the lead had corrected."""
    declared.station.minute = 0
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = READ
    positive = declared.station.result("BR1", "positive")
    declared.must_apply(collection, positive)
    facts = {"facility": PHU_MY, "tube": "BR1", "corrects": str(id_of(positive)), "value": "negative"}
    own = deed_of("result.corrected", facts | {"reason": "wrong_value"}, actor=declared.staff.lead.id)
    correction = record_deeds([own], at(CORRECTED))[0].id
    assert correction
    record_deeds([signature(correction, declared.staff.lead)], at(SIGNED))
    word = TubeWord(PHU_MY, "BR1", correction, at(READ), seen(ResultFact.objects.all()))
    with pytest.raises(Problem, match="correction_unsigned"):
        resolve_result(word, declared.staff.lead, EVENING)
    assert papers() == []


def settled_as(declared: Stage, reading: UUID, reason: str) -> None:
    """A lead may not say that this reading stands."""
    word = TubeWord(PHU_MY, "BR1", reading, at(READ), seen(ResultFact.objects.all()))
    with pytest.raises(Problem, match=reason):
        resolve_result(word, declared.staff.lead, EVENING)
    assert papers() == []


def positive_read(declared: Stage) -> UUID:
    declared.station.minute = 0
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = READ
    positive = declared.station.result("BR1", "positive")
    declared.must_apply(collection, positive)
    return id_of(positive)


def test_a_lead_settles_no_positive_with_a_reading_of_their_own(declared: Stage) -> None:
    """One account read once more and said that the second reading stands: the positive had a paper."""
    positive_read(declared)
    facts = {"facility": PHU_MY, "tube": "BR1", "test": str(AG_RAPID), "kit": str(ANY_TIME)}
    own = deed_of("result.recorded", facts | {"value": "negative"}, actor=declared.staff.lead.id)
    reading = record_deeds([own], at(CORRECTED))[0].id
    assert reading
    settled_as(declared, reading, "correction_own")


def test_a_lead_settles_no_positive_that_somebody_was_told(declared: Stage) -> None:
    positive = positive_read(declared)
    record_deeds([telling(positive, declared.staff.lead)], at(READ + 1))
    declared.station.minute = CORRECTED
    again = declared.station.result("BR1", "negative")
    declared.must_apply(again)
    settled_as(declared, id_of(again), "correction_told")


@pytest.mark.parametrize("order", list(permutations(range(2))))
@pytest.mark.parametrize(("told", "paper"), [(READ + 5, False), (SIGNED, False), (SIGNED + 5, True)])
def test_a_leads_word_takes_no_positive_back_that_somebody_was_told_in_any_order(
    declared: Stage, order: tuple[int, ...], told: int, *, paper: bool
) -> None:
    """A call that was noted at a station without a line came up later: the lead's word had given a paper by then."""
    positive = positive_read(declared)
    declared.station.minute = CORRECTED
    again = declared.station.result("BR1", "negative")
    declared.must_apply(again)
    known = [str(positive), str(id_of(again))]
    facts = {"facility": PHU_MY, "tube": "BR1", "stands": known[1], "considered": known}
    word = deed_of(
        "result.resolved", facts | {"resulted_at": wire_time(at(READ))}, actor=declared.staff.lead.id
    )
    call = telling(positive, declared.staff.technician)
    said = [sign_deed(call, at(told)), sign_deed(word, at(SIGNED))]
    for place in order:
        declared.must_apply(said[place])
    assert (Outcome.VALID in papers()) is paper


def test_a_lead_settles_no_line_seen_late_with_a_reading_of_their_own(declared: Stage) -> None:
    """Only of a positive was it asked who had read it otherwise: a line was taken back by one account."""
    declared.station.minute = 0
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = READ
    line = declared.station.result("BR1", "read_late", line_seen=True)
    declared.must_apply(collection, line)
    facts = {"facility": PHU_MY, "tube": "BR1", "test": str(AG_RAPID), "kit": str(ANY_TIME)}
    own = deed_of("result.recorded", facts | {"value": "negative"}, actor=declared.staff.lead.id)
    reading = record_deeds([own], at(CORRECTED))[0].id
    assert reading
    settled_as(declared, reading, "correction_own")


def test_a_correction_by_whose_grant_had_ended_gives_no_older_paper_back(declared: Stage) -> None:
    """It was disputed, signed all the same, and took the positive away from the paper of the morning."""
    older = [declared.station.collect("BR0", [DRIVER]), declared.station.result("BR0", "negative")]
    declared.must_apply(*older)
    ends_at = at(CORRECTED - 1)
    change_grants(declared.staff.officer, until=ends_at, valid_to=ends_at)
    _, correction = corrected(declared)
    record_deeds([signature(correction, declared.staff.technician)], at(SIGNED))
    assert papers() == [Outcome.SUSPENDED]


def test_an_account_of_another_facility_does_not_sign(declared: Stage) -> None:
    _, correction = corrected(declared)
    with pytest.raises(Problem, match="actor_not_allowed"):
        record_deeds([signature(correction, declared.staff.officer_elsewhere)], at(SIGNED))
    record_deeds([signature(correction, declared.staff.officer_elsewhere, CHAU_DUC)], at(SIGNED))
    assert papers() == []


def test_two_accounts_of_a_facility_that_did_not_read_it_take_nothing_back(declared: Stage) -> None:
    """Whoever tests anywhere could turn any facility's positive into a paper."""
    declared.station.minute = 0
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = READ
    positive = declared.station.result("BR1", "positive")
    declared.must_apply(collection, positive)
    tube = {"facility": CHAU_DUC, "collected_by": PHU_MY, "tube": "BR1"}
    facts = tube | {"corrects": str(id_of(positive)), "value": "negative", "reason": "wrong_value"}
    elsewhere = deed_of("result.corrected", facts, actor=declared.staff.officer_elsewhere.id)
    correction = record_deeds([elsewhere], at(CORRECTED))[0].id
    assert correction
    record_deeds([signature(correction, declared.staff.lead, CHAU_DUC)], at(SIGNED))
    assert papers() == []
    assert TubeResult.objects.get().value == "positive"


def test_a_signature_taken_back_keeps_the_paper_back_again(declared: Stage) -> None:
    _, correction = corrected(declared)
    signed = record_deeds([signature(correction, declared.staff.technician)], at(SIGNED))[0].id
    assert signed
    withdraw_entry(EntryWithdrawn(signed, "slip_of_the_hand"), declared.staff.lead, EVENING)
    assert papers() == [Outcome.REVOKED]
    assert TakenBack.objects.get().state == "waits"


def test_a_correction_of_an_unsigned_correction_takes_the_positive_back_too(declared: Stage) -> None:
    _, first = corrected(declared, "invalid")
    second = declared.station.correct("BR1", first, "negative")
    declared.must_apply(second)
    assert TubeResult.objects.get().value == "positive"
    record_deeds([signature(id_of(second), declared.staff.technician)], at(SIGNED))
    assert TubeResult.objects.get().value == "negative"
    assert TubeResult.objects.get().disputes == []


def test_back_to_positive_needs_nobody_else(declared: Stage) -> None:
    _, correction = corrected(declared)
    record_deeds([signature(correction, declared.staff.technician)], at(SIGNED))
    declared.station.minute = SIGNED + 5
    declared.must_apply(declared.station.correct("BR1", correction, "positive"))
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_a_second_account_does_not_depend_on_the_order_of_arrival(
    declared: Stage, order: tuple[int, ...]
) -> None:
    declared.station.minute = 0
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.station.minute = READ
    positive = declared.station.result("BR1", "positive")
    declared.station.minute = CORRECTED
    correction = declared.station.correct("BR1", id_of(positive), "negative")
    acts: list[Any] = [
        lambda: declared.must_apply(positive),
        lambda: declared.must_apply(correction),
        lambda: record_deeds([signature(id_of(correction), declared.staff.technician)], at(SIGNED)),
        lambda: record_deeds([telling(id_of(positive), declared.staff.lead)], at(SIGNED + 5)),
    ]
    for place in order:
        acts[place]()
    assert papers()[:1] == [Outcome.VALID]
    assert TakenBack.objects.get().state == "signed"


@pytest.mark.parametrize("order", list(permutations(range(2))))
@pytest.mark.parametrize("told", [CORRECTED - 5, CORRECTED, SIGNED - 5, SIGNED])
def test_once_somebody_was_told_nobody_takes_it_back(
    declared: Stage, told: int, order: tuple[int, ...]
) -> None:
    """Field rule A1: a correction dated after it is kept, marked, and has no effect until the CDC rules."""
    positive, correction = corrected(declared)
    acts: list[Any] = [
        lambda: record_deeds([telling(positive, declared.staff.lead)], at(told)),
        lambda: record_deeds([signature(correction, declared.staff.technician)], at(SIGNED)),
    ]
    for place in order:
        acts[place]()
    assert TakenBack.objects.get().state == "after_telling"
    assert WhatStands.objects.get(person_code=DRIVER.code).state == "screening_positive"
    assert Outcome.VALID not in papers()
    closing = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "Nhập nhầm"}
    record_deeds([deed_of("followup.closed", closing, WHY, actor=declared.staff.physician.id)], EVENING)
    assert not WhatStands.objects.filter(state="screening_positive").exists()


def test_telling_that_was_noted_by_mistake_is_as_if_it_had_not_been(declared: Stage) -> None:
    positive, correction = corrected(declared)
    told = record_deeds([telling(positive, declared.staff.lead)], at(CORRECTED - 1))[0].id
    record_deeds([signature(correction, declared.staff.technician)], at(SIGNED))
    assert papers() == []
    assert told
    withdraw_entry(EntryWithdrawn(told, "slip_of_the_hand"), declared.staff.lead, EVENING)
    assert papers() == [Outcome.VALID]


def test_what_the_own_page_told_nobody_takes_back(declared: Stage) -> None:
    positive, correction = corrected(declared)
    told = record_deeds([telling(positive, None, "page")], at(CORRECTED - 1))[0].id
    assert told
    withdraw_entry(EntryWithdrawn(told, "slip_of_the_hand"), declared.staff.lead, EVENING)
    record_deeds([signature(correction, declared.staff.technician)], EVENING)
    assert papers() == []


def test_telling_something_else_keeps_no_correction_back(declared: Stage) -> None:
    """An invalid reading that was told, then said to be positive by a slip, and mended."""
    declared.station.minute = 0
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = READ
    reading = declared.station.result("BR1", "invalid")
    declared.must_apply(collection, reading)
    record_deeds([telling(id_of(reading), declared.staff.lead)], at(READ + 1))
    declared.station.minute = CORRECTED
    slip = declared.station.correct("BR1", id_of(reading), "positive")
    declared.station.minute = CORRECTED + 1
    mended = declared.station.correct("BR1", id_of(slip), "negative")
    declared.must_apply(slip, mended)
    record_deeds([signature(id_of(mended), declared.staff.technician)], at(SIGNED))
    assert TubeResult.objects.get().value == "negative"
