"""Grants are judged by role, place and the time of the deed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from chotxanh.domain.kinds import Role
from chotxanh.protocol.places import ANYWHERE, Place
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import is_allowed

BEGINS, ENDS = datetime(2021, 7, 1, tzinfo=UTC), datetime(2021, 8, 1, tzinfo=UTC)
OFFICERS = frozenset({Role.OFFICER})


POST, OTHER_POST = UUID(int=7), UUID(int=8)


def grant(site: str = "", facility: str = "", post: UUID | None = None) -> GrantRow:
    return GrantRow(
        id=UUID(int=1),
        member=UUID(int=2),
        role=Role.OFFICER.value,
        facility=facility,
        site=site,
        post=post,
        methods="ag_rapid",
        valid_from=BEGINS,
        until=ENDS,
        valid_to=ENDS,
    )


@pytest.mark.parametrize(
    ("given", "place", "allowed"),
    [
        (grant("a", "x"), Place("x", "a"), True),
        (grant("a", "x"), Place("x", "b"), False),
        (grant("a", "x"), Place("y", "a"), False),
        (grant("a", "x"), Place("x"), True),
        (grant("a", "x"), Place("y"), False),
        (grant("a", "x"), Place(), False),
        (grant("a"), Place("x", "a"), True),
        (grant("a"), Place("x"), False),
        (grant(facility="x"), Place("x", "a"), True),
        (grant(facility="x"), Place("y", "a"), False),
        (grant(facility="x"), Place(), False),
        (grant(), Place("y", "b"), True),
        (grant(), Place(), True),
        (grant("a", "x"), ANYWHERE, True),
        (grant("a", "x", POST), Place("x", "a", POST), True),
        (grant("a", "x", POST), Place("x", "a", OTHER_POST), False),
        (grant("a", "x", POST), Place("x"), True),
        (grant("a", "x"), Place("x", "a", OTHER_POST), True),
    ],
)
def test_a_grant_covers_its_place_and_no_other(given: GrantRow, place: Place, allowed: bool) -> None:
    assert is_allowed([given], OFFICERS, place, BEGINS) is allowed


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        (BEGINS - timedelta(microseconds=1), False),
        (BEGINS, True),
        (ENDS - timedelta(microseconds=1), True),
        (ENDS, False),
    ],
)
def test_a_grant_holds_from_its_beginning_until_before_its_end(at: datetime, allowed: bool) -> None:
    assert is_allowed([grant()], OFFICERS, Place(), at) is allowed


def test_another_role_is_not_enough() -> None:
    assert not is_allowed([grant()], frozenset({Role.LEAD, Role.TECHNICIAN}), Place(), BEGINS)
