"""What a lead corrects: nobody leaves, unasked, those they may be one person with.

A number or name put right can lead from one identity group to another (ADR 0024), and make two of who were one under a
code; what one of them took away from the other would come back, although nobody said that they are two.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from chotxanh.domain.problems import Problem
from chotxanh.ledger.locks import in_ledger
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.claims import Alike, claimants_of
from chotxanh.people.groups import Belonging, Group, belonging_around, belonging_of, default_group, group_by
from chotxanh.people.payloads import CorrectionPersonal, PersonCorrected


def correct_registration(
    facts: PersonCorrected, personal: CorrectionPersonal, now: datetime, actor: UUID, *, is_apart: bool
) -> None:
    """Record a lead's word on who a registration is (UTC `now`); `is_apart`: the others are known to be somebody else.

    Raises Problem: `correction_parts_alike` where it would leave them and nobody said so; `correction_parts_others`
    where somebody beside it would be parted from a third.
    """

    def correct() -> None:
        with in_ledger(is_alone=True):  # nobody is linked, registered or erased meanwhile
            before = _company_of(facts.registration, facts.person_code)
            record_deeds([Deed(facts, personal, actor=actor)], now)
            leaving = before.parted_from(before.as_it_is_now())
            if leaving - {facts.registration}:
                raise Problem("correction_parts_others")
            if leaving and not is_apart:
                raise Problem("correction_parts_alike")

    in_one_transaction(correct, savepoint=True)


def has_company(registration: UUID, code: str) -> bool:
    """Say whether anybody may be one person with a registration of this code: a correction may part them."""
    company = _company_of(registration, code)
    own = group_by(company.words[registration])
    together = [id for id, word in company.words.items() if group_by(word) == own]
    return len(together) > 1 or len(company.alike[registration]) > 1


@dataclass(frozen=True)
class _Company:
    """A registration, with the latest word on everybody around it, and who is alike of those who claim its code."""

    subject: UUID
    code: str
    words: Mapping[UUID, Belonging]
    alike: Alike

    def as_it_is_now(self) -> "_Company":
        """Look at the same people once more."""
        return replace(self, words=belonging_of(self.words.keys()), alike=_alike(self.code))

    def parted_from(self, after: "_Company") -> set[UUID]:
        """Return who left somebody: the subject, where all others are together as before; else the others too."""
        left: set[UUID] = set()
        for parts in self._fallen(after):
            leaving = next((part for part in parts if self.subject in part), set[UUID]())
            # Whom a lead linked to it goes where it goes; an erased one that was kept beside it leaves the third.
            kept_beside = {each for each in leaving if self.words[each].is_by_machine}
            others = [part for part in parts if part is not leaving]
            left |= {self.subject, *kept_beside} if leaving and len(others) == 1 else set().union(*parts)
        for one, alike in self.alike.items():
            if one != self.subject:
                lost = alike - after.alike.get(one, frozenset())
                left |= lost if lost <= {self.subject} else {one, *lost}
        return left

    def _fallen(self, after: "_Company") -> Collection[Collection[set[UUID]]]:
        """Return into which parts each group fell that did."""
        fell: dict[Group, dict[Group, set[UUID]]] = defaultdict(lambda: defaultdict(set))
        for id, word in self.words.items():
            fell[group_by(word)][group_by(after.words[id])].add(id)
        return [list(parts.values()) for parts in fell.values() if len(parts) > 1]


def _company_of(registration: UUID, code: str) -> _Company:
    own = belonging_of([registration])[registration]
    around = belonging_around({registration, group_by(own), default_group(own)})
    return _Company(registration, code, around, _alike(code))


def _alike(code: str) -> Alike:
    return claimants_of([code])[code].alike
