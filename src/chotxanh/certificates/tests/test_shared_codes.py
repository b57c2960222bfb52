"""A code that people of different identities claim: whose test it was must be known before it gives anybody a paper."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, PASSENGER, RT_PCR, Person
from tests.device import Station, collection_facts, id_of, member_facts
from tests.reached import certificates_in_force
from tests.stage import Stage

BY_PCR: dict[str, Any] = {"test": RT_PCR, "kit": None}


def swabbed(
    stage: Stage, tube: str, people: list[dict[str, Any]], value: str, minute: int, **tested: Any
) -> None:
    """Sample these members of a tube, and read it 16 minutes later; several live together."""
    stage.station.minute = minute
    facts = collection_facts(tube, [each["person_code"] for each in people])
    facts |= {"members": people, "is_household": len(people) > 1} | tested
    collection = stage.station.entry("specimen.collected", facts)
    stage.station.minute = minute + 16
    stage.must_apply(collection, stage.station.result(tube, value, **tested))


def named(person: Person, registration: UUID | None, seen: str = "no") -> dict[str, Any]:
    return member_facts(person.code, registration=registration, identity_seen=seen)


def claimed_by(stage: Stage, person: Person) -> UUID:
    """Somebody registers under the driver's code, at another window."""
    station = Station(began=MORNING + timedelta(minutes=1))
    station.enrol()
    shift = station.start_shift(stage.staff.officer)
    entry = station.register(person, person_code=DRIVER.code)
    stage.must_apply(shift, entry)
    return id_of(entry)


@pytest.fixture
def driver(declared: Stage) -> UUID:
    return declared.station.registrations[DRIVER.code]


def holders() -> set[UUID]:
    """Whose the certificates in force are."""
    return {each[2] for each in certificates_in_force()}


def test_what_waits_for_whose_it_is_takes_nobodys_positive_away(declared: Stage, driver: UUID) -> None:
    """RT-PCR of the bare code gave the driver's older paper back, whoever had been sampled."""
    swabbed(declared, "BR1", [named(DRIVER, driver)], "negative", 5)
    swabbed(declared, "BR2", [named(DRIVER, driver)], "positive", 40)
    claimed_by(declared, ASSISTANT)
    swabbed(declared, "BR3", [named(DRIVER, None)], "negative", 90, **BY_PCR)
    assert holders() == set()


def test_what_waits_for_whose_it_is_warns_of_each_who_claims_the_code(declared: Stage, driver: UUID) -> None:
    swabbed(declared, "BR1", [named(DRIVER, driver)], "negative", 5)
    claimed_by(declared, ASSISTANT)
    swabbed(declared, "BR2", [named(DRIVER, None)], "positive", 40)
    assert holders() == set()


@pytest.mark.parametrize("is_drivers", [True, False])
def test_who_has_another_code_too_lifts_nothing_of_whom_they_share_one_with(
    declared: Stage, driver: UUID, *, is_drivers: bool
) -> None:
    """The wife, seen with her paper, had registered under her husband's code: each took the other's positive away."""
    her_own, wife = declared.station.registrations[ASSISTANT.code], claimed_by(declared, ASSISTANT)
    swabbed(declared, "BR1", [named(DRIVER, wife, "card")], "negative", 2)
    swabbed(declared, "BR2", [named(DRIVER, driver, "card")], "negative", 5)
    swabbed(declared, "BR3", [named(ASSISTANT, her_own, "card")], "negative", 8)
    his, hers = named(DRIVER, driver, "card"), named(ASSISTANT, her_own, "card")
    swabbed(declared, "BR4", [his if is_drivers else hers], "positive", 40)
    swabbed(declared, "BR5", [hers if is_drivers else his], "negative", 90, **BY_PCR)
    assert (driver if is_drivers else her_own) not in holders()


@pytest.mark.parametrize("is_own", [True, False])
def test_only_the_positives_own_rt_pcr_frees_who_lives_with_them(
    declared: Stage, driver: UUID, *, is_own: bool
) -> None:
    """A stranger under the same code was negative, and the contact's paper was given back."""
    stranger = claimed_by(declared, PASSENGER)
    swabbed(declared, "BR1", [named(DRIVER, driver), member_facts(ASSISTANT.code)], "negative", 5)
    swabbed(declared, "BR2", [named(DRIVER, driver)], "positive", 40)
    swabbed(declared, "BR3", [named(DRIVER, driver if is_own else stranger)], "negative", 90, **BY_PCR)
    papers = [each.status for each in certificates_of(ASSISTANT.code, EVENING)]
    assert papers == [Outcome.VALID if is_own else Outcome.SUSPENDED]
