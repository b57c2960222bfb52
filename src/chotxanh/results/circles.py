"""Whose results bear on whose papers: codes that are, or may be, one person's, and those of companions."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from chotxanh.people.groups import Same, same_people
from chotxanh.specimens.households import households_of


@dataclass(frozen=True)
class Circle:
    """Who bears on one person: their own other codes, and each companion with the codes of theirs."""

    same: Same
    companions: tuple[frozenset[str], ...] = ()

    @property
    def everybody(self) -> frozenset[str]:
        """Every code whose results bear on this person; theirs bear on all of these likewise."""
        return self.same.all.union(*self.companions)


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
    same: Same, households: Mapping[str, AbstractSet[str]], companions: Mapping[str, Same]
) -> tuple[frozenset[str], ...]:
    beside = {other for code in same.own for other in households.get(code, ())} - same.own
    return tuple(sorted({companions[other].own for other in beside}, key=sorted))
