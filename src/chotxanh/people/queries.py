"""Reads people: by page secret, by code, by exact search, and what identifies them from the sealed part."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

import msgspec
from django.db.models import Q

from chotxanh.keys.sealing import blind_index, unseal
from chotxanh.ledger.models import Entry
from chotxanh.people.entries import name_index
from chotxanh.people.models import Registration
from chotxanh.storage.lookups import lookup
from chotxanh.storage.questions import Question, answers
from chotxanh.storage.rows import Table

PAGE_DIGEST_BYTES = 16


class Personal(msgspec.Struct, frozen=True):
    """What identifies a person, as the declaration's sealed part gives it."""

    full_name: str
    birth_date: str | None
    id_number: str | None
    phone: str | None
    plate: str | None


class Identified(Protocol):
    """A registration, as far as it tells who may be the same person; `identity_index` is None without a number."""

    @property
    def id(self) -> UUID:
        """Its number."""

    @property
    def person_code(self) -> str:
        """Its person code."""

    @property
    def identity_index(self) -> bytes | None:
        """The blind index of the identity it names."""


class PersonRow(NamedTuple):
    """A registration with what identifies the person, sealed; it is None once erased."""

    id: UUID
    person_code: str
    birth_year: int
    sex: str
    category: str
    declared_at: datetime
    identity_index: bytes | None
    sealed: bytes | None

    @property
    def personal(self) -> Personal | None:
        """What identifies the person, None once erased."""
        return _unsealed(self.id, self.sealed)


class _NamedRow(NamedTuple):
    id: UUID
    person_code: str
    identity_index: bytes | None


class _LinkRow(NamedTuple):
    id: UUID
    first: UUID
    second: UUID
    is_linked: bool
    effective_at: datetime


class _SealedRow(NamedTuple):
    id: UUID
    personal: bytes | None


_PEOPLE = Question(
    """
SELECT person.id, person.person_code, person.birth_year, person.sex, person.category, person.declared_at,
    person.identity_index, entry.personal
FROM people_registration AS person LEFT JOIN ledger_entry AS entry ON entry.id = person.id
WHERE person.person_code AMONG
""",
    PersonRow,
)
_NAMED = Table(Registration, _NamedRow)
_LINKS = Question(
    """
SELECT id, first, second, is_linked, effective_at FROM people_link WHERE first AMONG
UNION SELECT id, first, second, is_linked, effective_at FROM people_link WHERE second AMONG
""",
    _LinkRow,
)
_SEALED = Table(Entry, _SealedRow)
_decoder = msgspec.json.Decoder(Personal)


def everyone_claiming(codes: Collection[str]) -> dict[str, list[PersonRow]]:
    """Return every registration that claims each of these codes."""
    claims: dict[str, list[PersonRow]] = {}
    for row in answers(_PEOPLE, codes):
        claims.setdefault(row.person_code, []).append(row)
    return claims


def personal_of(registrations: Sequence[UUID]) -> dict[UUID, Personal]:
    """Return the details of these registrations; one whose personal part was erased is absent."""
    found = {row.id: _unsealed(row.id, row.personal) for row in lookup(_SEALED, "id", registrations)}
    return {id: personal for id, personal in found.items() if personal is not None}


def details_of(registration: Registration) -> Personal | None:
    """Return one registration's details, None once erased."""
    return personal_of([registration.id]).get(registration.id)


def page_digest(secret: str) -> bytes:
    """Return what is kept of a page's secret: 16 bytes of SHA-256; 128 random bits need no key."""
    return hashlib.sha256(secret.encode()).digest()[:PAGE_DIGEST_BYTES]


def registration_for_secret(secret: str) -> Registration | None:
    """Return the registration whose page has this secret."""
    return Registration.objects.filter(page_digest=page_digest(secret)).first()


def registrations_of(codes: Sequence[str]) -> dict[str, Registration]:
    """Return the registration of each person code; of a code claimed twice, the first."""
    found: dict[str, Registration] = {}
    for registration in Registration.objects.filter(person_code__in=codes).order_by("declared_at", "id"):
        found.setdefault(registration.person_code, registration)
    return found


def person_rows_of(codes: Collection[str]) -> dict[str, PersonRow]:
    """Return the registration of each person code, as cards need it; of a code claimed twice, the first."""
    found: dict[str, PersonRow] = {}
    for row in sorted(answers(_PEOPLE, codes), key=lambda each: (each.declared_at, each.id)):
        found.setdefault(row.person_code, row)
    return found


def search_people(text: str, phone: str | None) -> list[Registration]:
    """Find registrations by exact name (folded), ID number or phone (E.164), newest first, at most 50."""
    wanted = Q(name_index=name_index(text)) | Q(id_number_index=blind_index("id_number", text.upper()))
    if phone:
        wanted |= Q(phone_index=blind_index("phone", phone))
    return list(Registration.objects.filter(wanted).order_by("-declared_at", "id")[:50])


def codes_of_same_people(registrations: Sequence[Identified]) -> dict[str, set[str]]:
    """Return, for each registration's code, every code linked to it, its own included.

    Linked are registrations of equal identity, and those a lead's latest word joins; never those it parts.
    """
    identities = {each.identity_index for each in registrations if each.identity_index is not None}
    alike: dict[bytes, list[_NamedRow]] = {}
    for each in lookup(_NAMED, "identity_index", identities):
        alike.setdefault(bytes(each.identity_index or b""), []).append(each)
    words = _latest_words([each.id for each in registrations])
    named = {each.id: each for each in lookup(_NAMED, "id", {id for pair in words for id in pair})}
    linked: dict[str, set[str]] = {}
    for registration in registrations:
        group = {each.id: each for each in alike.get(bytes(registration.identity_index or b""), [])}
        for pair, is_linked in words.items():
            others = pair - {registration.id}
            if registration.id in pair and is_linked:
                group |= {id: named[id] for id in others if id in named}
            elif registration.id in pair:
                group = {id: each for id, each in group.items() if id not in others}
        linked[registration.person_code] = {each.person_code for each in group.values()} | {
            registration.person_code
        }
    return linked


def _unsealed(id: UUID, sealed: bytes | None) -> Personal | None:
    return _decoder.decode(unseal(bytes(sealed), id.bytes)) if sealed is not None else None


def _latest_words(ids: Sequence[UUID]) -> dict[frozenset[UUID], bool]:
    ordered = sorted(answers(_LINKS, ids), key=lambda link: (link.effective_at, link.id))
    return {frozenset((link.first, link.second)): link.is_linked for link in ordered}
