"""What a lead links parts nobody: no paper that another registration took away comes back by it."""

from http import HTTPStatus
from itertools import permutations
from uuid import UUID

import pytest
from django.test import Client

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.ledger.models import Entry
from chotxanh.people.groups import groups_of, same_people
from chotxanh.people.models import Link, Registration
from chotxanh.results.models import PersonResult
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import ASSISTANT, DRIVER, EVENING, PASSENGER, RIDER, WALKER, Person
from tests.device import member_facts
from tests.stage import Stage

SECOND, THIRD = (new_code(CodeType.PERSON, bytes([number] * 16)) for number in (2, 3))


def sample(stage: Stage, tube: str, person: Person, value: str, code: str | None = None) -> None:
    """Let somebody be sampled alone, under a code of theirs, and the tube be read."""
    stage.must_apply(stage.station.collect(tube, [person], members=[member_facts(code or person.code)]))
    stage.station.minute += 20
    stage.must_apply(stage.station.result(tube, value))
    stage.station.minute += 20


def registration_of(code: str) -> UUID:
    return Registration.objects.get(person_code=code).id


def link(lead: Client, code: str, other: str, reason: str = "papers_seen") -> int:
    """Press the button of a link on one person's page; return the status."""
    address = f"/office/people/{registration_of(code)}/link"
    return lead.post(address, {"link_code": other, "link_reason": reason}).status_code


def unlink(lead: Client, code: str) -> None:
    lead.post(f"/office/people/{registration_of(code)}/unlink", {"link_reason": "wrong_before"})


def papers(code: str = DRIVER.code) -> list[str]:
    """Return what became of the papers of somebody's negatives."""
    found = PersonResult.objects.filter(person_code=code, value="negative")
    return list(found.values_list("paper", flat=True))


def are_one(*codes: str) -> bool:
    """Say whether a person joined all of these codes, each with all the others."""
    return all(same.own >= set(codes) for same in same_people(codes).values())


@pytest.fixture
def suspended(declared: Stage, lead: Client) -> Stage:
    """The driver's paper is suspended: a lead said that the walker, who is positive, is the same person."""
    sample(declared, "BR1", DRIVER, "negative")
    sample(declared, "BR2", WALKER, "positive")
    assert papers() == ["stands"]
    assert link(lead, DRIVER.code, WALKER.code) == HTTPStatus.SEE_OTHER
    assert papers() == ["suspended"]
    return declared


@pytest.fixture
def twin(declared: Stage) -> Stage:
    """The driver registered twice, and is positive under the second code: a machine found them alike."""
    sample(declared, "BR1", DRIVER, "negative")
    declared.must_apply(declared.station.register(DRIVER, person_code=SECOND))
    sample(declared, "BR2", DRIVER, "positive", SECOND)
    assert papers() == ["suspended"]
    return declared


def test_the_same_said_again_is_refused_from_either_side_and_parts_nobody(
    suspended: Stage, lead: Client
) -> None:
    for one, other in permutations((DRIVER.code, WALKER.code)):
        assert link(lead, one, other, "person_asked") == HTTPStatus.CONFLICT
    assert papers() == ["suspended"]
    assert are_one(DRIVER.code, WALKER.code)
    page = lead.post(
        f"/office/people/{registration_of(WALKER.code)}/link",
        {"link_code": DRIVER.code, "link_reason": "papers_seen"},
    )
    assert "đã được ghép là cùng một người" in page.content.decode()


@pytest.mark.parametrize("is_from_the_third", [False, True])
@pytest.mark.parametrize("first", [DRIVER, WALKER])
def test_a_third_linked_to_either_of_two_joins_both_and_gives_no_paper_back(
    suspended: Stage, lead: Client, first: Person, is_from_the_third: bool
) -> None:
    pair = (RIDER.code, first.code) if is_from_the_third else (first.code, RIDER.code)
    assert link(lead, *pair) == HTTPStatus.SEE_OTHER
    assert papers() == ["suspended"]
    assert are_one(DRIVER.code, WALKER.code, RIDER.code)
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


@pytest.mark.parametrize("number", range(6))
def test_two_pairs_are_linked_whole(suspended: Stage, lead: Client, number: int) -> None:
    assert link(lead, RIDER.code, PASSENGER.code) == HTTPStatus.SEE_OTHER
    everybody = (DRIVER.code, WALKER.code, RIDER.code, PASSENGER.code)
    across = [pair for pair in permutations(everybody, 2) if len({*pair} & {DRIVER.code, WALKER.code}) == 1]
    assert link(lead, *across[number]) == HTTPStatus.SEE_OTHER
    assert are_one(*everybody)
    assert papers() == ["suspended"]


def test_whom_only_a_machine_finds_alike_stays_so_and_is_joined_by_nobody(twin: Stage, lead: Client) -> None:
    """Whoever registers with a photographed card is shown nothing, whatever is linked beside them."""
    assert link(lead, DRIVER.code, RIDER.code) == HTTPStatus.SEE_OTHER
    assert papers() == ["suspended"]
    same = same_people([DRIVER.code])[DRIVER.code]
    assert (set(same.own), set(same.alike)) == ({DRIVER.code, RIDER.code}, {SECOND})


def test_what_would_part_somebody_is_refused_until_they_are_unlinked(twin: Stage, lead: Client) -> None:
    """Both have a twin that only a machine found: whoever is linked to the other leaves one."""
    twin.must_apply(twin.station.register(ASSISTANT, person_code=THIRD))
    before = groups_of(Registration.objects.values_list("id", flat=True))
    answer = lead.post(
        f"/office/people/{registration_of(DRIVER.code)}/link",
        {"link_code": ASSISTANT.code, "link_reason": "papers_seen"},
    )
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Hãy tách lần khai không cùng người trước" in answer.content.decode()
    assert groups_of(Registration.objects.values_list("id", flat=True)) == before
    assert not Entry.objects.filter(kind="registration.linked").exists()
    assert papers() == ["suspended"]
    unlink(lead, THIRD)
    assert link(lead, DRIVER.code, ASSISTANT.code) == HTTPStatus.SEE_OTHER
    assert are_one(DRIVER.code, ASSISTANT.code)
    assert papers() == ["suspended"]


def test_who_was_unlinked_is_linked_again_without_their_twin(twin: Stage, lead: Client) -> None:
    unlink(lead, DRIVER.code)
    assert papers() == ["stands"]  # so it was asked
    assert link(lead, RIDER.code, DRIVER.code) == HTTPStatus.SEE_OTHER
    assert are_one(RIDER.code, DRIVER.code)
    assert SECOND not in same_people([DRIVER.code])[DRIVER.code].all


def test_two_that_changed_places_by_an_older_version_are_linked_again(declared: Stage, lead: Client) -> None:
    one, other = registration_of(DRIVER.code), registration_of(WALKER.code)
    for id, named in ((one, other), (other, one)):
        Link.objects.create(
            id=UUID(int=id.int + 1), registration=id, named_group=named, is_linked=True, effective_at=EVENING
        )
    assert not are_one(DRIVER.code, WALKER.code)
    assert link(lead, DRIVER.code, WALKER.code) == HTTPStatus.SEE_OTHER
    assert are_one(DRIVER.code, WALKER.code)
