"""Companions of a positive in a household stand as contacts until it was taken away (field rule A2)."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.tubes import tube_named
from chotxanh.ledger.entries import EntryWithdrawn
from chotxanh.ledger.rulings import withdraw_entry
from chotxanh.ledger.server_log import record_deeds
from chotxanh.results.followups.models import Call
from chotxanh.results.models import WhatStands
from chotxanh.results.queries import PersonState, standing_of
from tests.cast import ASSISTANT, DRIVER, EVENING, PASSENGER, PHU_MY, RIDER, RT_PCR, Person
from tests.device import MINUTE, WHY, collection_facts, deed_of, id_of
from tests.stage import Stage

FAMILY = [DRIVER, ASSISTANT]
ANEW = new_code(CodeType.PERSON, b"0123456789abcdef")


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


def contact_calls() -> list[tuple[str, datetime]]:
    """Who is to be called as a contact, and since when that is known."""
    calls = Call.objects.filter(reason="contact", closed_at=None).order_by("person_code")
    return list(calls.values_list("person_code", "known_at"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_h1_a_contact_is_called_since_the_positive_is_known_in_any_order(
    declared: Stage, order: tuple[int, ...]
) -> None:
    """Their page promised a call, and they stood on no list."""
    tubes = acts(declared)
    for place in order:
        declared.must_apply(*tubes[place])
    assert contact_calls() == [(ASSISTANT.code, declared.station.began + 76 * MINUTE)]


def test_h1_a_contact_is_called_no_more_once_the_positive_is_taken_away(declared: Stage) -> None:
    for tube in acts(declared):
        declared.must_apply(*tube)
    facts = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "RT-PCR âm tính"}
    record_deeds([deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)], EVENING)
    assert contact_calls() == []


def test_h1_who_was_told_as_a_contact_stays_told(declared: Stage, client: Client) -> None:
    for tube in acts(declared):
        declared.must_apply(*tube)
    client.force_login(declared.staff.lead)
    noted = {"facility": PHU_MY, "person_code": ASSISTANT.code, "reason": "contact", "outcome": "reached"}
    (call,) = Call.objects.filter(reason="contact")
    assert client.post("/office/calls", noted | {"tube": tube_named(call.tube).barcode}).status_code == 302
    assert contact_calls() == []
    declared.station.minute = 120
    declared.must_apply(declared.station.collect("BR9", [ASSISTANT]))
    assert contact_calls() == []


def test_a_false_alarm_frees_the_household_with_its_own_times(declared: Stage) -> None:
    for tube in acts(declared):
        declared.must_apply(*tube)
    facts = {"person_code": DRIVER.code, "outcome": "not_confirmed", "reason": "RT-PCR âm tính"}
    record_deeds([deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)], EVENING)
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
        record_deeds([deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)], EVENING)
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
    record_deeds([deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)], released_at)
    assert standing_of(ASSISTANT.code).state is PersonState.NEGATIVE
    declared.must_apply(*swabbed(declared, "BR4", FAMILY, "negative", 200, is_household=True))
    assert standing_of(ASSISTANT.code).state is PersonState.CONTACT


def test_that_they_met_again_after_the_recovery_undoes_no_earlier_meeting(declared: Stage) -> None:
    """Sampling the household once more, without any result, gave the contact back every paper."""
    for tube in acts(declared):
        declared.must_apply(*tube)
    facts = {"person_code": DRIVER.code, "outcome": "recovered", "reason": "QĐ 12"}
    recovered_at = declared.station.began + timedelta(minutes=150)
    record_deeds([deed_of("followup.closed", facts, WHY, actor=declared.staff.physician.id)], recovered_at)
    declared.station.minute = 200
    declared.must_apply(declared.station.collect("BR4", FAMILY, is_household=True))
    assert Outcome.VALID not in statuses(ASSISTANT)


def swabbed_anew(stage: Stage, tube: str, value: str, minute: int, **tested: Any) -> None:
    """Somebody is sampled under the code that they got by registering once more."""
    stage.station.minute = minute
    stage.must_apply(
        stage.station.entry("specimen.collected", collection_facts(tube, [ANEW]) | tested),
        stage.station.result(tube, value, **tested),
    )


@pytest.mark.parametrize("is_first", [True, False])
def test_a_contact_who_registers_anew_is_a_contact_still(declared: Stage, *, is_first: bool) -> None:
    """The new code was green; and with a contact in the group the registration itself could not be recorded."""
    register = declared.station.register(ASSISTANT, person_code=ANEW)
    if is_first:
        declared.must_apply(register)
    for tube in acts(declared):
        declared.must_apply(*tube)
    if not is_first:
        declared.must_apply(register)
    swabbed_anew(declared, "BR8", "negative", 120)
    assert Outcome.VALID not in [each.status for each in certificates_of(ANEW, EVENING)]


def test_a_positive_under_another_code_makes_the_household_contacts(declared: Stage) -> None:
    declared.must_apply(*swabbed(declared, "BR1", FAMILY, "negative", 5, is_household=True))
    declared.must_apply(declared.station.register(DRIVER, person_code=ANEW))
    swabbed_anew(declared, "BR2", "positive", 60)
    assert statuses(ASSISTANT) == [Outcome.SUSPENDED]
    swabbed_anew(declared, "BR3", "negative", 120, test=RT_PCR, kit=None)
    assert statuses(ASSISTANT) == [Outcome.VALID]


def said_of_who_is_who(stage: Stage, what: str, minute: int, **said: UUID) -> None:
    facts = {"registration": stage.station.registrations[ANEW], "reason": "other"} | said
    at = stage.station.began + minute * MINUTE
    record_deeds([deed_of(f"registration.{what}", facts, actor=stage.staff.lead.id)], at)


def test_what_is_unlinked_from_a_positive_lifts_nothing_of_the_household_either(declared: Stage) -> None:
    """The positive spoke again, and the papers of those who live with them were not looked at."""
    first = declared.station.registrations[DRIVER.code]
    declared.must_apply(declared.station.register(DRIVER, person_code=ANEW))
    said_of_who_is_who(declared, "linked", 2, group=first)
    declared.must_apply(*swabbed(declared, "BR1", FAMILY, "negative", 5, is_household=True))
    declared.must_apply(*swabbed(declared, "BR2", [DRIVER], "positive", 60))
    swabbed_anew(declared, "BR3", "negative", 120, test=RT_PCR, kit=None)
    assert statuses(ASSISTANT) == [Outcome.VALID]
    said_of_who_is_who(declared, "unlinked", 200)
    assert statuses(ASSISTANT) == [Outcome.SUSPENDED]


def test_who_is_linked_with_a_contact_can_be_unlinked(declared: Stage) -> None:
    first = declared.station.registrations[ASSISTANT.code]
    declared.must_apply(declared.station.register(ASSISTANT, person_code=ANEW))
    said_of_who_is_who(declared, "linked", 2, group=first)
    for tube in acts(declared):
        declared.must_apply(*tube)
    said_of_who_is_who(declared, "unlinked", 200)
    assert standing_of(ASSISTANT.code).state is PersonState.CONTACT


def test_a_contact_of_one_household_who_is_of_another_too_keeps_nobody_from_being_sampled(
    declared: Stage,
) -> None:
    declared.must_apply(*swabbed(declared, "BR0", [ASSISTANT, RIDER], "negative", 1, is_household=True))
    for tube in acts(declared):
        declared.must_apply(*tube)
    declared.must_apply(*swabbed(declared, "BR8", [RIDER], "negative", 120))
    assert statuses(RIDER) == [Outcome.VALID, Outcome.VALID]


def test_who_lives_with_whom_is_known_though_the_sampling_under_a_positive_was_taken_back(
    declared: Stage,
) -> None:
    """The doctors' page: a household's sampling under a positive is not taken back, and they stay a household."""
    pool = swabbed(declared, "BR1", FAMILY, "positive", 5, is_household=True)
    declared.must_apply(*pool)
    withdrawal = EntryWithdrawn(id_of(pool[0]), "slip_of_the_hand")
    withdraw_entry(withdrawal, declared.staff.lead, declared.station.began + 30 * MINUTE)
    declared.must_apply(*swabbed(declared, "BR2", [DRIVER], "positive", 60))
    declared.must_apply(*swabbed(declared, "BR3", [ASSISTANT], "negative", 90))
    assert standing_of(ASSISTANT.code).state is PersonState.CONTACT
    assert statuses(ASSISTANT) == []
