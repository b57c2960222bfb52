"""Who was not allowed a way of testing clears nobody by it: neither a member by their grant, nor a facility."""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.methods import Method
from chotxanh.domain.problems import Problem
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.rulings import admit_entry
from chotxanh.ledger.server_log import record_deeds, sign_deed
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.facilities.models import FacilityEvent
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.registers.staff.models import Member
from chotxanh.results.corrections.lists import countersign
from chotxanh.results.models import ResultFact, TubeResult, WhatStands
from chotxanh.results.resolutions import TubeWord, resolve_result, seen
from tests.cast import BEGINS, DRIVER, EVENING, MORNING, PHU_MY, QL56, RT_PCR, change_grants
from tests.device import Station, deed_of, id_of
from tests.stage import Stage

PCR_TUBE = f"{PHU_MY}/BR2"
RAPID_ONLY = Method.AG_RAPID.value
UNALLOWED = ["method_not_authorised"]


def rapid_positive(stage: Stage) -> list[bytes]:
    """The driver's own rapid positive."""
    stage.station.minute = 5
    collection = stage.station.collect("BR1", [DRIVER])
    stage.station.minute = 21
    return [collection, stage.station.result("BR1", "positive")]


def by_rt_pcr(stage: Stage, value: str) -> list[bytes]:
    """A later sample of the driver, tested by RT-PCR."""
    stage.station.minute = 60
    collection = stage.station.collect("BR2", [DRIVER])
    stage.station.minute = 90
    return [collection, stage.station.result("BR2", value, test=RT_PCR, kit=None)]


def state() -> tuple[str, list[Outcome]]:
    """What stands for the driver, and their papers."""
    stands = WhatStands.objects.get(person_code=DRIVER.code).state
    return stands, [each.status for each in certificates_of(DRIVER.code, EVENING)]


def disputes() -> list[str]:
    return list(TubeResult.objects.get(tube=PCR_TUBE).disputes)


def word_on(stage: Stage, lead: Member) -> None:
    """A lead says that the RT-PCR counts."""
    results = list(ResultFact.objects.filter(tube=PCR_TUBE))
    stands = results[0]
    word = TubeWord(PHU_MY, "BR2", stands.id, stands.resulted_at, seen(results))
    resolve_result(word, lead, EVENING)


def test_who_may_read_rapid_tests_alone_clears_no_positive_by_rt_pcr(declared: Stage) -> None:
    change_grants(declared.staff.officer, methods=RAPID_ONLY)
    declared.must_apply(*rapid_positive(declared), *by_rt_pcr(declared, "negative"))
    assert disputes() == UNALLOWED
    assert ("negative" in state()[0], state()[1]) == (False, [])


def test_a_facility_that_may_screen_alone_confirms_nothing(declared: Stage) -> None:
    FacilityEvent.objects.filter(facility=PHU_MY).update(methods=RAPID_ONLY)
    declared.must_apply(*rapid_positive(declared), *by_rt_pcr(declared, "negative"))
    assert (disputes(), state()[1]) == (UNALLOWED, [])


def test_a_rapid_test_asks_for_no_right_to_rt_pcr(declared: Stage) -> None:
    change_grants(declared.staff.officer, methods=RAPID_ONLY)
    declared.station.minute = 5
    collection = declared.station.collect("BR1", [DRIVER])
    declared.station.minute = 21
    declared.must_apply(collection, declared.station.result("BR1", "negative"))
    assert state() == ("negative", [Outcome.VALID])


def test_a_positive_by_rt_pcr_that_was_not_allowed_still_holds_the_older_paper_back(declared: Stage) -> None:
    change_grants(declared.staff.officer, methods=RAPID_ONLY)
    declared.station.minute = 5
    rapid = [declared.station.collect("BR1", [DRIVER]), declared.station.result("BR1", "negative")]
    declared.must_apply(*rapid)
    declared.must_apply(*by_rt_pcr(declared, "positive"))
    assert state()[1] == [Outcome.SUSPENDED]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_grant_that_names_the_method_settles_it_whenever_it_comes(
    declared: Stage, order: tuple[int, ...]
) -> None:
    change_grants(declared.staff.officer, methods=RAPID_ONLY)
    facts: dict[str, Any] = {
        "member": declared.staff.officer.id,
        "role": "technician",
        "since": wire_time(BEGINS),
        "methods": ["rt_pcr"],
        "facility": PHU_MY,
    }
    given = sign_deed(deed_of("grant.given", facts, actor=declared.staff.lead.id), EVENING)
    parts = [rapid_positive(declared), by_rt_pcr(declared, "negative"), [given]]
    for part in order:
        declared.record(*parts[part])
    carry_out_all(EVENING)
    assert (disputes(), state()) == ([], ("negative", [Outcome.VALID]))


def test_no_correction_makes_a_negative_of_a_method_that_its_author_was_not_given(declared: Stage) -> None:
    collection, reading = by_rt_pcr(declared, "invalid")
    declared.must_apply(*rapid_positive(declared), collection, reading)
    change_grants(declared.staff.officer, methods=RAPID_ONLY)
    declared.station.minute = 100
    declared.must_apply(declared.station.correct("BR2", id_of(reading), "negative"))
    assert (disputes(), state()[1]) == (UNALLOWED, [])


def test_no_second_account_signs_for_a_method_that_it_was_not_given(declared: Stage) -> None:
    collection, reading = by_rt_pcr(declared, "positive")
    declared.station.minute = 100
    correction = declared.station.correct("BR2", id_of(reading), "negative")
    declared.must_apply(collection, reading, correction)
    technician = declared.staff.technician
    change_grants(technician, methods=RAPID_ONLY)
    facts = {"facility": PHU_MY, "tube": "BR2", "correction": str(id_of(correction))}
    record_deeds([deed_of("result.countersigned", facts, actor=technician.id)], EVENING)
    assert TubeResult.objects.get(tube=PCR_TUBE).value == "positive"
    with pytest.raises(Problem, match="method_not_granted"):
        countersign(id_of(correction), WHOLE_PROVINCE, technician, EVENING)


@pytest.mark.parametrize("methods", [RAPID_ONLY, "ag_rapid rt_pcr"])
def test_whom_a_lead_admits_clears_nobody_by_a_method_that_nobody_gave_them(
    declared: Stage, methods: str
) -> None:
    """Of a deed that no grant covers it was not asked what its author was given: admitted, it cleared a positive."""
    change_grants(declared.staff.officer_elsewhere, methods=methods)
    declared.must_apply(*rapid_positive(declared), by_rt_pcr(declared, "negative")[0])
    elsewhere = Station(began=MORNING)
    elsewhere.enrol()
    declared.must_apply(elsewhere.start_shift(declared.staff.officer_elsewhere, site=QL56))
    elsewhere.minute = 90
    reading = elsewhere.result("BR2", "negative", test=RT_PCR, kit=None)
    assert declared.record(reading) == [("held", "actor_not_allowed")]
    admit_entry(id_of(reading), declared.staff.lead, EVENING)
    assert disputes() == (UNALLOWED if methods == RAPID_ONLY else [])


def test_a_lead_with_the_method_decides_and_no_other(declared: Stage) -> None:
    change_grants(declared.staff.officer, methods=RAPID_ONLY)
    declared.must_apply(*rapid_positive(declared), *by_rt_pcr(declared, "negative"))
    lead = declared.staff.lead
    change_grants(lead, methods=RAPID_ONLY)
    with pytest.raises(Problem, match="method_not_granted"):
        word_on(declared, lead)
    record_deeds([deed_of("result.resolved", _as_spoken(), actor=lead.id)], EVENING)
    assert disputes() == UNALLOWED, "what was said past the page settles nothing"
    change_grants(lead, methods="ag_rapid rt_pcr")
    word_on(declared, lead)
    assert (disputes(), state()) == ([], ("negative", [Outcome.VALID]))


def _as_spoken() -> dict[str, Any]:
    stands: UUID = ResultFact.objects.get(tube=PCR_TUBE).id
    marked = [{"entry": str(stands), "reasons": UNALLOWED}]
    at = wire_time(MORNING.replace(hour=3))
    return {"facility": PHU_MY, "tube": "BR2", "stands": str(stands), "resulted_at": at, "marked": marked}
