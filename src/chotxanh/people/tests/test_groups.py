"""Identity groups: one for each registration, by the latest word on it, else by equal identity; never along a chain."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import record_deeds, sign_deed
from chotxanh.people.groups import Group, Member, codes_together, groups_of, members_of
from chotxanh.people.models import Link, Registration
from chotxanh.protocol.envelope import wire_time
from chotxanh.registers.staff.models import Grant
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from chotxanh.specimens.seen import registrations_seen
from tests.cast import ASSISTANT, DRIVER, EVENING, MORNING, RIDER, change_grants
from tests.device import collection_facts, deed_of, member_facts
from tests.stage import Stage

NOON = datetime(2021, 7, 25, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALIKE = UUID(int=77)

pytestmark = pytest.mark.django_db


def register(code: str, identity: UUID | None = None) -> Registration:
    return Registration.objects.create(
        id=uuid4(),
        person_code=code,
        birth_year=1990,
        sex="male",
        language="vi",
        registered_at=NOON,
        identity_group=identity,
    )


def say(registration: Registration, group: UUID | None, at: datetime = NOON, id: UUID | None = None) -> UUID:
    """Let a lead link a registration to a group, or unlink it; return the entry."""
    link = Link.objects.create(
        id=id or uuid4(),
        registration=registration.id,
        named_group=group,
        is_linked=group is not None,
        effective_at=at,
    )
    return link.id


def group_of(registration: Registration) -> Group:
    return groups_of([registration.id])[registration.id]


def together(registration: Registration) -> dict[str, bool]:
    """Return the codes of a registration's group, and of each whether it is in it by a person."""
    group = group_of(registration)
    return {each.person_code: each.is_by_person for each in members_of([group])[group]}


def test_equal_identities_are_one_group_by_machine_alone_and_missing_ones_are_none() -> None:
    mai, again, hung, lan = (
        register("MAI", ALIKE),
        register("AGAIN", ALIKE),
        register("HUNG"),
        register("LAN"),
    )
    assert together(mai) == together(again) == {"MAI": False, "AGAIN": False}
    assert (together(hung), together(lan)) == ({"HUNG": False}, {"LAN": False})
    assert groups_of([UUID(int=5)]) == {}
    assert members_of([UUID(int=5)]) == {UUID(int=5): []}


class Counted(UUID):
    """A group that counts how often it is compared with another."""

    comparisons = 0
    __hash__ = UUID.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return super().__eq__(other)


def test_a_group_is_found_among_many_without_comparing_it_with_each() -> None:
    registered = [register(new_code(CodeType.PERSON, bytes([number] * 16))) for number in range(40)]
    Counted.comparisons = 0
    found = members_of([Counted(group_of(each).hex) for each in registered])
    assert sum(map(len, found.values())) == len(registered)
    assert Counted.comparisons < 10 * len(registered)


def test_a_link_joins_the_group_of_whom_it_names_by_a_person_on_both_sides() -> None:
    mai, _, hung = register("MAI", ALIKE), register("AGAIN", ALIKE), register("HUNG")
    say(hung, mai.id)
    assert together(mai) == {"MAI": True, "AGAIN": False, "HUNG": True}


def test_unlinking_gives_a_group_of_its_own_that_can_be_named() -> None:
    mai, again, hung = register("MAI", ALIKE), register("AGAIN", ALIKE), register("HUNG")
    own = say(mai, None)
    assert (group_of(mai), together(mai), together(again)) == (own, {"MAI": False}, {"AGAIN": False})
    say(hung, own)
    assert together(mai) == {"MAI": False, "HUNG": True}


def test_the_latest_word_stands_and_of_two_at_once_the_one_with_the_higher_number() -> None:
    mai, hung = register("MAI"), register("HUNG")
    say(hung, None, NOON + HOUR)
    say(hung, mai.id)
    assert together(mai) == {"MAI": False}
    say(hung, None, NOON + 2 * HOUR, UUID(int=1))
    say(hung, mai.id, NOON + 2 * HOUR, UUID(int=2))
    assert together(mai) == {"MAI": True, "HUNG": True}


def test_who_left_a_group_is_linked_no_more_by_those_who_stayed_whatever_is_asked_with_it() -> None:
    mai, hung, lan = register("MAI"), register("HUNG"), register("LAN")
    say(hung, mai.id)
    own = say(mai, None)
    say(lan, own)
    alone, both = members_of([own]), members_of([own, mai.id])
    assert both[own] == alone[own]
    assert together(mai) == {"MAI": False, "LAN": True}


def test_what_the_machine_keeps_of_an_erased_one_undoes_no_leads_word() -> None:
    """An erasure that named somebody undid the unlinking before it."""
    mai, hung = register("MAI"), register("HUNG")
    own = say(hung, None)
    later = NOON + HOUR
    Link.objects.create(
        id=uuid4(),
        registration=hung.id,
        named_group=mai.id,
        is_linked=True,
        is_by_machine=True,
        effective_at=later,
    )
    assert group_of(hung) == own


def test_a_link_leads_along_no_chain() -> None:
    mai, hung, lan = register("MAI"), register("HUNG"), register("LAN")
    say(hung, mai.id)
    say(lan, hung.id)
    assert together(mai) == {"MAI": True, "HUNG": True}
    assert together(lan) == {"LAN": True}


def test_a_link_to_whom_nobody_knows_yet_holds_once_they_come() -> None:
    mai, late = register("MAI"), uuid4()
    say(mai, late)
    assert group_of(mai) == late
    Registration.objects.create(
        id=late,
        person_code="LATE",
        birth_year=1990,
        sex="male",
        language="vi",
        registered_at=NOON,
        identity_group=ALIKE,
    )
    assert together(mai) == {"MAI": True, "LATE": True}
    assert group_of(mai) == ALIKE


def test_whose_paper_an_officer_saw_is_in_the_group_by_a_person(stage: Stage) -> None:
    code = new_code(CodeType.PERSON, b"0123456789abcdef")
    first, second = stage.must_apply(
        stage.station.register(DRIVER), stage.station.register(DRIVER, person_code=code)
    )
    for tube, seen, registration, own in (("BR1", "card", first, DRIVER.code), ("BR2", "no", second, code)):
        member = member_facts(own, registration=registration, identity_seen=seen)
        facts = collection_facts(tube, [own]) | {"members": [member]}
        stage.must_apply(stage.station.entry("specimen.collected", facts))
    group = groups_of([first])[first]
    members = sorted(
        [Member(first, DRIVER.code, True), Member(second, code, False)], key=lambda each: each.registration
    )
    assert members_of([group])[group] == members


def test_whom_somebody_saw_whose_grant_had_ended_is_joined_by_no_person(stage: Stage) -> None:
    """What they saw let RT-PCR under one code take away the positive under the other."""
    ended = MORNING - HOUR
    change_grants(stage.staff.officer, until=ended, valid_to=ended)
    (first,) = stage.must_apply(stage.station.register(DRIVER))
    member = member_facts(DRIVER.code, registration=first, identity_seen="card")
    facts = collection_facts("BR1", [DRIVER.code]) | {"members": [member]}
    stage.must_apply(stage.station.entry("specimen.collected", facts))
    assert registrations_seen([first]) == set()


@pytest.mark.parametrize("order", list(permutations(range(2))))
@pytest.mark.parametrize("has_ended", [True, False])
def test_the_word_of_a_lead_whose_grant_had_ended_joins_nobody_in_any_order(
    stage: Stage, order: tuple[int, ...], *, has_ended: bool
) -> None:
    """It was marked as disputed, and went on counting."""
    lead = stage.staff.lead
    first, second = stage.must_apply(stage.station.register(DRIVER), stage.station.register(RIDER))
    link = {"registration": str(second), "group": str(first), "reason": "papers_seen"}
    ends_at = EVENING - HOUR if has_ended else EVENING + HOUR
    end = {"grant": str(Grant.objects.get(member=lead.id).id), "at": wire_time(ends_at)}
    said = [
        sign_deed(deed_of("registration.linked", link, actor=lead.id), EVENING),
        sign_deed(deed_of("grant.ended", end, actor=lead.id), MORNING),
    ]
    for place in order:
        stage.must_apply(said[place])
    carry_out_all(EVENING)
    assert (codes_together([DRIVER.code]) == {DRIVER.code}) is has_ended
    assert Link.objects.exists() is not has_ended
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


def test_a_leads_word_is_recorded_at_the_office_and_in_any_order(stage: Stage) -> None:
    driver, rider = stage.station.register(DRIVER), stage.station.register(RIDER)
    (first,) = stage.must_apply(driver)
    second = stage.station.registrations[RIDER.code]
    facts = {"registration": str(second), "group": str(first), "reason": "papers_seen"}
    record_deeds([deed_of("registration.linked", facts, actor=stage.staff.lead.id)], EVENING)
    assert codes_together([DRIVER.code]) == {DRIVER.code}
    stage.must_apply(rider)
    assert codes_together([DRIVER.code]) == codes_together([RIDER.code]) == {DRIVER.code, RIDER.code}
    at_station = stage.station.entry("registration.linked", facts)
    assert stage.record(at_station) == [("held", "actor_not_allowed")]
    assert codes_together([ASSISTANT.code]) == {ASSISTANT.code}
