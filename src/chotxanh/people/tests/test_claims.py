"""Whose a code is, and whom a sampling names: what named a registration is untouched by who claims the code later."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from chotxanh.domain.marks import Mark
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import record_deeds
from chotxanh.people.claims import claims_of
from chotxanh.people.models import ClaimedCode
from chotxanh.protocol.envelope import wire_time
from chotxanh.results.models import PersonResult
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, PHU_MY, Person
from tests.device import Station, collection_facts, deed_of, id_of, member_facts
from tests.reached import certificates_in_force
from tests.stage import Stage


def sample(stage: Stage, registration: UUID | None, tube: str = "BR1", value: str = "negative") -> UUID:
    """Have the driver's code sampled, by the registration or by the bare code; return the collection."""
    facts = collection_facts(tube, [DRIVER.code])
    facts["members"] = [member_facts(DRIVER.code, registration=registration)]
    entry = stage.station.entry("specimen.collected", facts)
    stage.must_apply(entry)
    stage.station.minute += 20
    stage.must_apply(stage.station.result(tube, value))
    return id_of(entry)


def claim(stage: Stage, person: Person = ASSISTANT, minute: int = 60) -> UUID:
    """Let somebody register under the driver's code, at that minute of the morning."""
    station = Station(began=MORNING + timedelta(minutes=minute))
    station.enrol()
    shift = station.start_shift(stage.staff.officer)
    entry = station.register(person, person_code=DRIVER.code)
    stage.must_apply(shift, entry)
    return id_of(entry)


def name(stage: Stage, collection: UUID, registration: UUID) -> None:
    """Let a lead say who was sampled."""
    facts = {
        "facility": PHU_MY,
        "tube": "BR1",
        "stands": collection,
        "sampled_at": wire_time(MORNING),
        "considered": [collection],
        "people": [{"person_code": DRIVER.code, "registration": registration}],
    }
    record_deeds([deed_of("specimen.resolved", facts, actor=stage.staff.lead.id)], EVENING)


def holders() -> list[UUID]:
    """Return whose the certificates in force are."""
    return [each[2] for each in certificates_in_force()]


@pytest.fixture
def driver(stage: Stage) -> UUID:
    """The registration of the driver."""
    return stage.must_apply(stage.station.register(DRIVER))[0]


@pytest.mark.parametrize("is_claimed_first", [True, False])
def test_a6_what_named_a_registration_stands_whoever_claims_the_code(
    stage: Stage, driver: UUID, *, is_claimed_first: bool
) -> None:
    if is_claimed_first:
        claim(stage)
    sample(stage, driver)
    if not is_claimed_first:
        claim(stage)
    assert holders() == [driver]
    assert Entry.objects.filter(kind="certificate.revoked").count() == 0
    assert ClaimedCode.objects.get().marks == Mark.CODE_CLAIMED_TWICE


def test_what_was_sampled_under_the_bare_code_waits_for_a_leads_word(stage: Stage, driver: UUID) -> None:
    collection = sample(stage, None)
    assert holders() == [driver]
    stranger = claim(stage)
    assert holders() == []
    assert PersonResult.objects.get().registration is None
    name(stage, collection, stranger)
    assert holders() == [stranger]


@pytest.mark.parametrize("is_claimed_by_another", [False, True])
@pytest.mark.parametrize("gave_number", [True, False])
def test_a_positive_bears_on_whoever_registers_again_under_the_code(
    stage: Stage, driver: UUID, *, gave_number: bool, is_claimed_by_another: bool
) -> None:
    """A window that registered a positive once more gave a paper for the next rapid negative."""
    if is_claimed_by_another:
        claim(stage)
    sample(stage, driver, "BR1", "positive")
    changed = {} if gave_number else {"id_number": None}
    (again,) = stage.must_apply(
        stage.station.entry("person.registered", DRIVER.facts(), DRIVER.personal() | changed)
    )
    sample(stage, again, "BR2")
    assert holders() == []


def test_a_positive_takes_away_what_the_same_person_holds_by_an_earlier_registration(
    stage: Stage, driver: UUID
) -> None:
    sample(stage, driver)
    sample(stage, claim(stage, DRIVER), "BR2", "positive")
    assert Entry.objects.filter(kind="certificate.suspended").count() == 1


def test_a_positive_of_another_who_claims_the_code_takes_nothing_away(stage: Stage, driver: UUID) -> None:
    sample(stage, driver)
    sample(stage, claim(stage), "BR2", "positive")
    assert holders() == [driver]


def test_a_lead_names_only_who_claims_the_code(stage: Stage, driver: UUID) -> None:
    collection = sample(stage, None)
    claim(stage)
    (other,) = stage.must_apply(stage.station.register(ASSISTANT))
    name(stage, collection, other)
    assert holders() == []
    name(stage, collection, driver)
    assert holders() == [driver]


def test_a_leads_word_changes_nothing_about_whom_an_officer_named(stage: Stage, driver: UUID) -> None:
    collection = sample(stage, driver)
    name(stage, collection, claim(stage))
    assert holders() == [driver]


@pytest.mark.parametrize("minute", [-60, 60])
def test_of_two_registrations_of_one_identity_the_earliest_owns_the_code_and_nothing_waits(
    stage: Stage, driver: UUID, minute: int
) -> None:
    sample(stage, None)
    again = claim(stage, DRIVER, minute)
    assert ClaimedCode.objects.get().marks == Mark.NONE
    assert holders() == [again if minute < 0 else driver]
    assert len(certificates_in_force()) == 1
    assert claims_of([DRIVER.code])[DRIVER.code].owner == holders()[0]


def test_a_number_that_only_one_of_them_gave_makes_nobody_another(stage: Stage, driver: UUID) -> None:
    personal = DRIVER.personal() | {"id_number": None}
    stage.must_apply(stage.station.entry("person.registered", DRIVER.facts(), personal))
    assert ClaimedCode.objects.get().marks == Mark.NONE
    other = DRIVER.personal() | {"id_number": "077085000999"}
    stage.must_apply(stage.station.entry("person.registered", DRIVER.facts(), other))
    assert ClaimedCode.objects.get().marks == Mark.CODE_CLAIMED_TWICE


def test_a_registration_that_was_named_before_it_came_is_waited_for(stage: Stage) -> None:
    late = stage.station.register(DRIVER)
    sample(stage, id_of(late))
    assert holders() == []
    stage.must_apply(late)
    assert holders() == [id_of(late)]


def test_a_registration_of_another_code_is_nobody_under_this_one(stage: Stage, driver: UUID) -> None:
    (other,) = stage.must_apply(stage.station.register(ASSISTANT))
    sample(stage, other)
    assert holders() == []


def test_the_certificate_is_of_the_category_that_the_officer_saw(stage: Stage, driver: UUID) -> None:
    stage.must_apply(stage.station.declare(DRIVER, category="coach_passenger"))
    sample(stage, driver)
    body = json.loads(Entry.objects.get(kind="certificate.issued").body)
    assert body["facts"]["category"] == DRIVER.category


def test_a_rebuild_finds_the_same_claims(stage: Stage, driver: UUID) -> None:
    collection = sample(stage, None)
    name(stage, collection, claim(stage))
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before
