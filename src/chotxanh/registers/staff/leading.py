"""What somebody leads, and the one filter of every list of the office: the rows that `covers` reaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from chotxanh.protocol.places import Place
from chotxanh.registers.staff.entries import GrantRow
from chotxanh.registers.staff.grants import Reach, covers, is_in_force, is_province_wide

_NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Led:
    """The part of the province that grants in force reach; `is_province` where one names no place."""

    grants: tuple[Reach, ...] = ()
    is_province: bool = False

    def covers(self, place: Place) -> bool:
        """Say whether a deed at this place is theirs to decide on."""
        return self.is_province or any(covers(grant, place) for grant in self.grants)

    def within(self, rows: "QuerySet[Any]", site: str | None = "site") -> "QuerySet[Any]":
        """Return the rows at places that are covered, by their columns `facility` and `site`, or `facility` alone."""
        if self.is_province:
            return rows
        wanted = _NOTHING
        for grant in self.grants:
            wanted |= _reached(grant, site)
        return rows.filter(wanted)


WHOLE_PROVINCE = Led(is_province=True)


def led_with(grants: Iterable[GrantRow], at: datetime) -> Led:
    """Return what these grants let somebody lead at `at` (UTC)."""
    in_force = tuple(grant for grant in grants if is_in_force(grant, at))
    return Led(in_force, is_province=any(is_province_wide(grant) for grant in in_force))


def _reached(grant: Reach, site: str | None) -> Q:
    """The rows one grant covers: `covers`, said to the database; no row names a post."""
    of_facility = Q(facility=grant.facility) if grant.facility else _NOTHING
    if site is None or not (grant.site or grant.post):
        return of_facility
    nowhere = of_facility & Q(**{site: ""})
    if grant.post is not None:
        return nowhere
    here = Q(**{site: grant.site})
    if grant.facility:
        here &= Q(facility__in=("", grant.facility))
    return here | nowhere
