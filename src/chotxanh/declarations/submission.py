"""Submits a citizen's declaration from the web form: sent twice, it is one declaration with one page.

Somebody new is registered with it. The web takes a code only from the page behind its own secret.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from chotxanh.beside.router import beside
from chotxanh.declarations.entries import DeclarationPersonal, DeclarationSubmitted
from chotxanh.domain.base64url import to_base64url
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.dates import BirthDate
from chotxanh.domain.people import Direction, Language, Sex
from chotxanh.domain.problems import Problem
from chotxanh.domain.questionnaire import NOTICE_VERSION
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.people.payloads import PersonPersonal, PersonRegistered
from chotxanh.people.queries import PageOwner, page_digest
from chotxanh.protocol.envelope import new_salt, uuid7_of
from chotxanh.protocol.units import UnitCode
from chotxanh.units.places import Place


@dataclass(frozen=True, kw_only=True)
class JourneyDeclared:
    """A checked journey.

    `road` is the code of the road whose checkpoint the trip passes, None while it is not known.
    """

    category: str
    vehicle_class: str
    plate: str | None
    direction: str
    origin: Place
    destination: Place
    answers: dict[str, bool]
    road: str | None = None


@dataclass(frozen=True, kw_only=True)
class Declaration(JourneyDeclared):
    """A checked declaration of somebody new: who it is, and the journey. `phone` is E.164."""

    full_name: str
    birth: BirthDate
    sex: str
    id_number: str | None
    phone: str
    language: str


@dataclass(frozen=True)
class Submitted:
    """The person's code, and the secret of the person's own page."""

    person_code: str
    page_secret: str


def _nothing() -> None:
    """What follows for whoever typed nothing here."""


def submit_declaration(
    declaration: Declaration, token: str, now: datetime, *, forget: Callable[[], None] = _nothing
) -> Submitted:
    """Register the person and record the journey, both or neither; `forget` what was typed once they are.

    The same `token` (made with the form) always gives the same page, and the same two entries.
    """
    submitted, deeds = declared_by(declaration, token)
    _record(deeds, now, forget)
    return submitted


def declared_by(
    declaration: Declaration, token: str, *, actor: UUID | None = None
) -> tuple[Submitted, list[Deed]]:
    """Return what the declaration of somebody new is recorded as, the registration first.

    The same `token` always gives the same two entries. For whom a member (`actor`) declared nobody holds a link to a
    page of their own, so there is none.
    """
    submitted = Submitted(
        new_code(CodeType.PERSON, _derive("code", token)), to_base64url(_derive("page", token))
    )
    registration = uuid7_of(_derive("registration", token))
    facts, personal = _registration(declaration, submitted)
    if actor is not None:
        facts = msgspec.structs.replace(facts, page_digest=None)
    registered = Deed(facts, personal, actor=actor, id=registration)
    journey = _journey(declaration, submitted.person_code, registration, token)
    return submitted, [registered, replace(journey, actor=actor)]


def submit_journey(
    journey: JourneyDeclared,
    owner: PageOwner,
    token: str,
    now: datetime,
    *,
    forget: Callable[[], None] = _nothing,
) -> None:
    """Record one more journey of somebody who is registered; the same `token` always gives the same entry."""
    _record([_journey(journey, owner.person_code, owner.id, token)], now, forget)


def _record(deeds: list[Deed], now: datetime, forget: Callable[[], None]) -> None:
    """Record and forget in one transaction, where drafts lie in the same database; elsewhere forget afterwards."""
    is_forgotten = beside() == DEFAULT_DB_ALIAS
    try:
        record_deeds(deeds, now, and_then=forget if is_forgotten else None)
    except Problem as problem:
        if problem.code != "id_reused":
            raise
        is_forgotten = False  # it was sent before, or the other tap of a double one came first
    if not is_forgotten:
        forget()


def _derive(purpose: str, token: str) -> bytes:
    """Derive 16 bytes from the form's token under the server's secret, so that nobody else can."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{purpose}\x00{token}".encode(), "sha256")[:16]


def _registration(declaration: Declaration, submitted: Submitted) -> tuple[PersonRegistered, PersonPersonal]:
    birth = declaration.birth
    facts = PersonRegistered(
        person_code=submitted.person_code,
        page_digest=to_base64url(page_digest(submitted.page_secret)),
        birth_year=birth.year,
        birth_precision=birth.precision,
        sex=Sex(declaration.sex),
        language=Language(declaration.language),
    )
    personal = PersonPersonal(
        salt=new_salt(),
        full_name=declaration.full_name,
        birth_date=birth.date.isoformat() if birth.date else None,
        id_number=declaration.id_number,
        phone=declaration.phone,
    )
    return facts, personal


def _journey(journey: JourneyDeclared, person_code: str, registration: UUID, token: str) -> Deed:
    facts = DeclarationSubmitted(
        registration=registration,
        person_code=person_code,
        category=journey.category,
        vehicle_class=journey.vehicle_class,
        direction=Direction(journey.direction),
        origin=_unit(journey.origin),
        destination=_unit(journey.destination),
        answers=journey.answers,
        notice=NOTICE_VERSION,
        road=journey.road,
    )
    personal = DeclarationPersonal(
        salt=new_salt(),
        plate=journey.plate,
        origin_words=journey.origin.words,
        destination_words=journey.destination.words,
    )
    return Deed(facts, personal, id=uuid7_of(_derive(f"journey {registration}", token)))


def _unit(place: Place) -> UnitCode:
    return UnitCode(place.unit.scheme, place.unit.code)
