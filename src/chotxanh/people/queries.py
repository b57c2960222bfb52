"""Reads people: by page secret, by code, and what identifies them from the sealed part."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from chotxanh.people.details import Personal, details_among
from chotxanh.people.models import Registration
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.questions import Question, answers, answers_ahead

PAGE_DIGEST_BYTES = 16


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
    """A registration with what the entry itself says of the person, sealed (None once erased), and what corrects it."""

    id: UUID
    person_code: str
    birth_year: int
    sex: str
    registered_at: datetime
    name_from: UUID | None
    birth_from: UUID | None
    number_from: UUID | None
    sealed: bytes | None


class RegisteredPerson(NamedTuple):
    """A registration as it stands now; `personal` is None once erased."""

    id: UUID
    person_code: str
    birth_year: int
    sex: str
    registered_at: datetime
    personal: Personal | None


class PageOwner(NamedTuple):
    """What a person's own page needs to know of the registration that it belongs to; `sealed` as in PersonRow."""

    id: UUID
    person_code: str
    birth_year: int
    registered_at: datetime
    name_from: UUID | None
    birth_from: UUID | None
    number_from: UUID | None
    sealed: bytes | None

    @property
    def details(self) -> Personal | None:
        """What identifies the person; None once erased. Only where it was corrected the ledger is asked again."""
        return details_among([self]).get(self.id)


_REGISTERED = Question(
    """
SELECT person.id, person.person_code, person.birth_year, person.sex, person.registered_at,
    person.name_from, person.birth_from, person.number_from, entry.personal
FROM people_registration AS person LEFT JOIN ledger_entry AS entry ON entry.id = person.id
WHERE person.id AMONG
""",
    PersonRow,
)
_OWNERS = Question(
    """
SELECT person.id, person.person_code, person.birth_year, person.registered_at,
    person.name_from, person.birth_from, person.number_from, entry.personal
FROM people_registration AS person LEFT JOIN ledger_entry AS entry ON entry.id = person.id
WHERE person.page_digest AMONG
""",
    PageOwner,
)


def people_registered(ids: Collection[UUID]) -> dict[UUID, RegisteredPerson]:
    """Return these registrations with what identifies their people; one that is not known here is absent."""
    rows = answers(_REGISTERED, ids)
    details = details_among(rows)
    return {row.id: RegisteredPerson(*row[:5], details.get(row.id)) for row in rows}


def personal_of(registrations: Collection[UUID]) -> dict[UUID, Personal]:
    """Return the details of these registrations; one whose personal part was erased is absent."""
    return details_among(answers(_REGISTERED, registrations))


def details_of(registration: UUID) -> Personal | None:
    """Return one registration's details, None once erased."""
    return personal_of([registration]).get(registration)


def page_digest(secret: str) -> bytes:
    """Return what is kept of a page's secret: 16 bytes of SHA-256; 128 random bits need no key."""
    return hashlib.sha256(secret.encode()).digest()[:PAGE_DIGEST_BYTES]


def page_digests(registrations: Collection[UUID]) -> dict[UUID, bytes]:
    """Return what is kept of the secret of each of these registrations' pages."""
    known = Registration.objects.filter(id__in=registrations, page_digest__isnull=False)
    return {id: bytes(digest) for id, digest in known.values_list("id", "page_digest") if digest is not None}


def owner_of_page_ahead(secret: str) -> Ahead[PageOwner | None]:
    """Ask whose page has this secret; wait for it only when it is asked for."""
    asked = answers_ahead(_OWNERS, [page_digest(secret)])
    return lambda: min(asked(), default=None, key=lambda each: each.id)


def registrations_claiming(codes: Sequence[str]) -> dict[str, list[Registration]]:
    """Return every registration that claims each of these codes, the first registered first."""
    found: dict[str, list[Registration]] = {}
    for registration in Registration.objects.filter(person_code__in=codes).order_by("registered_at", "id"):
        found.setdefault(registration.person_code, []).append(registration)
    return found


def first_claims(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Return of each person code the claim that was registered first."""
    found: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda each: (each.registered_at, each.id)):
        found.setdefault(claim.person_code, claim)
    return found
