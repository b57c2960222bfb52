"""Stores registrations and links: the only writer of the people floor's tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.kinds import LEADS, OFFICERS
from chotxanh.domain.names import fold
from chotxanh.keys.sealing import blind_index
from chotxanh.ledger.entries import PersonalErased
from chotxanh.people.claims import recompute_codes
from chotxanh.people.example import EXAMPLE, EXAMPLE_PERSONAL
from chotxanh.people.groups import same_people
from chotxanh.people.indexes import name_index
from chotxanh.people.models import Link, Registration
from chotxanh.people.payloads import PersonPersonal, PersonRegistered, check_registration
from chotxanh.people.queries import codes_of_same_people
from chotxanh.protocol.kinds import FORMS, Happening, KindRow, Touched, Who, follow, recompute_at, register
from chotxanh.protocol.places import ANYWHERE
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName
from chotxanh.storage.lookups import lookup
from chotxanh.storage.rows import Table, upsert


class _RegistrationRow(NamedTuple):
    """One registration as it is stored; what finds the person is None once the personal part was erased."""

    id: UUID
    person_code: str
    page_digest: bytes | None
    birth_year: int
    sex: str
    language: str
    registered_at: datetime
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


_REGISTRATIONS = Table(Registration, _RegistrationRow)
_IDENTIFIED = Table(Registration, _Identified)
_LINKS = Table(Link, _LinkRow)


class RegistrationLinked(msgspec.Struct, frozen=True):
    """Two registrations that a lead says are one person."""

    registrations: tuple[UUID, UUID]


class RegistrationUnlinked(msgspec.Struct, frozen=True):
    """Two registrations that a lead says are not one person."""

    registrations: tuple[UUID, UUID]


def apply_registrations(
    happenings: Sequence[Happening[PersonRegistered, PersonPersonal]], touched: Touched
) -> None:
    """Store registrations; storing one again changes only what was erased since."""
    upsert(_REGISTRATIONS, [_with_indexes(_row(item), item.personal) for item in happenings])
    for item in happenings:
        touched.announce("person", item.facts.person_code)
    touched.add(Rank.PERSON_CODE, {item.facts.person_code for item in happenings})


def apply_erasures(happenings: Sequence[Happening[Any, None]], touched: Touched) -> None:
    """Blank what finds the people of erased registrations, and their pages."""
    erased = lookup(_IDENTIFIED, "id", sorted({item.facts.entry for item in happenings}))
    blank = dict.fromkeys(("page_digest", "name_index", "id_number_index", "phone_index", "identity_index"))
    # Who is found alike no more is judged anew: what one suspended of the other ends with it.
    for same in same_people({each.person_code for each in erased}).values():
        touched.add(Rank.PERSON_CODE, same.all)
    if erased:
        Registration.objects.filter(id__in=[each.id for each in erased]).update(**blank)
    for each in erased:
        touched.announce("person", each.person_code)
    touched.add(Rank.PERSON_CODE, {each.person_code for each in erased})


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
        touched.add(Rank.PERSON_CODE, codes)
        touched.showings.changed |= {CardName("person", code) for code in codes}


_TWO = {"registrations": ["017adaf0-0000-7000-8000-000000000031", "017adaf0-0000-7000-8000-000000000035"]}


def register_kinds() -> None:
    """Declare the kinds this floor owns."""
    register(
        KindRow(
            "person.registered",
            PersonRegistered,
            Who(roles=OFFICERS, citizens_at=FORMS),
            "Who somebody is, on the web or at a window: registered once, they declare many journeys.",
            ("Đăng ký người khai", "Person registered"),
            EXAMPLE,
            personal=PersonPersonal,
            example_personal=EXAMPLE_PERSONAL,
            check=check_registration,
            place=lambda _facts: ANYWHERE,
        ),
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
    follow([PersonRegistered], apply_registrations)
    follow([RegistrationLinked, RegistrationUnlinked], apply_links)
    follow([PersonalErased], apply_erasures)
    recompute_at(Rank.PERSON_CODE, recompute_codes)


def _row(item: Happening[PersonRegistered, PersonPersonal]) -> _RegistrationRow:
    facts = item.facts
    return _RegistrationRow(
        id=item.id,
        person_code=facts.person_code,
        page_digest=from_base64url(facts.page_digest) if facts.page_digest and item.personal else None,
        birth_year=facts.birth_year,
        sex=facts.sex,
        language=facts.language,
        registered_at=item.effective_at,
    )


def _with_indexes(row: _RegistrationRow, identity: PersonPersonal | None) -> _RegistrationRow:
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
