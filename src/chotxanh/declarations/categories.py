"""Of which group somebody travelled when they were sampled, as they declared it themselves."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.declarations.models import Declaration
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table


class DeclaredGroup(NamedTuple):
    """The group that one journey was declared for, and when (UTC)."""

    declared_at: datetime
    id: UUID
    registration: UUID
    category: str


_GROUPS = Table(Declaration, DeclaredGroup)


def groups_declared(registrations: Collection[UUID]) -> Mapping[UUID, Sequence[DeclaredGroup]]:
    """Return what each of these registrations declared, in the order of time."""
    found: dict[UUID, list[DeclaredGroup]] = defaultdict(list)
    for each in sorted(lookup(_GROUPS, "registration", registrations)):
        found[each.registration].append(each)
    return found


def group_at(declared: Sequence[DeclaredGroup], at: datetime) -> str:
    """Return the group of the last journey declared by `at` (UTC), else of the first one after; empty without any."""
    before = [each for each in declared if each.declared_at <= at]
    nearest = before[-1:] or declared[:1]
    return nearest[0].category if nearest else ""
