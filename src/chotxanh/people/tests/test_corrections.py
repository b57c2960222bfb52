"""Who somebody is: of name, birth and number the latest word of a lead stands, and groups follow."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.marks import Mark
from chotxanh.domain.problems import Problem
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import record_deeds
from chotxanh.people.details import Personal
from chotxanh.people.groups import codes_together
from chotxanh.people.models import ClaimedCode, Registration
from chotxanh.people.queries import details_of
from chotxanh.people.search import found_by_name
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import ASSISTANT, DRIVER, EVENING, RIDER
from tests.correcting import correct_person, correction_of
from tests.device import deed_of, id_of
from tests.stage import Stage

SECOND_CODE = new_code(CodeType.PERSON, b"0123456789abcdef")
NAME, NUMBER = "Nguyễn Văn Dũng", "077085000124"


@pytest.fixture
def driver(stage: Stage) -> UUID:
    """The registration of the driver."""
    return stage.must_apply(stage.station.register(DRIVER))[0]


@pytest.fixture
def again(stage: Stage, driver: UUID) -> UUID:
    """A second registration of the driver, under another code: the machine finds them alike."""
    return stage.must_apply(stage.station.register(DRIVER, person_code=SECOND_CODE))[0]


def correct(stage: Stage, registration: UUID, minutes: int = 0, **said: Any) -> UUID:
    """Let the lead correct the driver, so many minutes after the evening."""
    at = EVENING + timedelta(minutes=minutes)
    return correct_person(registration, DRIVER, stage.staff.lead.id, at, **said)


def erase(stage: Stage, entry: UUID) -> None:
    """Have the personal part of an entry blanked."""
    facts = {"entry": entry, "basis": "request"}
    record_deeds([deed_of("personal.erased", facts, actor=stage.staff.data_protection.id)], EVENING)


def known_of(registration: UUID) -> Personal:
    """Return what is known of a person."""
    details = details_of(registration)
    assert details is not None
    return details


def test_what_is_not_corrected_stays_as_it_was_declared(stage: Stage, driver: UUID) -> None:
    before = known_of(driver)
    correct(stage, driver, full_name=NAME)
    assert known_of(driver) == Personal(
        NAME, before.birth_date, before.id_number, before.phone, before.address
    )
    assert [each.id for each in found_by_name(NAME, None, 9)] == [driver]
    assert found_by_name(DRIVER.full_name, None, 9) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_each_thing_the_latest_word_stands_in_any_order_of_arrival(
    stage: Stage, driver: UUID, order: tuple[int, ...]
) -> None:
    words: list[dict[str, Any]] = [
        {"full_name": "Nguyễn Văn Dương", "born": date(1980, 1, 1)},
        {"full_name": NAME},
        {"id_number": NUMBER},
    ]
    for minute in order:
        correct(stage, driver, minute, **words[minute])
    known = known_of(driver)
    assert (known.full_name, known.birth_date, known.id_number) == (NAME, "1980-01-01", NUMBER)
    assert Registration.objects.get().birth_year == 1980


def test_a_correction_may_come_before_its_registration(stage: Stage) -> None:
    entry = stage.station.register(DRIVER)
    correct(stage, id_of(entry), full_name=NAME)
    stage.must_apply(entry)
    assert known_of(id_of(entry)).full_name == NAME


def test_a_correction_that_names_another_code_speaks_of_nobody(stage: Stage, driver: UUID) -> None:
    correct_person(driver, ASSISTANT, stage.staff.lead.id, full_name=NAME)
    assert known_of(driver).full_name == DRIVER.full_name


def test_a_number_that_was_wrong_can_be_taken_away(stage: Stage, driver: UUID, again: UUID) -> None:
    correct(stage, driver, id_number=None)
    assert known_of(driver).id_number is None
    assert codes_together([DRIVER.code]) == {DRIVER.code}


def test_who_is_corrected_leaves_one_group_and_comes_into_another(
    stage: Stage, driver: UUID, again: UUID
) -> None:
    assert codes_together([DRIVER.code]) == {DRIVER.code, SECOND_CODE}
    correct(stage, driver, id_number=NUMBER)
    assert codes_together([DRIVER.code]) == {DRIVER.code}
    assert codes_together([SECOND_CODE]) == {SECOND_CODE}
    correct(stage, driver, 1, id_number=DRIVER.id_number)
    assert codes_together([SECOND_CODE]) == {DRIVER.code, SECOND_CODE}


def test_who_was_linked_to_a_person_goes_with_them_and_who_was_only_found_alike_stays(
    stage: Stage, driver: UUID, again: UUID
) -> None:
    (rider,) = stage.must_apply(stage.station.register(RIDER))
    facts = {"registration": rider, "group": driver, "reason": "papers_seen"}
    record_deeds([deed_of("registration.linked", facts, actor=stage.staff.lead.id)], EVENING)
    correct(stage, driver, id_number=NUMBER)
    assert codes_together([DRIVER.code]) == {DRIVER.code, RIDER.code}
    assert codes_together([SECOND_CODE]) == {SECOND_CODE}


def test_a_code_is_claimed_by_one_person_once_the_name_that_differed_is_corrected(
    stage: Stage, driver: UUID
) -> None:
    personal = DRIVER.personal() | {"full_name": NAME}
    stage.must_apply(stage.station.entry("person.registered", DRIVER.facts(), personal))
    assert ClaimedCode.objects.get().marks == Mark.CODE_CLAIMED_TWICE
    correct(stage, driver, full_name=NAME)
    assert ClaimedCode.objects.get().marks == Mark.NONE


@pytest.mark.parametrize("is_erased_first", [True, False])
def test_nobody_is_found_by_what_was_erased(stage: Stage, driver: UUID, *, is_erased_first: bool) -> None:
    if is_erased_first:
        erase(stage, driver)
    correction = correct(stage, driver, full_name=NAME)
    if not is_erased_first:
        erase(stage, driver)
    assert details_of(driver) is None
    assert found_by_name(NAME, None, 9) == []
    erase(stage, correction)
    assert not Entry.objects.filter(kind__startswith="person.", personal__isnull=False).exists()


def test_what_was_erased_of_a_correction_does_not_bring_the_older_name_back(
    stage: Stage, driver: UUID
) -> None:
    erase(stage, correct(stage, driver, full_name=NAME))
    assert details_of(driver) is None
    assert found_by_name(DRIVER.full_name, None, 9) == []


def test_only_a_lead_at_the_office_says_who_somebody_is(stage: Stage, driver: UUID) -> None:
    facts, personal = correction_of(driver, DRIVER.code, full_name=NAME)
    at_station = stage.station.entry("person.corrected", facts, personal)
    assert stage.record(at_station) == [("held", "actor_not_allowed")]
    for member in (stage.staff.officer, stage.staff.technician, stage.staff.data_protection):
        with pytest.raises(Problem, match="not_allowed"):
            record_deeds([deed_of("person.corrected", facts, personal, actor=member.id)], EVENING)
    with pytest.raises(Problem, match="actor_missing"):
        record_deeds([deed_of("person.corrected", facts, personal)], EVENING)
    assert known_of(driver).full_name == DRIVER.full_name


@pytest.mark.parametrize(
    ("facts", "personal"),
    [
        ({"corrects": []}, {}),
        ({"corrects": ["name", "name"]}, {}),
        ({"corrects": ["birth"]}, {"full_name": None}),
        ({}, {"full_name": None}),
        ({}, {"full_name": "\u200b"}),
        ({}, {"id_number": NUMBER}),
        ({}, {"birth_date": "1985-03-05"}),
        ({"birth_year": 1985, "birth_precision": "day"}, {}),
        ({"corrects": ["birth"], "birth_year": 1985}, {"full_name": None, "birth_date": "1985-03-05"}),
    ],
)
def test_a_correction_says_what_it_speaks_of_and_nothing_else(
    stage: Stage, driver: UUID, facts: dict[str, Any], personal: dict[str, Any]
) -> None:
    said, sealed = correction_of(driver, DRIVER.code, full_name=NAME)
    at_station = stage.station.entry("person.corrected", said | facts, sealed | personal)
    assert stage.record(at_station) == [("rejected", "payload_invalid")]


def test_a_rebuild_finds_the_same_corrections(stage: Stage, driver: UUID, again: UUID) -> None:
    correct(stage, driver, full_name=NAME, born=date(1980, 1, 1))
    correct(stage, driver, 1, id_number=NUMBER)
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before
