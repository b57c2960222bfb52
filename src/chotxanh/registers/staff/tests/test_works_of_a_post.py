"""Who may do what at a post, row by row (field rule B1): every role against every kind that a station records."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from chotxanh.domain.kinds import Role
from chotxanh.domain.problems import Problem
from chotxanh.domain.works import AT_POSTS, WORKS
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import record_deeds, sign_deed
from chotxanh.protocol.envelope import new_id, wire_time
from chotxanh.protocol.kinds import known_kinds
from chotxanh.registers.staff.entries import GrantGiven
from chotxanh.registers.staff.giving import given_by
from chotxanh.registers.staff.models import Grant, Member
from chotxanh.specimens.models import Tube
from tests.cast import AG_RAPID, ANY_TIME, DRIVER, EVENING, MORNING, PHU_MY, QL51, WALKER, change_grants, hire
from tests.device import deed_of, id_of
from tests.stage import Stage

SHIFT = {"shift.started", "shift.ended"}
DECLARING = {"person.registered", "declaration.submitted"}
SAMPLING = {"specimen.collected"}
READING = {"test.started", "result.recorded", "result.corrected"}
SIGNING = {"result.countersigned", "result.told"}
EVERYTHING = DECLARING | SAMPLING | READING | SIGNING

# The table: what each role records at the post of its grant. What is not here is held.
MAY: dict[Role, set[str]] = {
    Role.DATA_ENTRY: DECLARING,
    Role.SAMPLING: SAMPLING,
    Role.READING: READING,
    Role.SIGNING: SIGNING,
    Role.TRAFFIC: set(),
    Role.OFFICER: EVERYTHING,
    Role.TECHNICIAN: READING | SIGNING,
    Role.LEAD: EVERYTHING,
}
NOT_AT_POSTS = (Role.DATA_PROTECTION, Role.PHYSICIAN)


def hired(role: Role) -> Member:
    """Somebody in one role at QL51; a technician works for the facility alone, as those of the cast do."""
    return hire(role, "" if role is Role.TECHNICIAN else QL51)


def deeds(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """One deed of each kind that somebody records at a post."""
    station = stage.station
    yield "person.registered", station.register(WALKER)
    yield "declaration.submitted", station.declare(WALKER)
    yield "specimen.collected", station.collect("BR2", [DRIVER])
    yield "result.recorded", station.result("BR1", "positive")
    yield "result.corrected", station.correct("BR1", new_id(), "positive")
    for kind, facts in about_the_tube():
        yield kind, station.entry(kind, facts)


def about_the_tube() -> Iterator[tuple[str, dict[str, Any]]]:
    tube = {"facility": PHU_MY, "tube": "BR1"}
    yield "test.started", {"facility": PHU_MY, "tubes": ["BR1"], "test": AG_RAPID, "kit": ANY_TIME}
    yield "result.countersigned", tube | {"correction": new_id()}
    yield "result.told", tube | {"result": new_id(), "person_code": DRIVER.code, "way": "call"}


@pytest.mark.parametrize("role", MAY)
def test_a_role_records_its_own_work_at_a_post_and_nothing_else(declared: Stage, role: Role) -> None:
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.must_apply(declared.station.start_shift(hired(role)))
    answers = {kind: declared.record(deed) for kind, deed in deeds(declared)}
    assert set(answers) == EVERYTHING
    for kind, answer in answers.items():
        wanted = ("applied", None) if kind in MAY[role] else ("held", "actor_not_allowed")
        assert answer == [wanted], (role, kind)


@pytest.mark.parametrize("role", NOT_AT_POSTS)
def test_who_has_no_work_at_a_post_begins_no_shift_there(declared: Stage, role: Role) -> None:
    started = declared.station.start_shift(hire(role))
    assert declared.record(started) == [("held", "actor_not_allowed")]


def test_the_table_has_every_kind_that_a_role_records_at_a_station() -> None:
    """A new kind must be put into somebody's work by hand."""
    found = {row.kind for row in known_kinds() if row.who.roles and not row.who.is_offices}
    assert found == EVERYTHING | SHIFT | {"entry.withdrawn"}
    assert set(MAY) == AT_POSTS
    assert set(MAY) | set(NOT_AT_POSTS) == set(WORKS) == set(Role)


def test_somebody_with_two_works_does_both_and_each_by_its_own_grant(declared: Stage) -> None:
    member = hire(Role.DATA_ENTRY)
    given = {"member": member.id, "role": "sampling", "facility": PHU_MY, "site": QL51, "methods": []}
    record_deeds([deed_of("grant.given", given | {"since": wire_time(MORNING)})], EVENING)
    declared.must_apply(declared.station.start_shift(member))
    declared.must_apply(declared.station.register(WALKER), declared.station.collect("BR1", [DRIVER]))
    held = declared.record(declared.station.result("BR1", "negative"))
    assert held == [("held", "actor_not_allowed")]


def test_a_reader_is_marked_for_a_method_that_only_the_signing_grant_names(declared: Stage) -> None:
    member = hire(Role.SIGNING)
    given = {"member": member.id, "role": "reading", "facility": PHU_MY, "site": QL51, "methods": ["rt_pcr"]}
    record_deeds([deed_of("grant.given", given | {"since": wire_time(MORNING)})], EVENING)
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    declared.must_apply(declared.station.start_shift(member))
    deed = declared.station.result("BR1", "negative")
    declared.must_apply(deed)
    assert Entry.objects.get(id=id_of(deed)).marks != 0


def test_what_waited_for_a_grant_of_that_work_counts_once_it_comes_in_either_order(declared: Stage) -> None:
    member = hire(Role.DATA_ENTRY)
    declared.must_apply(declared.station.start_shift(member))
    deed = declared.station.collect("BR1", [DRIVER])
    facts = {"member": member.id, "role": "sampling", "facility": PHU_MY, "site": QL51, "methods": []}
    lead = declared.staff.lead.id
    given = sign_deed(deed_of("grant.given", facts | {"since": wire_time(MORNING)}, actor=lead), EVENING)
    found = set()
    for order in permutations([deed, given]):
        with transaction.atomic():
            first = declared.record(order[0])
            assert first == ([("held", "actor_not_allowed")] if order[0] is deed else [("applied", None)])
            declared.record(order[1])
            carry_out_all(EVENING)
            entry = Entry.objects.get(id=id_of(deed))
            found.add((entry.answer, entry.marks, Tube.objects.filter(barcode="BR1").count()))
            transaction.set_rollback(True)
    assert found == {("applied", 0, 1)}


def given(to: UUID, role: Role, site: str | None = QL51) -> GrantGiven:
    return GrantGiven(to, role, MORNING, [], facility=PHU_MY, site=site)


@pytest.mark.parametrize("role", Role)
def test_the_lead_of_a_post_gives_works_of_that_post_and_none_beyond(declared: Stage, role: Role) -> None:
    change_grants(declared.staff.lead, site=QL51, facility=PHU_MY)
    lead, officer = declared.staff.lead, declared.staff.officer
    assert given_by(lead, given(officer.id, role), EVENING).role is role
    with pytest.raises(Problem, match="grant_beyond_own"):
        given_by(lead, given(officer.id, role, "ql56-chau-duc"), EVENING)


@pytest.mark.parametrize("role", Role)
def test_to_oneself_a_lead_gives_works_of_a_post_and_no_role_that_checks_leads(
    declared: Stage, role: Role
) -> None:
    lead = declared.staff.lead
    if role in NOT_AT_POSTS:
        with pytest.raises(Problem, match="grant_to_oneself"):
            given_by(lead, given(lead.id, role), EVENING)
    else:
        assert given_by(lead, given(lead.id, role), EVENING).role is role


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_nobody_but_a_lead_gives_a_work(declared: Stage, role: Role) -> None:
    member = hire(role)
    with pytest.raises(Problem, match="grant_beyond_own"):
        given_by(member, given(declared.staff.officer.id, Role.TRAFFIC), EVENING)
    assert Grant.objects.filter(member=member.id).count() == 1
