"""Whose results bear on whose papers: codes that are, or may be, one person's, and those of companions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chotxanh.people.groups import Same, same_people
from chotxanh.specimens.households import foresee_households, households_of


@dataclass(frozen=True)
class Companion:
    """One person, by all their codes, whom another was with at `met_at` (UTC)."""

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
    """Return who bears on each of these people: whoever was with any code that is, or may be, theirs."""
    foresee_households(codes)  # nearly always nobody else is this person
    same = same_people(codes)
    households = households_of({code for each in same.values() for code in each.all})
    if not households:
        return {code: Circle(each) for code, each in same.items()}
    companions = same_people({code for each in households.values() for code in each})
    return {code: Circle(each, _companions(each, households, companions)) for code, each in same.items()}


def _companions(
    same: Same, households: Mapping[str, Mapping[str, Sequence[datetime]]], companions: Mapping[str, Same]
) -> tuple[Companion, ...]:
    """Every meeting counts by itself: a later one makes none of the earlier ones undone."""
    met = {
        (codes, at)
        for code in same.all
        for other, times in households.get(code, {}).items()
        for codes in _people(companions[other])
        if codes.isdisjoint(same.own)
        for at in times
    }
    return tuple(Companion(*each) for each in sorted(met, key=lambda each: (sorted(each[0]), each[1])))


def _people(same: Same) -> Iterator[frozenset[str]]:
    """Yield a companion, and each code that only a machine finds alike by itself: it warns, and lifts nothing."""
    yield same.own
    yield from (frozenset({code}) for code in sorted(same.alike))
