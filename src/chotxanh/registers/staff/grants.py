"""Who may do what, where and when: grants are judged at the time of the deed (architecture, rule 4)."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from chotxanh.domain.kinds import Role
from chotxanh.domain.problems import Problem
from chotxanh.protocol.places import ANYWHERE, Place
from chotxanh.registers.staff.models import Grant, Member


class Cover(IntEnum):
    """How far a member's grants reach a deed: not at all, until before it, or at its time."""

    NEVER = 0
    ENDED = 1
    IN_FORCE = 2


def grants_of(members: Iterable[UUID]) -> dict[UUID, list[Grant]]:
    """Return every grant of active members, by member."""
    found: dict[UUID, list[Grant]] = {}
    wanted = list(members)
    if wanted:
        for grant in Grant.objects.filter(member__in=wanted, member__is_active=True):
            found.setdefault(grant.member_id, []).append(grant)
    return found


def cover_of(grants: Iterable[Grant], roles: frozenset[Role], place: Place, at: datetime) -> Cover:
    """Say whether one of `grants` gives one of `roles` at `place` at the time `at` (UTC), or gave it before."""
    begun = [
        grant
        for grant in grants
        if Role(grant.role) in roles and grant.valid_from <= at and _covers(grant, place)
    ]
    if any(_is_in_force(grant, at) for grant in begun):
        return Cover.IN_FORCE
    return Cover.ENDED if begun else Cover.NEVER


def is_allowed(grants: Iterable[Grant], roles: frozenset[Role], place: Place, at: datetime) -> bool:
    """Say whether one of `grants` gives one of `roles` at `place` at the time `at` (UTC)."""
    return cover_of(grants, roles, place, at) is Cover.IN_FORCE


def member_with_role(member: object, roles: frozenset[Role], at: datetime) -> Member:
    """Return the signed-in member if one of `roles` is theirs anywhere at `at`. Raises Problem("not_allowed")."""
    if not isinstance(member, Member) or not member.is_active:
        raise Problem("not_allowed")
    if not any(Role(grant.role) in roles and _is_in_force(grant, at) for grant in member.grants.all()):
        raise Problem("not_allowed")
    return member


def checkpoints_of(grants: Iterable[Grant], at: datetime) -> tuple[frozenset[str], frozenset[str], bool]:
    """Return the checkpoints and the facilities where work is granted at `at`, and whether it is everywhere."""
    in_force = [grant for grant in grants if _is_in_force(grant, at)]
    return (
        frozenset(grant.checkpoint for grant in in_force if grant.checkpoint),
        frozenset(grant.facility for grant in in_force if grant.facility and not grant.checkpoint),
        any(not grant.checkpoint and not grant.facility for grant in in_force),
    )


def _is_in_force(grant: Grant, at: datetime) -> bool:
    return grant.valid_from <= at and (grant.valid_to is None or at < grant.valid_to)


def _covers(grant: Grant, place: Place) -> bool:
    if place == ANYWHERE or not (grant.checkpoint or grant.facility):
        return True
    is_facility_right = bool(grant.facility) and grant.facility == place.facility
    if not grant.checkpoint:
        return is_facility_right
    is_elsewhere = bool(grant.facility and place.facility) and not is_facility_right
    is_checkpoint_right = grant.checkpoint == place.checkpoint
    return not is_elsewhere and (is_checkpoint_right or (not place.checkpoint and is_facility_right))
