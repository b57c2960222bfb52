"""Who gets a certificate, what it says, and when it no longer holds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from chotxanh.certificates import decisions
from chotxanh.certificates.decisions import decide
from chotxanh.certificates.issuing import Holder, issue_certificate
from chotxanh.certificates.models import Certificate, Decision
from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.hcert.certificates import RESULT_NOT_DETECTED, decode
from chotxanh.domain.hcert.schema import fault_on_issue
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.models import SetAside
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.devices.node import node_id
from chotxanh.registers.facilities.entries import FacilityRegistered
from chotxanh.registers.facilities.models import Facility
from chotxanh.results.models import RecollectionOrder, ResultFact
from chotxanh.results.people import PersonResultRow
from chotxanh.results.queries import PersonState, standing_of
from chotxanh.results.resolutions import TubeWord, resolve_collection, resolve_result, seen
from chotxanh.site.cards import person_cards
from chotxanh.specimens.models import Collection
from chotxanh.verification.checking import verify_certificate
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, PASSENGER, PHU_MY, RIDER, TRAVELLERS, Person
from tests.device import MINUTE, collection_facts, deed_of, id_of
from tests.stage import Stage

POOL = list(TRAVELLERS)
SAMPLED_AT, RESULTED_AT = MORNING + 5 * MINUTE, MORNING + 21 * MINUTE


def sample(stage: Stage, people: list[Person], value: str, tube: str = "BR1", minute: float = 5) -> UUID:
    """Sample people into one tube and read it 16 minutes later; return the result's id."""
    stage.station.minute = minute
    collection = stage.station.collect(tube, people)
    stage.station.minute = minute + 16
    result = stage.station.result(tube, value)
    stage.must_apply(collection, result)
    return id_of(result)


def correct(stage: Stage, corrects: UUID, value: str, minute: float = 60) -> UUID:
    """Correct a result; return the correction's id."""
    stage.station.minute = minute
    correction = stage.station.correct("BR1", corrects, value)
    stage.must_apply(correction)
    return id_of(correction)


def in_force_for(person: Person) -> list[tuple[datetime, datetime, datetime | None]]:
    """Return the times of a person's certificates in force."""
    held = certificates_of(person.code, EVENING)
    valid = [each for each in held if each.status is Outcome.VALID]
    return [(each.sampled_at, each.resulted_at, each.valid_until) for each in valid]


def statuses(person: Person) -> list[Outcome]:
    """Return how a person's certificates stand, newest first."""
    return [each.status for each in certificates_of(person.code, EVENING)]


def text_of(person: Person) -> str:
    """Return the text of a person's newest certificate."""
    text = certificates_of(person.code, EVENING)[0].text
    assert text is not None
    return text


def claims_of(person: Person) -> Any:
    """Return what a person's certificate carries."""
    return decode(text_of(person)).claims


def test_a_negative_pool_of_five_gives_five_certificates(declared: Stage) -> None:
    result = sample(declared, POOL, "negative")
    assert Certificate.objects.count() == 5
    for person in POOL:
        claims = claims_of(person)
        content = claims.certificate
        assert fault_on_issue(content) is None
        assert content["t"][0]["tr"] == RESULT_NOT_DETECTED
        assert content["t"][0]["sc"] == "2021-07-25T01:05:00Z"
        assert content["dob"] == person.birth.isoformat()
        assert f"{content['nam']['fn']} {content['nam']['gn']}" == person.full_name
        private = claims.private
        assert private is not None
        assert private["resulted_at"] == int(RESULTED_AT.timestamp())
        assert private["category"] == person.category
    assert set(Certificate.objects.values_list("result", flat=True)) == {result}
    assert len(set(Certificate.objects.values_list("uvci", flat=True))) == 5


@pytest.mark.parametrize(
    ("person", "counts_from"), [(DRIVER, RESULTED_AT), (PASSENGER, SAMPLED_AT), (RIDER, SAMPLED_AT)]
)
def test_the_rule_says_from_when_72_hours_count(
    declared: Stage, person: Person, counts_from: datetime
) -> None:
    sample(declared, [person], "negative")
    assert in_force_for(person) == [(SAMPLED_AT, RESULTED_AT, counts_from + timedelta(hours=72))]


@pytest.mark.parametrize("value", ["positive", "invalid", "inconclusive"])
def test_a_pool_that_is_not_negative_gives_nobody_a_result(declared: Stage, value: str) -> None:
    sample(declared, [DRIVER, ASSISTANT], value)
    assert not Certificate.objects.exists()
    for person in (DRIVER, ASSISTANT):
        assert standing_of(person.code).state is PersonState.RECOLLECT
        assert RecollectionOrder.objects.get(person_code=person.code, closed_by=None).reason == value


def test_a_single_positive_is_the_persons_own_and_certifies_nothing(declared: Stage) -> None:
    sample(declared, [DRIVER], "positive")
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE
    assert not Certificate.objects.exists()
    assert not RecollectionOrder.objects.exists()


def test_each_recollection_closes_with_that_persons_own_result(declared: Stage) -> None:
    sample(declared, [DRIVER, ASSISTANT], "positive")
    own = sample(declared, [DRIVER], "negative", "BR2", minute=60)
    orders = {order.person_code: order.closed_by for order in RecollectionOrder.objects.all()}
    assert orders == {DRIVER.code: own, ASSISTANT.code: None}
    assert standing_of(DRIVER.code).state is PersonState.NEGATIVE
    assert len(in_force_for(DRIVER)) == 1
    assert standing_of(ASSISTANT.code).state is PersonState.RECOLLECT


def test_a_correction_to_positive_revokes_and_issues_none(declared: Stage) -> None:
    first = sample(declared, [DRIVER], "negative")
    old = text_of(DRIVER)
    correct(declared, first, "positive")
    assert statuses(DRIVER) == [Outcome.REVOKED]
    assert verify_certificate(old, EVENING).outcome is Outcome.REVOKED
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE


def confirm(stage: Stage, correction: UUID) -> None:
    """A second account of the facility signs a correction."""
    facts = {"facility": PHU_MY, "tube": "BR1", "correction": str(correction)}
    record_deeds([deed_of("result.countersigned", facts, actor=stage.staff.technician.id)], EVENING)


def test_a_positive_is_corrected_only_by_two_accounts(declared: Stage) -> None:
    """Field rule A1: papers are kept back until both have signed, older ones are suspended meanwhile."""
    sample(declared, [DRIVER], "negative", "BR0", minute=1)
    first = sample(declared, [DRIVER], "positive")
    correction = correct(declared, first, "negative")
    assert standing_of(DRIVER.code).state is PersonState.POSITIVE
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    confirm(declared, correction)
    assert statuses(DRIVER) == [Outcome.VALID, Outcome.VALID]


def test_a3_a_correction_to_negative_never_restarts_the_clock(declared: Stage) -> None:
    first = sample(declared, [DRIVER], "positive")
    confirm(declared, correct(declared, first, "negative"))
    assert in_force_for(DRIVER) == [(SAMPLED_AT, RESULTED_AT, RESULTED_AT + timedelta(hours=72))]
    assert claims_of(DRIVER).private["resulted_at"] == int(RESULTED_AT.timestamp())


def test_a3_a_correction_of_a_correction_counts_from_the_first_result(declared: Stage) -> None:
    first = sample(declared, [DRIVER], "negative")
    again = correct(declared, correct(declared, first, "positive"), "negative", minute=90)
    assert statuses(DRIVER) == [Outcome.REVOKED]
    confirm(declared, again)
    assert statuses(DRIVER) == [Outcome.VALID, Outcome.SUPERSEDED]
    assert in_force_for(DRIVER)[0][1] == RESULTED_AT


def test_a_dispute_suspends_and_its_resolution_issues_with_the_confirmed_times(declared: Stage) -> None:
    first = sample(declared, [DRIVER], "negative")
    declared.station.minute = 30
    declared.must_apply(declared.station.result("BR1", "positive"))
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    assert standing_of(DRIVER.code).state is PersonState.DISPUTED
    confirmed = RESULTED_AT - MINUTE
    shown = seen(ResultFact.objects.all())
    resolve_result(TubeWord(PHU_MY, "BR1", first, confirmed, shown), declared.staff.lead, EVENING)
    assert in_force_for(DRIVER) == [(SAMPLED_AT, confirmed, confirmed + timedelta(hours=72))]


def test_a_tube_used_twice_certifies_only_whom_the_lead_confirms(declared: Stage) -> None:
    result = sample(declared, [DRIVER], "negative")
    declared.station.minute = 40
    again = declared.station.collect("BR1", [PASSENGER])
    declared.must_apply(again)
    assert statuses(DRIVER) == [Outcome.SUSPENDED]
    sampled_at = SAMPLED_AT + MINUTE
    shown = seen(Collection.objects.all())
    resolve_collection(TubeWord(PHU_MY, "BR1", id_of(again), sampled_at, shown), declared.staff.lead, EVENING)
    assert standing_of(PASSENGER.code).state is PersonState.DISPUTED, "whose result it is nobody has said"
    assert not in_force_for(PASSENGER)
    read = seen(ResultFact.objects.all())
    resolve_result(TubeWord(PHU_MY, "BR1", result, RESULTED_AT, read), declared.staff.lead, EVENING)
    assert in_force_for(DRIVER) == []
    assert in_force_for(PASSENGER) == [(sampled_at, RESULTED_AT, sampled_at + timedelta(hours=72))]


def test_a_result_before_its_sampling_certifies_nothing(declared: Stage) -> None:
    declared.station.minute = 1
    result = declared.station.result("BR1", "negative")
    declared.station.minute = 30
    declared.must_apply(result, declared.station.collect("BR1", [DRIVER]))
    assert standing_of(DRIVER.code).state is PersonState.DISPUTED
    assert not Certificate.objects.exists()


def test_a_code_that_two_people_claim_gets_and_keeps_no_certificate(declared: Stage) -> None:
    sample(declared, [DRIVER], "negative")
    old = text_of(DRIVER)
    other = ASSISTANT.facts() | {"person_code": DRIVER.code}
    declared.must_apply(declared.station.entry("person.registered", other, ASSISTANT.personal()))
    assert in_force_for(DRIVER) == []
    assert verify_certificate(old, EVENING).outcome is Outcome.SUSPENDED
    sample(declared, [DRIVER], "negative", "BR2", minute=60)
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("hours", [-3, 0])
@pytest.mark.parametrize("is_sampled_first", [True, False])
def test_of_a_code_that_two_people_claim_no_card_tells_a_result(
    declared: Stage, hours: int, *, is_sampled_first: bool
) -> None:
    other = ASSISTANT.facts() | {"person_code": DRIVER.code}
    backdated = wire_time(declared.station.began + timedelta(hours=hours))
    clock = declared.station.clock() | {"anchor": None, "state": "unknown"}
    if is_sampled_first:
        sample(declared, [DRIVER], "negative")
    claim = declared.station.entry(
        "person.registered", other, ASSISTANT.personal(), occurred_at=backdated, clock=clock
    )
    declared.must_apply(claim)
    if not is_sampled_first:
        sample(declared, [DRIVER], "negative")
    card = person_cards([DRIVER.code])[DRIVER.code]
    assert (card.state, card.last_result) == ("disputed", None)
    assert standing_of(DRIVER.code).state is PersonState.DISPUTED


@pytest.mark.parametrize("is_registered_first", [True, False])
def test_a_facility_that_is_registered_late_takes_no_certificate_from_anybody(
    declared: Stage, *, is_registered_first: bool
) -> None:
    Facility.objects.filter(code=PHU_MY).delete()
    registration = Deed(FacilityRegistered(PHU_MY, "Trung tâm Y tế Phú Mỹ"), actor=declared.staff.lead.id)
    if is_registered_first:
        record_deeds([registration], EVENING)
    sample(declared, [DRIVER], "negative")
    if not is_registered_first:
        record_deeds([registration], EVENING)
    assert Certificate.objects.count() == 1


def claim_too(stage: Stage, person: Person, code: str) -> None:
    """Let somebody declare under a code, whoever else did."""
    facts = person.facts() | {"person_code": code}
    stage.must_apply(stage.station.entry("person.registered", facts, person.personal()))


def test_a_code_that_two_people_claim_is_doubtful_before_anybody_is_sampled_under_it(declared: Stage) -> None:
    """Its card carried the paper that one of the two has under another code: green for the other."""
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    for person in (DRIVER, ASSISTANT):
        claim_too(declared, person, code)
    sample(declared, [DRIVER], "negative")
    assert person_cards([DRIVER.code])[DRIVER.code].last_result is not None
    card = person_cards([code])[code]
    assert (card.state, card.last_result) == ("disputed", None)
    assert standing_of(code).is_code_shared


@pytest.mark.parametrize("value", ["negative", "positive"])
def test_the_result_of_a_code_that_two_people_claim_is_on_no_other_card(declared: Stage, value: str) -> None:
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    for person in (DRIVER, ASSISTANT):
        claim_too(declared, person, code)
    declared.must_apply(declared.station.entry("specimen.collected", collection_facts("BR1", [code])))
    declared.station.minute = 20
    declared.must_apply(declared.station.result("BR1", value))
    cards = person_cards([DRIVER.code, ASSISTANT.code])
    state = "disputed" if value == "positive" else "declared"  # either may be the one who is positive
    assert [(card.state, card.last_result) for card in cards.values()] == [(state, None)] * 2


def test_who_declares_late_is_certified_then(stage: Stage) -> None:
    sample(stage, [DRIVER], "negative")
    assert not Certificate.objects.exists()
    stage.must_apply(stage.station.register(DRIVER))
    assert in_force_for(DRIVER) == [(SAMPLED_AT, RESULTED_AT, RESULTED_AT + timedelta(hours=72))]


def test_whose_details_were_erased_gets_no_certificate(stage: Stage) -> None:
    (entry,) = stage.must_apply(stage.station.register(DRIVER))
    officer = stage.staff.data_protection.id
    record_deeds([Deed(PersonalErased(entry, "request"), actor=officer)], EVENING)
    sample(stage, [DRIVER], "negative")
    assert not Certificate.objects.exists()
    assert standing_of(DRIVER.code).state is PersonState.NEGATIVE


def test_deciding_again_changes_nothing(declared: Stage) -> None:
    sample(declared, POOL, "negative")
    decide({person.code for person in POOL}, EVENING)
    assert (Certificate.objects.count(), Decision.objects.count()) == (5, 0)


def test_a_result_that_arrives_months_late_is_certified_as_over(declared: Stage) -> None:
    declared.now = datetime(2022, 7, 1, tzinfo=UTC)
    sample(declared, [DRIVER], "negative")
    assert verify_certificate(text_of(DRIVER), declared.now).outcome is Outcome.OVER


@pytest.mark.parametrize(
    "poison", [{"pool_size": 0}, {"uvci": ""}, {"person_code": "P"}], ids=["number", "text", "code"]
)
def test_b9_a_certificate_that_cannot_be_recorded_stops_nobodys_entries(
    declared: Stage, monkeypatch: pytest.MonkeyPatch, poison: dict[str, Any]
) -> None:
    """A poisoned time in one certificate of the server's own refused everybody's batch."""

    def poisoned(result: PersonResultRow, holder: Holder, now: datetime) -> Deed:
        deed = issue_certificate(result, holder, now)
        facts = replace(deed.facts, **poison) if result.person_code == DRIVER.code else deed.facts
        return Deed(facts, deed.personal)

    monkeypatch.setattr(decisions, "issue_certificate", poisoned)
    sample(declared, POOL, "negative")
    certified = {person.code for person in POOL if statuses(person) == [Outcome.VALID]}
    assert certified == {person.code for person in POOL} - {DRIVER.code}
    assert standing_of(DRIVER.code).state is PersonState.NEGATIVE
    kept = SetAside.objects.get()
    assert kept.device == node_id(), "leads of the province see that it was refused, and why"
    assert kept.problem


@pytest.mark.parametrize("name", ["王小明", "Madonna", "O'Brien-Ñandú", "Ý" * 200, "Иван Петров", "<<< 123"])
def test_a_name_of_any_script_does_not_stop_anybodys_entries(stage: Stage, name: str) -> None:
    personal = DRIVER.personal() | {"full_name": name}
    stage.must_apply(stage.station.entry("person.registered", DRIVER.facts(), personal))
    sample(stage, [DRIVER], "negative")
    assert verify_certificate(text_of(DRIVER), EVENING).outcome is Outcome.VALID


def test_who_was_born_before_1900_is_certified_without_a_date(stage: Stage) -> None:
    facts = DRIVER.facts() | {"birth_year": 1899, "birth_precision": "year"}
    stage.must_apply(
        stage.station.entry("person.registered", facts, DRIVER.personal() | {"birth_date": None})
    )
    sample(stage, [DRIVER], "negative")
    assert claims_of(DRIVER).certificate["dob"] == ""
