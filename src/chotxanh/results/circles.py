"""Whose results bear on whose papers: codes that are, or may be, one person's, and those of companions."""

from collections.abc import Collection
from dataclasses import dataclass

from chotxanh.people.groups import Same, same_people


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
    """Return who bears on each of these people."""
    return {code: Circle(same) for code, same in same_people(codes).items()}
