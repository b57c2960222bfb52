"""Stores registrations and links: the only writer of the people floor's tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import LEADS
from chotxanh.domain.names import fold
from chotxanh.keys.sealing import blind_index
from chotxanh.people.indexes import name_index
from chotxanh.people.models import Link, Registration
from chotxanh.people.queries import codes_of_same_people
from chotxanh.protocol.kinds import Happening, KindRow, Touched, Who, follow, register
from chotxanh.protocol.showings import CardName
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, upsert


class RegistrationRow(NamedTuple):
    """One registration as it is stored; indexes are None once its personal part was erased."""

    id: UUID
    person_code: str
    page_digest: bytes | None
    birth_year: int
    sex: str
    category: str
    language: str
    declared_at: datetime
    name_index: bytes | None = None
    id_number_index: bytes | None = None
    phone_index: bytes | None = None
    identity_index: bytes | None = None


class _LinkRow(NamedTuple):
    id: UUID
    first: UUID
    second: UUID
    is_linked: bool
    effective_at: datetime


class _Identified(NamedTuple):
    id: UUID
    person_code: str


_REGISTRATIONS = Table(Registration, RegistrationRow)
_IDENTIFIED = Table(Registration, _Identified)
_LINKS = Table(Link, _LinkRow)


@dataclass(frozen=True, slots=True)
class Identity:
    """What finds a person again: all of it identifies, so it is stored as blind indexes only."""

    full_name: str
    id_number: str | None
    phone: str | None


class RegistrationLinked(msgspec.Struct, frozen=True):
    """Two registrations that a lead says are one person."""

    registrations: tuple[UUID, UUID]


class RegistrationUnlinked(msgspec.Struct, frozen=True):
    """Two registrations that a lead says are not one person."""

    registrations: tuple[UUID, UUID]


def store_registrations(registrations: Sequence[tuple[RegistrationRow, Identity | None]]) -> None:
    """Store registrations; storing one again changes only what was erased since."""
    upsert(_REGISTRATIONS, [_with_indexes(row, identity) for row, identity in registrations])


def forget_people(ids: Iterable[UUID]) -> None:
    """Blank what finds these registrations again, and their pages."""
    blank = dict.fromkeys(("page_digest", "name_index", "id_number_index", "phone_index", "identity_index"))
    Registration.objects.filter(id__in=list(ids)).update(**blank)


def apply_links(
    happenings: Sequence[Happening[RegistrationLinked | RegistrationUnlinked, None]], touched: Touched
) -> None:
    """Store leads' links and unlinks. A card shows what is known of a person's every code, so all of them change."""
    named = {registration for item in happenings for registration in item.facts.registrations}
    registrations = list(lookup(_IDENTIFIED, "id", sorted(named)))
    before = codes_of_same_people(registrations)
    rows = []
    for item in happenings:
        first, second = sorted(item.facts.registrations)
        is_linked = isinstance(item.facts, RegistrationLinked)
        rows.append(_LinkRow(item.id, first, second, is_linked, item.effective_at))
    upsert(_LINKS, rows)
    after = codes_of_same_people(registrations)
    for codes in (*before.values(), *after.values()):
        touched.showings.changed |= {CardName("person", code) for code in codes}


_TWO = {"registrations": ["017adaf0-0000-7000-8000-000000000031", "017adaf0-0000-7000-8000-000000000035"]}


def register_kinds() -> None:
    """Declare the kinds this floor owns."""
    register(
        KindRow(
            "registration.linked",
            RegistrationLinked,
            Who(roles=LEADS),
            "A lead says that two registrations are one person.",
            ("Ghép hai lần khai của một người", "Registrations linked"),
            _TWO,
        ),
        KindRow(
            "registration.unlinked",
            RegistrationUnlinked,
            Who(roles=LEADS),
            "A lead says that two registrations are not one person.",
            ("Tách hai lần khai", "Registrations unlinked"),
            _TWO,
        ),
    )
    follow([RegistrationLinked, RegistrationUnlinked], apply_links)


def _with_indexes(row: RegistrationRow, identity: Identity | None) -> RegistrationRow:
    if identity is None:
        return row
    id_number, folded_name = identity.id_number, fold(identity.full_name)
    alike = f"{id_number}|{row.birth_year}|{folded_name}"
    return row._replace(
        name_index=name_index(folded_name),
        id_number_index=blind_index("id_number", id_number) if id_number else None,
        phone_index=blind_index("phone", identity.phone) if identity.phone else None,
        # On this one alone registrations are linked automatically (architecture, rule 9).
        identity_index=blind_index("identity", alike) if id_number else None,
    )
