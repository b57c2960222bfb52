"""Declarations as they are recorded: the payload, its checks, and what is stored of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.declarations.example import EXAMPLE, EXAMPLE_PERSONAL
from chotxanh.declarations.models import Declaration
from chotxanh.domain.base64url import from_base64url
from chotxanh.domain.codes import CodeType, parse_code
from chotxanh.domain.dates import BirthPrecision
from chotxanh.domain.kinds import OFFICERS
from chotxanh.domain.names import normalise_name
from chotxanh.domain.people import Direction, Language, Sex
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import QUESTIONS
from chotxanh.ledger.entries import PersonalErased
from chotxanh.ledger.scopes import EXPECTED_FOR, road_scope
from chotxanh.people.entries import Identity, RegistrationRow, forget_people, store_registrations
from chotxanh.people.queries import PAGE_DIGEST_BYTES
from chotxanh.protocol.envelope import Code, OwnPersonCode
from chotxanh.protocol.kinds import FORMS, Happening, KindRow, Touched, Who, follow, register
from chotxanh.protocol.places import ANYWHERE
from chotxanh.protocol.ranks import Rank
from chotxanh.protocol.showings import CardName
from chotxanh.protocol.units import UnitCode
from chotxanh.storage.rows import Table, as_json, upsert
from chotxanh.vehicles.entries import VehicleRow, rename_vehicles, store_vehicles, vehicle_id

Text: TypeAlias = Annotated[str, Meta(max_length=200, pattern=r"\A[^\x00-\x1f]*\Z")]
ShortText: TypeAlias = Annotated[str, Meta(max_length=40, pattern=r"\A[^\x00-\x1f]*\Z")]


class _DeclarationRow(NamedTuple):
    id: UUID
    person_code: str
    vehicle: UUID | None
    vehicle_class: str
    direction: str
    origin: str
    destination: str
    answers: str
    notice: str
    declared_at: datetime


_DECLARATIONS = Table(Declaration, _DeclarationRow)


class DeclarationSubmitted(msgspec.Struct, frozen=True):
    """What was declared, without anything that identifies the person."""

    person_code: OwnPersonCode
    page_digest: Annotated[str, Meta(max_length=24)] | None
    birth_year: Annotated[int, Meta(ge=1890, le=2100)]
    birth_precision: BirthPrecision
    sex: Sex
    category: Annotated[Code, Meta(max_length=20)]
    vehicle_class: Annotated[Code, Meta(max_length=10)]
    direction: Direction
    origin: UnitCode
    destination: UnitCode
    answers: dict[str, bool]
    language: Language
    notice: Annotated[Code, Meta(max_length=20)]
    road: Code | None = None


class DeclarationPersonal(msgspec.Struct, frozen=True):
    """What identifies the person: sealed at rest, erasable."""

    salt: Annotated[str, Meta(min_length=20, max_length=64)]
    full_name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\A[^\x00-\x1f]+\Z")]
    birth_date: Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")] | None
    id_number: ShortText | None
    phone: Annotated[str, Meta(pattern=r"\A\+[0-9]{6,15}\Z")] | None
    plate: ShortText | None


def check_declaration(facts: DeclarationSubmitted, personal: DeclarationPersonal | None) -> None:
    """Check what types cannot say. Raises Problem: `person_code_invalid`, `answers_incomplete`, `payload_invalid`."""
    code = parse_code(facts.person_code)
    if code is None or code.type is not CodeType.PERSON:
        raise Problem("person_code_invalid")
    if facts.answers.keys() != QUESTIONS:
        raise Problem("answers_incomplete")
    if facts.page_digest is not None:
        digest = from_base64url(facts.page_digest)
        if digest is None or len(digest) != PAGE_DIGEST_BYTES:
            raise Problem("payload_invalid")
    if personal is not None and not _is_sound(personal, facts.birth_year):
        raise Problem("payload_invalid")


def _is_sound(personal: DeclarationPersonal, birth_year: int) -> bool:
    """Say whether a name is left without invisible characters, and the date of birth is one of that year."""
    try:
        born = date.fromisoformat(personal.birth_date) if personal.birth_date else None
    except ValueError:
        return False
    return bool(normalise_name(personal.full_name)) and (born is None or born.year == birth_year)


Submitted: TypeAlias = Happening[DeclarationSubmitted, DeclarationPersonal]


def apply_declarations(happenings: Sequence[Submitted], touched: Touched) -> None:
    """Store registrations, vehicles and declarations."""
    store_registrations([_registration(item) for item in happenings])
    vehicles = {
        item.id: vehicle_id(item.facts.vehicle_class, item.personal.plate)
        for item in happenings
        if item.personal and item.personal.plate
    }
    store_vehicles(
        [
            VehicleRow(vehicles[item.id], item.facts.vehicle_class, item.id)
            for item in happenings
            if item.id in vehicles
        ]
    )
    upsert(_DECLARATIONS, [_row(item, vehicles.get(item.id)) for item in happenings])
    for item in happenings:
        card = CardName("person", item.facts.person_code)
        touched.showings.changed.add(card)
        if item.facts.road:
            touched.showings.show(card, road_scope(item.facts.road), item.effective_at + EXPECTED_FOR)
    touched.add(Rank.PERSON_CODE, {item.facts.person_code for item in happenings})


def apply_erasures(happenings: Sequence[Happening[Any, None]], touched: Touched) -> None:
    """Blank what was made of erased personal parts: what finds the person, their page and their vehicle.

    A vehicle that others declared too stays, named by the smallest of their entries.
    """
    erased = list(Declaration.objects.filter(id__in=[item.facts.entry for item in happenings]))
    forget_people([each.id for each in erased])
    vehicles = {each.vehicle for each in erased if each.vehicle}
    Declaration.objects.filter(id__in=[each.id for each in erased]).update(vehicle=None)
    if vehicles:
        named_by: dict[UUID, UUID | None] = dict.fromkeys(vehicles)
        naming = Declaration.objects.filter(vehicle__in=vehicles).order_by("-id")
        named_by.update((each.vehicle, each.id) for each in naming if each.vehicle)
        rename_vehicles(named_by)
    for each in erased:
        touched.announce("person", each.person_code)


def register_kinds() -> None:
    """Declare the kind this feature owns."""
    register(
        KindRow(
            "declaration.submitted",
            DeclarationSubmitted,
            Who(roles=OFFICERS, citizens_at=FORMS),
            "Someone declared their health and their trip, on the web or at a window.",
            ("Khai báo y tế", "Health declaration"),
            EXAMPLE,
            personal=DeclarationPersonal,
            example_personal=EXAMPLE_PERSONAL,
            check=check_declaration,
            place=lambda _facts: ANYWHERE,
        )
    )
    follow([DeclarationSubmitted], apply_declarations)
    follow([PersonalErased], apply_erasures)


def _registration(item: Submitted) -> tuple[RegistrationRow, Identity | None]:
    facts, personal = item.facts, item.personal
    row = RegistrationRow(
        id=item.id,
        person_code=facts.person_code,
        page_digest=from_base64url(facts.page_digest) if facts.page_digest and personal else None,
        birth_year=facts.birth_year,
        sex=facts.sex,
        category=facts.category,
        language=facts.language,
        declared_at=item.effective_at,
    )
    return row, Identity(personal.full_name, personal.id_number, personal.phone) if personal else None


def _row(item: Submitted, vehicle: UUID | None) -> _DeclarationRow:
    facts = item.facts
    return _DeclarationRow(
        id=item.id,
        person_code=facts.person_code,
        vehicle=vehicle,
        vehicle_class=facts.vehicle_class,
        direction=facts.direction,
        origin=str(facts.origin),
        destination=str(facts.destination),
        answers=as_json(facts.answers),
        notice=facts.notice,
        declared_at=item.effective_at,
    )
