"""Submits a citizen's declaration from the web form: sent twice, it is one declaration with one page.

Somebody new is registered with it. The web takes a code only from the page behind its own secret.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import NamedTuple
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


@dataclass(frozen=True, kw_only=True)
class Companion:
    """Somebody who goes along, as another declared them; without a phone that one's is called."""

    full_name: str
    birth: BirthDate
    sex: str
    id_number: str | None
    phone: str | None
    category: str
    answers: dict[str, bool]


@dataclass(frozen=True)
class Submitted:
    """The person's code, and the secret of the person's own page."""

    person_code: str
    page_secret: str


class _Traveller(NamedTuple):
    person_code: str
    registration: UUID


def _nothing() -> None:
    """What follows for whoever typed nothing here."""


def submit_declaration(
    declaration: Declaration,
    token: str,
    now: datetime,
    *,
    companions: Sequence[Companion] = (),
    forget: Callable[[], None] = _nothing,
) -> Submitted:
    """Register the person and who goes along, and record the journey of each, all or nothing.

    The same `token` (made with the form) always gives the same pages, and the same entries. `forget` what was typed
    once they are recorded.
    """
    submitted, deeds = declared_by(declaration, token, companions=len(companions))
    party = deeds[-1].id
    assert party is not None
    for number, each in enumerate(companions, start=1):
        deeds += _along(declaration, each, submitted.page_secret, (number, token), party)
    _record(deeds, now, forget)
    return submitted


def declared_by(
    declaration: Declaration, token: str, *, companions: int = 0, actor: UUID | None = None
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
    who = _Traveller(submitted.person_code, registration)
    journey = _journey(declaration, who, token, companions=companions)
    return submitted, [registered, replace(journey, actor=actor)]


def companion_secret(page_secret: str, registration: UUID) -> str:
    """Return the secret of the page of somebody who went along with whom `page_secret` belongs to.

    So that one's page can lead there, and nothing need be kept that opens it.
    """
    return to_base64url(_derive(f"companion {registration}", page_secret))


def _along(
    declaration: Declaration, companion: Companion, page_secret: str, numbered: tuple[int, str], party: UUID
) -> list[Deed]:
    number, token = numbered
    # The same beginning for all of them, then the number: they are listed as they were declared.
    beginning = _derive("companions", token)[:8] + bytes([number])
    token = f"{number} {token}"
    registration = uuid7_of(beginning + _derive("companion", token)[:7])
    submitted = Submitted(
        new_code(CodeType.PERSON, _derive("companion code", token)),
        companion_secret(page_secret, registration),
    )
    who = {each.name: getattr(companion, each.name) for each in fields(companion)}
    own = replace(declaration, **who | {"phone": companion.phone or declaration.phone})
    return [
        Deed(*_registration(own, submitted), id=registration),
        _journey(own, _Traveller(submitted.person_code, registration), token, party=party),
    ]


def submit_journey(
    journey: JourneyDeclared,
    owner: PageOwner,
    token: str,
    now: datetime,
    *,
    forget: Callable[[], None] = _nothing,
) -> None:
    """Record one more journey of somebody who is registered; the same `token` always gives the same entry."""
    _record([_journey(journey, _Traveller(owner.person_code, owner.id), token)], now, forget)


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


def _journey(
    journey: JourneyDeclared, who: _Traveller, token: str, *, party: UUID | None = None, companions: int = 0
) -> Deed:
    facts = DeclarationSubmitted(
        registration=who.registration,
        person_code=who.person_code,
        category=journey.category,
        vehicle_class=journey.vehicle_class,
        direction=Direction(journey.direction),
        origin=_unit(journey.origin),
        destination=_unit(journey.destination),
        answers=journey.answers,
        notice=NOTICE_VERSION,
        road=journey.road,
        party=party,
        companions=companions,
    )
    personal = DeclarationPersonal(
        salt=new_salt(),
        plate=journey.plate,
        origin_words=journey.origin.words,
        destination_words=journey.destination.words,
    )
    return Deed(facts, personal, id=uuid7_of(_derive(f"journey {who.registration}", token)))


def _unit(place: Place) -> UnitCode:
    return UnitCode(place.unit.scheme, place.unit.code)
