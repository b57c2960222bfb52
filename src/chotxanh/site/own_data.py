"""All that is kept of one registration, as its holder may take it along: no more than their own page may tell.

The names are stable and stand in `docs/own-data.md`. A positive that was not told yet says `untold`; of a code that
several people claim nothing is told that may be another's; what a group of registrations knows together stands nowhere.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings

from chotxanh.beside.access_log import looks_at
from chotxanh.certificates.queries import HeldCertificate, certificates_of
from chotxanh.declarations.queries import Journey, journeys_of, place_words
from chotxanh.domain.names import mask_id_number, mask_phone
from chotxanh.people.claims import claims_of
from chotxanh.people.queries import PageOwner
from chotxanh.results.corrections.telling import untold_of
from chotxanh.results.queries import OwnSampling, PersonState, samplings_of, standing_ahead
from chotxanh.site.own_page_papers import USABLE
from chotxanh.units.places import full_name, unit_named

FORMAT = "chotxanh-own-data/1"
MOST_LOOKS = 1_000
UNTOLD = "untold"


class OwnPerson(msgspec.Struct, frozen=True):
    """Who it is. Numbers are masked as on the page: whoever has its link may stand here. None: not given, or erased."""

    person_code: str
    full_name: str | None
    birth_year: int
    has_birth_date: bool
    id_number_masked: str | None
    phone_masked: str | None
    has_address: bool
    registered_at: datetime


class OwnJourney(msgspec.Struct, frozen=True):
    """One journey: codes as in `docs/protocol.md`, places in words; `answers` maps questions to yes or no."""

    declared_at: datetime
    category: str
    vehicle_class: str
    plate: str | None
    direction: str
    origin: str
    destination: str
    road: str
    answers: dict[str, bool]


class OwnSample(msgspec.Struct, frozen=True):
    """One sampling; `result` is `negative`, `positive`, `untold`, or why there is none yet."""

    sampled_at: datetime
    facility: str
    people_in_tube: int
    test_type: str
    result: str
    resulted_at: datetime | None


class OwnCertificate(msgspec.Struct, frozen=True):
    """One certificate; `text` is the code of one that can be used."""

    number: str
    status: str
    facility: str
    sampled_at: datetime
    resulted_at: datetime
    valid_until: datetime | None
    text: str | None


class OwnLookAt(msgspec.Struct, frozen=True):
    """When staff opened the data, and what for."""

    at: datetime
    purpose: str


class OwnData(msgspec.Struct, frozen=True):
    """Everything; times are UTC (RFC 3339). `is_code_shared`: results, papers and looks are then told by people."""

    format: str
    made_at: datetime
    department: str
    is_code_shared: bool
    person: OwnPerson
    journeys: list[OwnJourney]
    samples: list[OwnSample]
    certificates: list[OwnCertificate]
    looks: list[OwnLookAt]


def own_data_of(owner: PageOwner, now: datetime) -> OwnData:
    """Return what is kept of the registration that a page belongs to, as of `now` (UTC)."""
    code = owner.person_code
    is_kept_back = standing_ahead(owner)().is_code_shared  # as on the page: nobody knows whose they are
    is_shared = len(claims_of([code])[code].registrations) > 1
    untold = {told.result for told in untold_of(owner.id)}
    papers = [] if is_kept_back else certificates_of(code, now, owner.id)
    looks = [] if is_shared else looks_at(code)[:MOST_LOOKS]
    return OwnData(
        format=FORMAT,
        made_at=now,
        department=settings.DEPARTMENT,
        is_code_shared=is_shared,
        person=_person(owner),
        journeys=[_journey(each) for each in journeys_of(owner.id)],
        samples=[] if is_kept_back else [_sample(each, untold) for each in samplings_of(owner)],
        certificates=[_certificate(each) for each in papers],
        looks=[OwnLookAt(each.read_at, each.purpose) for each in looks],
    )


def _person(owner: PageOwner) -> OwnPerson:
    known = owner.details
    return OwnPerson(
        person_code=owner.person_code,
        full_name=known.full_name if known else None,
        birth_year=owner.birth_year,
        has_birth_date=bool(known and known.birth_date),
        id_number_masked=mask_id_number(known.id_number) if known and known.id_number else None,
        phone_masked=mask_phone(known.phone) if known and known.phone else None,
        has_address=bool(known and known.address),
        registered_at=owner.registered_at,
    )


def _journey(journey: Journey) -> OwnJourney:
    origin, destination = place_words(journey)
    return OwnJourney(
        declared_at=journey.declared_at,
        category=journey.category,
        vehicle_class=journey.vehicle_class,
        plate=journey.plate,
        direction=journey.direction,
        origin=origin or _unit_words(journey.origin),
        destination=destination or _unit_words(journey.destination),
        road=journey.road,
        answers=journey.answers,
    )


def _unit_words(named: str) -> str:
    unit = unit_named(named)
    return full_name(unit) if unit else named


def _sample(sampling: OwnSampling, untold: Collection[UUID]) -> OwnSample:
    is_untold = sampling.state is PersonState.POSITIVE and sampling.result in untold
    return OwnSample(
        sampled_at=sampling.sampled_at,
        facility=sampling.facility_name,
        people_in_tube=sampling.pool_size,
        test_type=sampling.test_type,
        result=UNTOLD if is_untold else sampling.state.value,
        resulted_at=sampling.resulted_at,
    )


def _certificate(held: HeldCertificate) -> OwnCertificate:
    is_usable = held.status in USABLE
    return OwnCertificate(
        number=held.number,
        status=held.status.value,
        facility=held.facility_name,
        sampled_at=held.sampled_at,
        resulted_at=held.resulted_at,
        valid_until=held.valid_until if held.status == "valid" else None,
        text=held.text if is_usable else None,
    )
