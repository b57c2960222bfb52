"""What the entry about who somebody is says, and its checks."""

from datetime import date
from typing import Annotated, TypeAlias

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


class PersonRegistered(msgspec.Struct, frozen=True):
    """Who somebody is, without anything that identifies them: the code and the page's secret belong to it."""

    person_code: OwnPersonCode
    page_digest: Annotated[str, Meta(max_length=24)] | None
    birth_year: Annotated[int, Meta(ge=1890, le=2100)]
    birth_precision: BirthPrecision
    sex: Sex
    language: Language


class PersonPersonal(msgspec.Struct, frozen=True):
    """What identifies the person: sealed at rest, erasable."""

    salt: Salt
    full_name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\A[^\x00-\x1f]+\Z")]
    birth_date: Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")] | None
    id_number: ShortText | None
    phone: Annotated[str, Meta(pattern=r"\A\+[0-9]{6,15}\Z")] | None
    address: Annotated[str, Meta(max_length=200, pattern=r"\A[^\x00-\x1f]*\Z")] | None = None


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
    if personal is not None and not _is_sound(personal, facts.birth_year):
        raise Problem("payload_invalid")


def _is_sound(personal: PersonPersonal, birth_year: int) -> bool:
    """Say whether a name is left without invisible characters, and the date of birth is one of that year."""
    try:
        born = date.fromisoformat(personal.birth_date) if personal.birth_date else None
    except ValueError:
        return False
    return bool(normalise_name(personal.full_name)) and (born is None or born.year == birth_year)
