"""What the entry about who somebody is says, and its checks."""

from datetime import date
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.codes import CodeType, parse_code
from chotxanh.domain.dates import BirthPrecision
from chotxanh.domain.names import normalise_name
from chotxanh.domain.people import Language, Sex
from chotxanh.domain.problems import Problem
from chotxanh.people.queries import PAGE_DIGEST_BYTES
from chotxanh.protocol.envelope import OwnPersonCode

ShortText: TypeAlias = Annotated[str, Meta(max_length=40, pattern=r"\A[^\x00-\x1f]*\Z")]
Salt: TypeAlias = Annotated[str, Meta(min_length=20, max_length=64)]
FullName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\A[^\x00-\x1f]+\Z")]
Day: TypeAlias = Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
BirthYear: TypeAlias = Annotated[int, Meta(ge=1890, le=2100)]


class PersonRegistered(msgspec.Struct, frozen=True):
    """Who somebody is, without anything that identifies them: the code and the page's secret belong to it."""

    person_code: OwnPersonCode
    page_digest: Annotated[str, Meta(max_length=24)] | None
    birth_year: BirthYear
    birth_precision: BirthPrecision
    sex: Sex
    language: Language


class PersonPersonal(msgspec.Struct, frozen=True):
    """What identifies the person: sealed at rest, erasable."""

    salt: Salt
    full_name: FullName
    birth_date: Day | None
    id_number: ShortText | None
    phone: Annotated[str, Meta(pattern=r"\A\+[0-9]{6,15}\Z")] | None
    address: Annotated[str, Meta(max_length=200, pattern=r"\A[^\x00-\x1f]*\Z")] | None = None


Subject: TypeAlias = Literal["name", "birth", "id_number"]
CorrectionReason: TypeAlias = Literal["typing_error", "as_on_document", "document_changed", "other"]
LinkReason: TypeAlias = Literal["papers_seen", "person_asked", "wrong_before", "other"]


class PersonCorrected(msgspec.Struct, frozen=True):
    """A lead says anew who a registration of a person code is: of each thing it speaks of the latest word stands."""

    registration: UUID
    person_code: OwnPersonCode
    corrects: Annotated[list[Subject], Meta(min_length=1, max_length=3)]
    reason: CorrectionReason
    birth_year: BirthYear | None = None
    birth_precision: BirthPrecision | None = None


class CorrectionPersonal(msgspec.Struct, frozen=True):
    """What it is now: sealed at rest, erasable. Without `id_number` where it is corrected nobody knows one."""

    salt: Salt
    full_name: FullName | None = None
    birth_date: Day | None = None
    id_number: ShortText | None = None


class RegistrationLinked(msgspec.Struct, frozen=True):
    """A lead says that a registration belongs to a group: that of the registration by whose entry it is named.

    A group that a registration was given by unlinking is named by the entry that did so.
    """

    registration: UUID
    group: UUID
    reason: LinkReason


class RegistrationUnlinked(msgspec.Struct, frozen=True):
    """A lead says that a registration is nobody else's: it gets a group of its own."""

    registration: UUID
    reason: LinkReason


def check_person_code(code: str) -> None:
    """Check a person code's check character. Raises Problem("person_code_invalid")."""
    own = parse_code(code)
    if own is None or own.type is not CodeType.PERSON:
        raise Problem("person_code_invalid")


def check_registration(facts: PersonRegistered, personal: PersonPersonal | None) -> None:
    """Check what types cannot say. Raises Problem: `person_code_invalid`, `payload_invalid`."""
    check_person_code(facts.person_code)
    if facts.page_digest is not None:
        digest = from_base64url(facts.page_digest)
        if digest is None or len(digest) != PAGE_DIGEST_BYTES:
            raise Problem("payload_invalid")
    if personal is not None and not (_is_name(personal.full_name) and _is_born(personal, facts.birth_year)):
        raise Problem("payload_invalid")


def check_correction(facts: PersonCorrected, personal: CorrectionPersonal | None) -> None:
    """Check that it says what it speaks of, and nothing else. Raises Problem likewise."""
    check_person_code(facts.person_code)
    subjects = set(facts.corrects)
    is_of_birth = {facts.birth_year is not None, facts.birth_precision is not None}
    is_sound = len(subjects) == len(facts.corrects) and is_of_birth == {"birth" in subjects}
    if personal is not None:
        is_sound = is_sound and (personal.full_name is not None) is ("name" in subjects)
        is_sound = is_sound and (personal.full_name is None or _is_name(personal.full_name))
        is_sound = is_sound and (personal.id_number is None or "id_number" in subjects)
        is_sound = is_sound and _is_born(personal, facts.birth_year)
    if not is_sound:
        raise Problem("payload_invalid")


def _is_name(full_name: str) -> bool:
    """Say whether a name is left without invisible characters."""
    return bool(normalise_name(full_name))


def _is_born(personal: PersonPersonal | CorrectionPersonal, birth_year: int | None) -> bool:
    """Say whether the date of birth, if there is one, is a day of that year."""
    try:
        return personal.birth_date is None or date.fromisoformat(personal.birth_date).year == birth_year
    except ValueError:
        return False
