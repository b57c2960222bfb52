"""What a lead links so that two registrations are one person: whoever was together with either stays so.

A link leads along no chain (ADR 0024): linked again, somebody would leave unasked those they were one person with, and
a paper that these took away would come back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chotxanh.domain.problems import Problem
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.groups import (
    Belonging,
    Group,
    belonging_around,
    belonging_of,
    default_group,
    group_by,
    linked_by_person,
    seen_among,
)
from chotxanh.people.payloads import LinkReason, RegistrationLinked


def link_registrations(one: UUID, other: UUID, reason: LinkReason, now: datetime, actor: UUID) -> None:
    """Record that two registrations are one person's (UTC `now`).

    Raises Problem: `linked_already`, `link_parts_others`.
    """

    def link() -> None:
        with in_ledger(is_alone=True):  # nobody is linked, registered or erased meanwhile
            links = links_joining(one, other)
            deeds = [RegistrationLinked(id, named, reason) for id, named in links.items()]
            record_deeds([Deed(deed, actor=actor) for deed in deeds], now)

    in_one_transaction(link, savepoint=True)


def links_joining(one: UUID, other: UUID) -> Mapping[UUID, UUID]:
    """Return whom to link, each with whom: the one to the other where that parts nobody, else as it parts nobody.

    Raises Problem likewise.
    """
    own = belonging_of([one, other])
    near = {group for each in own.values() for group in (group_by(each), default_group(each))}
    around = belonging_around(near)
    before = _Picture(around, frozenset(seen_among(around)), (one, other))
    if before.is_joined:
        raise Problem("linked_already")
    for links in before.plans():
        if before.after(links).joins_only(before):
            return links
    raise Problem("link_parts_others")


@dataclass(frozen=True)
class _Picture:
    """Everybody around two registrations, each with the latest word on it, and of whom an officer saw the paper."""

    words: Mapping[UUID, Belonging]
    seen: frozenset[UUID]
    both: tuple[UUID, UUID]

    @property
    def is_joined(self) -> bool:
        """Say whether the two are one person by a person's word."""
        one, other = self.both
        return self._group_of(one) == self._group_of(other) and self.by_person.issuperset(self.both)

    @property
    def by_person(self) -> frozenset[UUID]:
        """Who is in their group by a person."""
        return frozenset(linked_by_person(self.words)) | self.seen

    @property
    def together(self) -> frozenset[UUID]:
        """Everybody who is in a group with one of the two."""
        groups = {self._group_of(each) for each in self.both}
        return frozenset(id for id, word in self.words.items() if group_by(word) in groups)

    def plans(self) -> Iterator[Mapping[UUID, UUID]]:
        """Yield what could be linked: one of the two, or whoever a person joined with it, to somebody of the other."""
        for movers in (self._alone, self._joined_with):
            for id, other in (self.both, self.both[::-1]):
                for named in self._leading_to(other):
                    yield dict.fromkeys(movers(id), named)

    def after(self, links: Mapping[UUID, UUID]) -> "_Picture":
        """Return it as it is once these are linked."""
        words = dict(self.words)
        for id, named in links.items():
            words[id] = words[id]._replace(
                link=named,
                named_group=named,
                is_linked=True,
                is_by_machine=False,
                targets_group=words[named].identity_group,
            )
        return replace(self, words=words)

    def joins_only(self, before: "_Picture") -> bool:
        """Say whether the two are one person now, with all who were with either, and none by a person but them."""
        gained, lost = self.by_person - before.by_person, before.by_person - self.by_person
        is_whole = self.together == before.together
        return self.is_joined and is_whole and not lost and gained.issubset(self.both)

    def _group_of(self, id: UUID) -> Group:
        return group_by(self.words[id])

    def _alone(self, id: UUID) -> Sequence[UUID]:
        return [id]

    def _joined_with(self, id: UUID) -> Sequence[UUID]:
        group, by_person = self._group_of(id), self.by_person
        return sorted({id} | {each for each in by_person if self._group_of(each) == group})

    def _leading_to(self, id: UUID) -> Sequence[UUID]:
        """Return whom a link may name so that it leads to this one's group: itself first, if it does."""
        group = self._group_of(id)
        leading = [each for each, word in self.words.items() if default_group(word) == group]
        return sorted(leading, key=lambda each: (each != id, each))
