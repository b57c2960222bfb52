"""Declarations as they are recorded: one journey and its answers; the payload, its check, and what is stored of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from django.db.models import Q
from msgspec import Meta

from chotxanh.declarations.example import EXAMPLE, EXAMPLE_PERSONAL
from chotxanh.declarations.models import Declaration
from chotxanh.declarations.parties import codes_of
from chotxanh.domain.people import Direction
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import QUESTIONS
from chotxanh.domain.works import DECLARERS
from chotxanh.ledger.entries import CategoryErased, PersonalErased
from chotxanh.ledger.scopes import EXPECTED_FOR, SEEN_FOR, declared_scope, road_scope
from chotxanh.people.payloads import PersonCorrected, Salt, ShortText, check_person_code
from chotxanh.protocol.envelope import Code, OwnPersonCode
from chotxanh.protocol.kinds import FORMS, Happening, KindRow, Touched, Who, erase_with, follow, register
from chotxanh.protocol.places import ANYWHERE
from chotxanh.protocol.showings import CardName
from chotxanh.protocol.units import UnitCode
from chotxanh.storage.rows import Table, as_json, upsert
from chotxanh.vehicles.entries import VehicleRow, rename_vehicles, store_vehicles, vehicle_id

Words: TypeAlias = Annotated[str, Meta(max_length=200, pattern=r"\A[^\x00-\x1f]*\Z")]

JOURNEYS = "journeys"
PART = 500
MOST_COMPANIONS = 99  # a coach


class _DeclarationRow(NamedTuple):
    id: UUID
    registration: UUID
    person_code: str
    category: str
    vehicle: UUID | None
    vehicle_class: str
    direction: str
    origin: str
    destination: str
    answers: str
    notice: str
    road: str
    declared_at: datetime
    party: UUID | None
    companions: int


_DECLARATIONS = Table(Declaration, _DeclarationRow)


class DeclarationSubmitted(msgspec.Struct, frozen=True):
    """One journey and its answers. It names the registration by its entry, which may arrive later, and its code.

    `site` is where somebody was declared for at a station: every computer of it knows them. One who goes along names
    the `party`: the journey of whoever declared for all, which says how many `companions` there are. Only the device
    that recorded the `party` can name who goes along with it.
    """

    registration: UUID
    person_code: OwnPersonCode
    category: Annotated[Code, Meta(max_length=20)]
    vehicle_class: Annotated[Code, Meta(max_length=10)]
    direction: Direction
    origin: UnitCode
    destination: UnitCode
    answers: dict[str, bool]
    notice: Annotated[Code, Meta(max_length=20)]
    road: Code | None = None
    site: Code | None = None
    party: UUID | None = None
    companions: Annotated[int, Meta(ge=0, le=MOST_COMPANIONS)] = 0


class DeclarationPersonal(msgspec.Struct, frozen=True):
    """What identifies the journey's vehicle, and its places as somebody wrote them: sealed at rest, erasable."""

    salt: Salt
    plate: ShortText | None
    origin_words: Words | None = None
    destination_words: Words | None = None


def check_declaration(facts: DeclarationSubmitted, _personal: DeclarationPersonal | None) -> None:
    """Check what types cannot say. Raises Problem: `person_code_invalid`, `answers_incomplete`."""
    check_person_code(facts.person_code)
    if facts.answers.keys() != QUESTIONS:
        raise Problem("answers_incomplete")


Submitted: TypeAlias = Happening[DeclarationSubmitted, DeclarationPersonal]


def apply_declarations(happenings: Sequence[Submitted], touched: Touched) -> None:
    """Store vehicles and declarations; whichever entry came first, the road and the site hold who is expected there."""
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
    for code in codes_of({item.facts.party for item in happenings if item.facts.party}):
        touched.announce("person", code)
    for item in happenings:
        card = CardName("person", item.facts.person_code)
        touched.showings.changed.add(card)
        if item.facts.road:
            touched.showings.show(card, road_scope(item.facts.road), item.effective_at + EXPECTED_FOR)
        if item.facts.site:
            touched.showings.show(card, declared_scope(item.facts.site), item.effective_at + SEEN_FOR)


def announce_heads(happenings: Sequence[Happening[PersonCorrected, Any]], touched: Touched) -> None:
    """Let the card of whoever declared for all name those who go along as leads have corrected it."""
    corrected = Declaration.objects.filter(registration__in={item.facts.registration for item in happenings})
    parties = corrected.filter(party__isnull=False).values_list("party", flat=True)
    for code in codes_of({party for party in parties if party}):
        touched.announce("person", code)


def apply_erasures(happenings: Sequence[Happening[Any, None]], touched: Touched) -> None:
    """Blank what was made of erased personal parts: what finds the vehicle.

    With a registration go its journeys. A vehicle that others declared too stays, named by the smallest of their
    entries.
    """
    named = [item.facts.entry for item in happenings]
    erased = Declaration.objects.filter(Q(id__in=named) | Q(registration__in=named))
    _forget_vehicles(list(erased), touched)


def apply_categories(happenings: Sequence[Happening[CategoryErased, None]], touched: Touched) -> None:
    """Blank likewise what was made of journeys whose time of keeping is over."""
    for item in happenings:
        if item.facts.category == JOURNEYS:
            old = Declaration.objects.filter(declared_at__lt=item.facts.before, vehicle__isnull=False)
            while part := list(old[:PART]):
                _forget_vehicles(part, touched)


def _forget_vehicles(erased: Sequence[Declaration], touched: Touched) -> None:
    vehicles = {each.vehicle for each in erased if each.vehicle}
    Declaration.objects.filter(id__in=[each.id for each in erased]).update(vehicle=None)
    if vehicles:
        named_by: dict[UUID, UUID | None] = dict.fromkeys(vehicles)
        naming = Declaration.objects.filter(vehicle__in=vehicles).order_by("-id")
        named_by.update((each.vehicle, each.id) for each in naming if each.vehicle)
        rename_vehicles(named_by)
    for code in {each.person_code for each in erased} | set(
        codes_of({each.party for each in erased if each.party})
    ):
        touched.announce("person", code)


def journeys_of(registrations: Collection[UUID]) -> set[UUID]:
    """Return the journeys that people declared under these registrations."""
    return set(Declaration.objects.filter(registration__in=registrations).values_list("id", flat=True))


def register_kinds() -> None:
    """Declare the kind this feature owns."""
    register(
        KindRow(
            "declaration.submitted",
            DeclarationSubmitted,
            Who(roles=DECLARERS, citizens_at=FORMS),
            "Someone who is registered declared their health and a journey, on the web or at a window.",
            ("Khai báo y tế", "Health declaration"),
            EXAMPLE,
            personal=DeclarationPersonal,
            example_personal=EXAMPLE_PERSONAL,
            check=check_declaration,
            place=lambda _facts: ANYWHERE,
            person=lambda facts: facts.registration,
            category=JOURNEYS,
        )
    )
    follow([DeclarationSubmitted], apply_declarations)
    follow([PersonCorrected], announce_heads)
    follow([PersonalErased], apply_erasures)
    follow([CategoryErased], apply_categories)
    erase_with(journeys_of)


def _row(item: Submitted, vehicle: UUID | None) -> _DeclarationRow:
    facts = item.facts
    return _DeclarationRow(
        id=item.id,
        registration=facts.registration,
        person_code=facts.person_code,
        category=facts.category,
        vehicle=vehicle,
        vehicle_class=facts.vehicle_class,
        direction=facts.direction,
        origin=str(facts.origin),
        destination=str(facts.destination),
        answers=as_json(facts.answers),
        notice=facts.notice,
        road=facts.road or "",
        declared_at=item.effective_at,
        party=facts.party,
        companions=facts.companions,
    )
