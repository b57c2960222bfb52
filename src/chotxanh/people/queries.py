"""Reads people: by page secret, by code, by exact search, and what identifies them from the sealed part."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

import msgspec
from django.db.models import Q

from chotxanh.domain.names import fold
from chotxanh.keys.sealing import blind_index, unseal
from chotxanh.ledger.models import Entry
from chotxanh.people.indexes import name_index
from chotxanh.people.models import Registration
from chotxanh.storage.lookups import lookup
from chotxanh.storage.questions import Question, answers
from chotxanh.storage.rows import Table

PAGE_DIGEST_BYTES = 16


class Personal(msgspec.Struct, frozen=True):
    """What identifies a person, as the registration's sealed part gives it."""

    full_name: str
    birth_date: str | None
    id_number: str | None
    phone: str | None
    address: str | None = None


class Identified(Protocol):
    """A registration, as far as it is asked who else is the same person."""

    @property
    def id(self) -> UUID:
        """Its number."""

    @property
    def person_code(self) -> str:
        """Its person code."""


class Claiming(Identified, Protocol):
    """A registration that was made at a time."""

    @property
    def registered_at(self) -> datetime:
        """When (UTC)."""


Claim = TypeVar("Claim", bound=Claiming)


class PersonRow(NamedTuple):
    """A registration with what identifies the person, sealed; it is None once erased."""

    id: UUID
    person_code: str
    birth_year: int
    sex: str
    registered_at: datetime
    sealed: bytes | None

    @property
    def personal(self) -> Personal | None:
        """What identifies the person, None once erased."""
        return unsealed(self.id, self.sealed)


class PageOwner(NamedTuple):
    """What a person's own page needs to know of the registration that it belongs to."""

    id: UUID
    person_code: str
    birth_year: int
    registered_at: datetime


class _SealedRow(NamedTuple):
    id: UUID
    personal: bytes | None


_PEOPLE = Question(
    """
SELECT person.id, person.person_code, person.birth_year, person.sex, person.registered_at, entry.personal
FROM people_registration AS person LEFT JOIN ledger_entry AS entry ON entry.id = person.id
WHERE person.person_code AMONG
""",
    PersonRow,
)
_REGISTERED = Question(_PEOPLE.statement.replace("person.person_code AMONG", "person.id AMONG"), PersonRow)
_OWNERS = Table(Registration, PageOwner)
_SEALED = Table(Entry, _SealedRow)
_decoder = msgspec.json.Decoder(Personal)


def everyone_claiming(codes: Collection[str]) -> dict[str, list[PersonRow]]:
    """Return every registration that claims each of these codes."""
    claims: dict[str, list[PersonRow]] = {}
    for row in answers(_PEOPLE, codes):
        claims.setdefault(row.person_code, []).append(row)
    return claims


def people_registered(ids: Collection[UUID]) -> dict[UUID, PersonRow]:
    """Return these registrations with their sealed parts; one that is not known here is absent."""
    return {row.id: row for row in answers(_REGISTERED, ids)}


def personal_of(registrations: Collection[UUID]) -> dict[UUID, Personal]:
    """Return the details of these registrations; one whose personal part was erased is absent."""
    found = {row.id: unsealed(row.id, row.personal) for row in lookup(_SEALED, "id", registrations)}
    return {id: personal for id, personal in found.items() if personal is not None}


def details_of(registration: UUID) -> Personal | None:
    """Return one registration's details, None once erased."""
    return personal_of([registration]).get(registration)


def unsealed(registration: UUID, sealed: bytes | None) -> Personal | None:
    """Open what identifies the person of a registration; None stays None."""
    return _decoder.decode(unseal(bytes(sealed), registration.bytes)) if sealed is not None else None


def page_digest(secret: str) -> bytes:
    """Return what is kept of a page's secret: 16 bytes of SHA-256; 128 random bits need no key."""
    return hashlib.sha256(secret.encode()).digest()[:PAGE_DIGEST_BYTES]


def owner_of_page(secret: str) -> PageOwner | None:
    """Return whose page has this secret."""
    return min(lookup(_OWNERS, "page_digest", [page_digest(secret)]), default=None)


def registrations_claiming(codes: Sequence[str]) -> dict[str, list[Registration]]:
    """Return every registration that claims each of these codes, the first registered first."""
    found: dict[str, list[Registration]] = {}
    for registration in Registration.objects.filter(person_code__in=codes).order_by("registered_at", "id"):
        found.setdefault(registration.person_code, []).append(registration)
    return found


def person_rows_of(codes: Collection[str]) -> dict[str, PersonRow]:
    """Return the registration of each person code, with its sealed part; of a code claimed twice, the first."""
    return first_claims(answers(_PEOPLE, codes))


def first_claims(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Return of each person code the claim that was registered first."""
    found: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda each: (each.registered_at, each.id)):
        found.setdefault(claim.person_code, claim)
    return found


def search_people(text: str, phone: str | None) -> list[Registration]:
    """Find registrations by exact name (folded), ID number or phone (E.164), newest first, at most 50."""
    wanted = Q(name_index=name_index(fold(text))) | Q(id_number_index=blind_index("id_number", text.upper()))
    if phone:
        wanted |= Q(phone_index=blind_index("phone", phone))
    return list(Registration.objects.filter(wanted).order_by("-registered_at", "id")[:50])
