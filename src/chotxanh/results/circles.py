"""Whose results bear on whose papers: codes that are, or may be, one person's, and those of companions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from chotxanh.people.groups import Same, same_people
from chotxanh.specimens.households import households_of


@dataclass(frozen=True)
class Companion:
    """One person, by all their codes, whom another was last with at `met_at` (UTC)."""

    codes: frozenset[str]
    met_at: datetime


@dataclass(frozen=True)
class Circle:
    """Who bears on one person: their own other codes, and each companion with the codes of theirs."""

    same: Same
    companions: tuple[Companion, ...] = ()

    @property
    def everybody(self) -> frozenset[str]:
        """Every code whose results bear on this person; theirs bear on all of these likewise."""
        return self.same.all.union(*(each.codes for each in self.companions))


def circles_of(codes: Collection[str]) -> dict[str, Circle]:
    """Return who bears on each of these people: the companions of any code that is theirs, as whole people."""
    same = same_people(codes)
    own = {code for each in same.values() for code in each.own}
    households = households_of(own)
    if not households:
        return {code: Circle(each) for code, each in same.items()}
    companions = same_people({code for each in households.values() for code in each})
    return {code: Circle(each, _companions(each, households, companions)) for code, each in same.items()}


def _companions(
    same: Same, households: Mapping[str, Mapping[str, datetime]], companions: Mapping[str, Same]
) -> tuple[Companion, ...]:
    met: dict[frozenset[str], datetime] = {}
    for code in same.own:
        for other, at in households.get(code, {}).items():
            if other not in same.own:
                codes = companions[other].own
                met[codes] = max(at, met.get(codes, at))
    return tuple(Companion(codes, at) for codes, at in sorted(met.items(), key=lambda each: sorted(each[0])))
