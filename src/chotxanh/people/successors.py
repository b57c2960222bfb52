"""Beside whom an erased registration goes on warning: an erasure parts nobody from those they were together with."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from chotxanh.domain.problems import Problem
from chotxanh.people.claims import Claimants, claimants_of
from chotxanh.people.groups import Belonging, Group, belonging_around, belonging_of, group_by
from chotxanh.people.models import Registration

# Of each registration that is ordered erased, beside whom it goes on; None where nothing need be said.
Successors: TypeAlias = Mapping[UUID, UUID | None]


@dataclass(frozen=True)
class Company:
    """A registration, and all who would feel its erasure: the groups of whoever is with it, or was linked to it.

    `around` are these by number, each with the latest word on it; `nameable` those of them who are not erased.
    """

    own: Belonging
    around: Mapping[UUID, Belonging]
    claimants: Claimants
    nameable: frozenset[UUID]

    @property
    def everybody(self) -> frozenset[UUID]:
        """Every registration that the plan for this one may name, or reads."""
        return frozenset(self.around) | self.claimants.registrations

    def successors(self) -> Successors:
        """Return beside whom this registration, and those who were kept beside it, go on once it is erased.

        A lead's word on it stays. Raises Problem("erasure_of_linked") where any choice would part somebody.
        """
        for plan in self._plans():
            if self._parts_nobody(plan):
                return plan
        raise Problem("erasure_of_linked")

    def _plans(self) -> Iterator[Successors]:
        id = self.own.id
        kept = [other for other, each in self.around.items() if each.is_by_machine and each.named_group == id]
        kept += [other for other, named in self.claimants.beside.items() if named == id]
        others = sorted({*kept} - {id})
        yield {id: None}
        candidates = sorted(self.nameable - {id}, key=self._preference)
        for named in candidates:
            yield dict.fromkeys([id, *others], named)
        if others:
            for named in candidates:
                yield {id: None} | dict.fromkeys(others, named)

    def _preference(self, id: UUID) -> tuple[bool, bool, UUID]:
        """Whoever claims the same code first, then whoever the machine can still compare."""
        known = self.around.get(id)
        return (id not in self.claimants.registrations, known is None or known.identity_group is None, id)

    def _parts_nobody(self, plan: Successors) -> bool:
        after = {id: group_by(self._after(each, plan)) for id, each in self.around.items()}
        together: dict[Group, set[Group]] = defaultdict(set)
        for id, each in self.around.items():
            together[group_by(each)].add(after[id])
        if any(len(groups) > 1 for groups in together.values()):
            return False
        beside = {id: named for id, named in plan.items() if named is not None}
        claimants = self.claimants.after_erasing(self.own.id, beside)
        return (claimants.mark, claimants.alike) == (self.claimants.mark, self.claimants.alike)

    def _after(self, each: Belonging, plan: Successors) -> Belonging:
        """Return the word on a registration as it is after the erasure; a lead's stands before the machine's."""
        named = plan.get(each.id)
        if named is not None and (each.link is None or each.is_by_machine):
            beside = self.around.get(named)
            each = each._replace(
                link=named,
                named_group=named,
                is_linked=True,
                targets_group=beside.identity_group if beside else None,
            )
        if each.named_group == self.own.id:
            each = each._replace(targets_group=None)
        return each._replace(identity_group=None) if each.id == self.own.id else each


def companies_of(registrations: Collection[UUID]) -> dict[UUID, Company]:
    """Return the company of each of these registrations, in a handful of questions for all of them together."""
    own = belonging_of(registrations)
    near = set(own) | {each.identity_group for each in own.values() if each.identity_group}
    near |= {group_by(each) for each in own.values()}
    around = belonging_around(near)
    leaning = {id: each for id, each in around.items() if each.named_group in own}
    missing = {group_by(each) for each in leaning.values()} - near
    around |= belonging_around(missing) if missing else {}
    claimants = claimants_of({each.person_code for each in own.values()})
    claiming = {id for each in claimants.values() for id in each.registrations}
    around = belonging_of(claiming - around.keys()) | around
    known = Registration.objects.filter(id__in=around, name_index__isnull=False)
    nameable = frozenset(known.values_list("id", flat=True))
    by_group: dict[Group, set[UUID]] = defaultdict(set)
    for id, each in around.items():
        by_group[group_by(each)].add(id)
    linked: dict[UUID, set[UUID]] = defaultdict(set)
    for id, each in leaning.items():
        if each.named_group:
            linked[each.named_group].add(id)
    found = {}
    for id, each in own.items():
        claiming_it = claimants[each.person_code]
        felt = {group_by(around[other]) for other in {id} | linked[id]}
        members = {member for group in felt for member in by_group[group]} | claiming_it.registrations
        found[id] = Company(
            each, {other: around[other] for other in members}, claiming_it, nameable & members
        )
    return found
