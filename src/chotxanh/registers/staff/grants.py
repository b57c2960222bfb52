"""Who may do what, where and when: grants are judged at the time of the deed."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from enum import IntEnum
from typing import Protocol
from uuid import UUID

from chotxanh.domain.kinds import Role
from chotxanh.domain.problems import Problem
from chotxanh.domain.standing.times import Span
from chotxanh.domain.works import WORKS, Work
from chotxanh.protocol.places import ANYWHERE, Place
from chotxanh.registers.staff.entries import GRANTS, GrantRow
from chotxanh.registers.staff.models import Member
from chotxanh.storage.lookups import lookup, lookup_ahead
from chotxanh.storage.prepared import Ahead

_ROLES = {role.value: role for role in Role}


class Reach(Protocol):
    """Where a grant reaches: a site, a facility, a post; with none of them the whole province."""

    @property
    def facility(self) -> str:
        """The facility's code, or empty."""

    @property
    def site(self) -> str:
        """The site's code, or empty."""

    @property
    def post(self) -> UUID | None:
        """The post's number."""


class Cover(IntEnum):
    """How far a member's grants reach a deed: not at all, until before it, or at its time."""

    NEVER = 0
    ENDED = 1
    IN_FORCE = 2


def grants_of(members: Iterable[UUID]) -> dict[UUID, list[GrantRow]]:
    """Return every grant of these members, ended or not, by member."""
    return grants_ahead(members)()


def grants_ahead(members: Iterable[UUID]) -> Ahead[dict[UUID, list[GrantRow]]]:
    """Ask for them."""
    asked = lookup_ahead(GRANTS, "member", list(members))
    return lambda: _by_member(asked())


def grants_for(member: Member, roles: Iterable[Role] = Role) -> list[GrantRow]:
    """Return one member's grants of these roles, ended or not."""
    wanted = {role.value for role in roles}
    return [grant for grant in lookup(GRANTS, "member", [member.id]) if grant.role in wanted]


def cover_of(grants: Iterable[GrantRow], roles: frozenset[Role], place: Place, at: datetime) -> Cover:
    """Say whether one of `grants` gives one of `roles` at `place` at the time `at` (UTC), or gave it before."""
    begun = [
        grant
        for grant in grants
        if grant.valid_from <= at and _ROLES[grant.role] in roles and covers(grant, place)
    ]
    if any(is_in_force(grant, at) for grant in begun):
        return Cover.IN_FORCE
    return Cover.ENDED if begun else Cover.NEVER


def changes_of(grants: Iterable[GrantRow]) -> Iterator[datetime]:
    """Return when grants begin and end (UTC)."""
    return (at for grant in grants for at in (grant.valid_from, grant.valid_to) if at is not None)


def covers_throughout(
    grants: Collection[GrantRow], roles: frozenset[Role], place: Place, span: Span
) -> set[Cover]:
    """Say the same of any time of `span`: one answer where the time is certain."""
    return {cover_of(grants, roles, place, at) for at in span.moments(changes_of(grants))}


def of_method(grants: Iterable[GrantRow], method: str) -> list[GrantRow]:
    """Return those of `grants` that name a way of testing."""
    return [grant for grant in grants if method in grant.methods.split()]


def is_allowed(grants: Iterable[GrantRow], roles: frozenset[Role], place: Place, at: datetime) -> bool:
    """Say whether one of `grants` gives one of `roles` at `place` at the time `at` (UTC)."""
    return cover_of(grants, roles, place, at) is Cover.IN_FORCE


def works_at(grants: Iterable[GrantRow], place: Place, at: datetime) -> frozenset[Work]:
    """Return the works that `grants` give at `place` at the time `at` (UTC)."""
    here = (grant for grant in grants if is_in_force(grant, at) and covers(grant, place))
    return frozenset[Work]().union(*(WORKS[_ROLES[grant.role]] for grant in here))


def member_with_role(member: object, roles: frozenset[Role], at: datetime) -> Member:
    """Return the signed-in member if one of `roles` is theirs anywhere at `at`. Raises Problem("not_allowed")."""
    if not isinstance(member, Member) or not member.is_active:
        raise Problem("not_allowed")
    if not has_role(member, roles, at):
        raise Problem("not_allowed")
    return member


def has_role(member: Member, roles: frozenset[Role], at: datetime) -> bool:
    """Say whether one of `roles` is a member's anywhere at `at` (UTC)."""
    return any(is_in_force(grant, at) for grant in grants_for(member, roles))


def is_in_force(grant: GrantRow, at: datetime) -> bool:
    """Say whether a grant holds at `at` (UTC)."""
    return grant.valid_from <= at and (grant.valid_to is None or at < grant.valid_to)


def is_province_wide(grant: Reach) -> bool:
    """Say whether a grant names no place."""
    return not (grant.site or grant.facility or grant.post)


def covers(grant: Reach, place: Place) -> bool:
    """Say whether a grant reaches a place: the one rule for judging and for every list.

    A grant at a site also reaches deeds of its facility that name no site; one at a post reaches that post and such
    deeds.
    """
    if place == ANYWHERE or is_province_wide(grant):
        return True
    is_facility_right = bool(grant.facility) and grant.facility == place.facility
    if not grant.site and grant.post is None:
        return is_facility_right
    if grant.facility and place.facility and not is_facility_right:
        return False
    if not place.site:
        return is_facility_right
    return grant.post == place.post if grant.post is not None else grant.site == place.site


def _by_member(grants: Iterable[GrantRow]) -> dict[UUID, list[GrantRow]]:
    found: dict[UUID, list[GrantRow]] = {}
    for grant in grants:
        found.setdefault(grant.member, []).append(grant)
    return found
