"""Companions of a positive in a household stand as contacts until it was taken away (field rule A2)."""

from datetime import timedelta
from itertools import permutations

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.ledger.server_log import record_deeds
from chotxanh.results.models import WhatStands
from chotxanh.results.queries import PersonState, standing_of
from tests.cast import ASSISTANT, DRIVER, EVENING, PASSENGER, Person
from tests.device import deed_of
from tests.stage import Stage

FAMILY = [DRIVER, ASSISTANT]


def swabbed(
    stage: Stage, tube: str, people: list[Person], value: str, minute: int, **facts: bool
) -> list[bytes]:
    stage.station.minute = minute
    collection = stage.station.collect(tube, people, **facts)
    stage.station.minute = minute + 16
    return [collection, stage.station.result(tube, value)]


def statuses(person: Person) -> list[Outcome]:
    return [each.status for each in certificates_of(person.code, EVENING)]


def acts(stage: Stage) -> list[list[bytes]]:
    """A household tested in the morning; one of them is positive an hour later, the other rapidly negative after."""
    return [
        swabbed(stage, "BR1", FAMILY, "negative", 5, is_household=True),
        swabbed(stage, "BR2", [DRIVER], "positive", 60),
        swabbed(stage, "BR3", [ASSISTANT], "negative", 90),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_lives_with_a_positive_gets_and_keeps_no_paper_in_any_order(
    declared: Stage, order: tuple[int, ...]
) -> None:
    tubes = acts(declared)
    for place in order:
        declared.must_apply(*tubes[place])
    assert Outcome.VALID not in statuses(ASSISTANT)
    assert standing_of(ASSISTANT.code).state is PersonState.CONTACT
    stands = WhatStands.objects.get(person_code=ASSISTANT.code)
    assert (stands.state, stands.order) == ("contact", "rt_pcr")


def test_a_false_alarm_frees_the_household_with_its_own_times(declared: Stage) -> None:
    for tube in acts(declared):
        declared.must_apply(*tube)
    facts = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "RT-PCR âm tính"}
    record_deeds([deed_of("followup.closed", facts, actor=declared.staff.physician.id)], EVENING)
    assert statuses(ASSISTANT) == [Outcome.VALID, Outcome.VALID]
    assert standing_of(ASSISTANT.code).state is PersonState.NEGATIVE


def test_that_the_positive_recovers_frees_nobody_but_a_physician_may(declared: Stage) -> None:
    for tube in acts(declared):
        declared.must_apply(*tube)
    for code, outcome, state in (
        (DRIVER.code, "recovered", PersonState.CONTACT),
        (ASSISTANT.code, "isolation_completed", PersonState.NEGATIVE),
    ):
        facts = {"person_code": code, "outcome": outcome, "reason": "QĐ 12"}
        record_deeds([deed_of("followup.closed", facts, actor=declared.staff.physician.id)], EVENING)
        assert standing_of(ASSISTANT.code).state is state


def test_people_of_one_tube_who_do_not_live_together_are_no_companions(declared: Stage) -> None:
    declared.must_apply(*swabbed(declared, "BR1", [DRIVER, PASSENGER], "negative", 5))
    declared.must_apply(*swabbed(declared, "BR2", [DRIVER], "positive", 60))
    assert statuses(PASSENGER) == [Outcome.VALID]


def test_who_meets_a_positive_again_after_the_release_is_a_contact_again(declared: Stage) -> None:
    for tube in acts(declared):
        declared.must_apply(*tube)
    facts = {"person_code": ASSISTANT.code, "outcome": "isolation_completed", "reason": "QĐ 12"}
    released_at = declared.station.began + timedelta(minutes=150)
    record_deeds([deed_of("followup.closed", facts, actor=declared.staff.physician.id)], released_at)
    assert standing_of(ASSISTANT.code).state is PersonState.NEGATIVE
    declared.must_apply(*swabbed(declared, "BR4", FAMILY, "negative", 200, is_household=True))
    assert standing_of(ASSISTANT.code).state is PersonState.CONTACT
