"""Stores registrations and links: the only writer of the people floor's tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import Kind
from chotxanh.domain.names import fold
from chotxanh.keys.sealing import blind_index
from chotxanh.people.models import Link, Registration
from chotxanh.protocol.kinds import Happening, KindSpec, Touched, follow, register
from chotxanh.storage.rows import Table, upsert

_REGISTRATIONS = Table(
    Registration,
    (
        *("id", "person_code", "page_digest", "birth_year", "sex", "category", "language", "declared_at"),
        *("name_index", "id_number_index", "phone_index", "identity_index"),
    ),
)
_LINKS = Table(Link, ("id", "first", "second", "is_linked", "effective_at"))


@dataclass(frozen=True, slots=True)
class Identity:
    """What finds a person again: all of it identifies, so it is stored as blind indexes only."""

    full_name: str
    id_number: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class NewRegistration:
    """One registration to store; `identity` is None once it was erased."""

    id: UUID
    person_code: str
    page_digest: bytes | None
    birth_year: int
    sex: str
    category: str
    language: str
    declared_at: datetime
    identity: Identity | None


class Linked(msgspec.Struct, frozen=True):
    """Two registrations that a lead says are, or are not, one person."""

    registrations: tuple[UUID, UUID]


def store_registrations(registrations: Sequence[NewRegistration]) -> None:
    """Store registrations; storing one again changes only what was erased since."""
    upsert(_REGISTRATIONS, [_row(registration) for registration in registrations])


def forget_people(ids: Iterable[UUID]) -> None:
    """Blank what finds these registrations again, and their pages."""
    blank = dict.fromkeys(("page_digest", "name_index", "id_number_index", "phone_index", "identity_index"))
    Registration.objects.filter(id__in=list(ids)).update(**blank)


def name_index(full_name: str) -> bytes:
    """Return the blind index of a name, folded: one search finds "Hoa" and "Hòa"."""
    return blind_index("name", fold(full_name))


def apply_links(happenings: Sequence[Happening[Linked, None]], _touched: Touched) -> None:
    """Store leads' links and unlinks."""
    rows = []
    for item in happenings:
        first, second = sorted(item.facts.registrations)
        rows.append((item.id, first, second, item.kind is Kind.REGISTRATION_LINKED, item.effective_at))
    upsert(_LINKS, rows)


def register_kinds() -> None:
    """Declare the kinds this floor owns."""
    register(KindSpec(Kind.REGISTRATION_LINKED, 1, Linked))
    register(KindSpec(Kind.REGISTRATION_UNLINKED, 1, Linked))
    follow([Kind.REGISTRATION_LINKED, Kind.REGISTRATION_UNLINKED], apply_links)


def _row(new: NewRegistration) -> tuple[Any, ...]:
    return (
        *(new.id, new.person_code, new.page_digest, new.birth_year, new.sex, new.category, new.language),
        *(new.declared_at, *_indexes(new)),
    )


def _indexes(new: NewRegistration) -> tuple[bytes | None, bytes | None, bytes | None, bytes | None]:
    identity = new.identity
    if identity is None:
        return None, None, None, None
    id_number, folded_name = identity.id_number, fold(identity.full_name)
    # On the last one alone registrations are linked automatically (architecture, rule 9).
    return (
        blind_index("name", folded_name),
        blind_index("id_number", id_number) if id_number else None,
        blind_index("phone", identity.phone) if identity.phone else None,
        blind_index("identity", f"{id_number}|{new.birth_year}|{folded_name}") if id_number else None,
    )
