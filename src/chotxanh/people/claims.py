"""Who claims a person code: whose it is, whether somebody of another identity claims it too, and whom a sampling names.

What named a registration stays with it, whoever else claims the code. What names the bare code belongs to its owner,
the registration with the earliest time, while nobody of another identity claims it; else it waits for a lead's word.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from chotxanh.domain.marks import Effect, Mark, has_effect
from chotxanh.people.corrections import carry_out_corrections, corrections_ahead
from chotxanh.people.models import ClaimedCode, Link, Registration
from chotxanh.protocol.kinds import Touched
from chotxanh.storage.lookups import foresee, lookup, lookup_ahead
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.rows import Table, upsert


class _ClaimRow(NamedTuple):
    """A registration as far as claims are compared; what identifies is None once erased."""

    id: UUID
    person_code: str
    birth_year: int
    registered_at: datetime
    name_index: bytes | None
    id_number_index: bytes | None


class _KeptRow(NamedTuple):
    """Beside whom an erased registration goes on warning, by an order."""

    id: UUID
    registration: UUID
    named_group: UUID
    is_by_machine: bool
    effective_at: datetime


class _CodeRow(NamedTuple):
    person_code: str
    owner: UUID
    marks: int


class _NamedRow(NamedTuple):
    id: UUID
    person_code: str
    registered_at: datetime
    name_from: UUID | None
    birth_from: UUID | None


class Named(NamedTuple):
    """Which entries the name and the birth of a registration come from: itself, or what corrects it."""

    by: UUID
    born_by: UUID


Claim = TypeVar("Claim", _NamedRow, _ClaimRow)
Alike: TypeAlias = Mapping[UUID, frozenset[UUID]]
_CLAIMS = Table(Registration, _ClaimRow)
_KEPT = Table(Link, _KeptRow)
_NAMED = Table(Registration, _NamedRow)
CODES = Table(ClaimedCode, _CodeRow)


@dataclass(frozen=True)
class Claims:
    """The registrations of one code, the owner first, and what each is named by.

    `waits` where somebody of another identity is among them; `alike` are then, by registration, those of one identity.
    """

    registrations: tuple[UUID, ...] = ()
    waits: bool = False
    names: tuple[Named, ...] = ()
    alike: Alike = field(default_factory=dict)

    @property
    def owner(self) -> UUID | None:
        """Whose the code is."""
        return self.registrations[0] if self.registrations else None

    def holder(self, named: UUID | None, resolved: UUID | None = None) -> UUID | None:
        """Return whose a sampling is that named this registration, or none; None while it waits.

        `resolved` is the registration that a lead named for it.
        """
        if named is None and self.waits:
            named = resolved
        elif named is None:
            return self.owner
        return named if named in self.registrations else None

    def is_of(self, registration: UUID | None, holder: UUID | None) -> bool:
        """Say whether what was sampled of one registration bears on another: they may be of one person."""
        if None in (registration, holder) or registration == holder or not self.waits:
            return True
        return registration in self.alike.get(holder, ())  # type: ignore[arg-type]

    def is_surely_of(self, registration: UUID | None, holder: UUID | None) -> bool:
        """Say whether both are known to be of one identity; what waits for whose it is, is only like itself."""
        return registration == holder or (
            None not in (registration, holder) and self.is_of(registration, holder)
        )

    def named(self, registration: UUID | None) -> Named | None:
        """Return what one of these registrations is named by; None of any other."""
        known = dict(zip(self.registrations, self.names, strict=True))
        return known.get(registration) if registration else None


NOBODYS = Claims()


@dataclass(frozen=True)
class Claimants:
    """Everybody who claims one code; of those who were erased, whoever they were said to be kept with, by `beside`."""

    rows: Sequence[_ClaimRow]
    beside: Mapping[UUID, UUID]

    @property
    def registrations(self) -> frozenset[UUID]:
        """Their registrations."""
        return frozenset(each.id for each in self.rows)

    @property
    def mark(self) -> Mark:
        """The mark of a code whose claimants differ."""
        return self._mark_of(self.rows)

    @property
    def alike(self) -> Alike:
        """By registration those that are of its identity, or may be: their number was not given."""
        return {
            one.id: frozenset(each.id for each in self.rows if self._mark_of([one, each]) is Mark.NONE)
            for one in self.rows
        }

    def after_erasing(self, erased: UUID, beside: Mapping[UUID, UUID]) -> "Claimants":
        """Return them as they are once one of them was erased, and these are kept beside whom is named."""
        blank = [
            row._replace(name_index=None, id_number_index=None) if row.id == erased else row
            for row in self.rows
        ]
        return Claimants(blank, {**self.beside, **beside})

    def _mark_of(self, claims: Sequence[_ClaimRow]) -> Mark:
        """Equal are a name, a year of birth, and the numbers of identity as far as they were given.

        What was erased cannot be compared: it is of whom it was kept with, or else taken for another's.
        """
        speaking = [self._speaking(each) for each in claims]
        who = {(bytes(each.name_index), each.birth_year) if each.name_index else each.id for each in speaking}
        numbers = {bytes(each.id_number_index) for each in speaking if each.id_number_index}
        return Mark.NONE if len(who) == 1 and len(numbers) <= 1 else Mark.CODE_CLAIMED_TWICE

    def _speaking(self, claim: _ClaimRow) -> _ClaimRow:
        """Return whose name and numbers speak for a claim: while it is of somebody erased, those it was kept with."""
        known, passed = {each.id: each for each in self.rows}, set[UUID]()
        while claim.name_index is None and claim.id in self.beside and claim.id not in passed:
            passed.add(claim.id)
            named = self.beside[claim.id]
            claim = known.get(named, claim._replace(id=named))
        return claim


def claims_of(codes: Collection[str]) -> Mapping[str, Claims]:
    """Return who claims each of these codes; one that nobody claims has no registrations."""
    return claims_ahead(codes)()


def claims_ahead(codes: Collection[str]) -> Ahead[Mapping[str, Claims]]:
    """Ask likewise, but wait for the answer only when it is asked for (on PostgreSQL, in `sending_together`)."""
    named = lookup_ahead(_NAMED, "person_code", codes)
    return lambda: _claims_by_code(named())


def foresee_names(codes: Collection[str]) -> None:
    """Let the claims of these codes, which will be asked for, go with the next statement that is waited for."""
    foresee(_NAMED, "person_code", codes)


def _claims_by_code(named: Iterable[_NamedRow]) -> Mapping[str, Claims]:
    found: dict[str, list[_NamedRow]] = defaultdict(list)
    for row in named:
        found[row.person_code].append(row)
    shared = [code for code, rows in found.items() if len(rows) > 1]
    waiting = {row.person_code for row in lookup(CODES, "person_code", shared) if _waits(row.marks)}
    alike = {code: each.alike for code, each in claimants_of(waiting).items()} if waiting else {}
    claims = {
        code: replace(_claims(_in_order(rows)), waits=code in waiting, alike=alike.get(code, {}))
        for code, rows in found.items()
    }
    return defaultdict(lambda: NOBODYS, claims)


def claimants_of(codes: Collection[str]) -> dict[str, Claimants]:
    """Return everybody who claims each of these codes; a code that nobody claims is absent."""
    return _claimants(lookup(_CLAIMS, "person_code", codes))


def _claimants(claims: Iterable[_ClaimRow]) -> dict[str, Claimants]:
    """Sort them by code; only of who was erased, and shares a code, it is asked whom they were kept with."""
    by_code: dict[str, list[_ClaimRow]] = defaultdict(list)
    for each in claims:
        by_code[each.person_code].append(each)
    shared = [each for rows in by_code.values() if len(rows) > 1 for each in rows]
    kept = lookup(_KEPT, "registration", [each.id for each in shared if each.name_index is None])
    beside = {
        each.registration: each.named_group
        for each in sorted(kept, key=lambda each: (each.effective_at, each.id))
        if each.is_by_machine
    }
    return {code: Claimants(rows, beside) for code, rows in by_code.items()}


def recompute_codes(codes: set[str], touched: Touched) -> None:
    """Bring who claims these codes to what leads have corrected; then say whose each code is that several claim.

    It is marked where their identities differ. Both are asked in one trip: nearly always nothing was corrected.
    """
    corrections, claimed = corrections_ahead(codes), lookup_ahead(_CLAIMS, "person_code", codes)
    if carry_out_corrections(corrections(), touched):
        claimed = lookup_ahead(_CLAIMS, "person_code", codes)
    upsert(
        CODES,
        [
            _CodeRow(code, _in_order(each.rows)[0].id, int(each.mark))
            for code, each in sorted(_claimants(claimed()).items())
            if len(each.rows) > 1
        ],
    )


def _waits(marks: int) -> bool:
    return has_effect(Mark(marks), Effect.WAITS)


def _claims(rows: Sequence[_NamedRow]) -> Claims:
    names = tuple(Named(each.name_from or each.id, each.birth_from or each.id) for each in rows)
    return Claims(tuple(each.id for each in rows), names=names)


def _in_order(rows: Iterable[Claim]) -> list[Claim]:
    return sorted(rows, key=lambda each: (each.registered_at, each.id))
