"""Whether somebody may decide on a result: their grants must name the way it was tested."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from chotxanh.domain.kinds import Role
from chotxanh.domain.problems import Problem
from chotxanh.protocol.places import Place
from chotxanh.registers.kits.known import tests_named
from chotxanh.registers.staff.grants import grants_for, is_allowed, of_method
from chotxanh.registers.staff.models import Member
from chotxanh.results.models import ResultFact
from chotxanh.results.runs import root_of


def check_method(
    result: ResultFact, facility: str, member: Member, roles: Iterable[Role], now: datetime
) -> None:
    """Check that a member with one of `roles` at a facility may decide on a result (UTC `now`).

    Of a correction without a reading nobody knows the method. Raises Problem("method_not_granted").
    """
    method = _method_of(result)
    wanted = frozenset(roles)
    grants = grants_for(member, wanted)
    if method is not None and not is_allowed(of_method(grants, method), wanted, Place(facility), now):
        raise Problem("method_not_granted")


def _method_of(result: ResultFact) -> str | None:
    facts: dict[UUID, ResultFact] = {each.id: each for each in ResultFact.objects.filter(tube=result.tube)}
    reading = root_of(result, facts)
    if reading is None or reading.test is None:
        return None
    return tests_named([reading.test])[reading.test].method
