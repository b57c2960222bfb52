"""Reads the journeys that people declared."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from chotxanh.declarations.choices import NONE_OF_THESE, VEHICLE_CLASSES
from chotxanh.declarations.models import Declaration
from chotxanh.keys.sealing import unsealed
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.questions import Question, answers, answers_ahead
from chotxanh.vehicles.entries import vehicle_id
from chotxanh.vehicles.models import Vehicle


class _Sealed(msgspec.Struct, frozen=True):
    plate: str | None
    origin_words: str | None = None
    destination_words: str | None = None


class Journey(NamedTuple):
    """The journey that a registration declared last (UTC); what identifies its vehicle is None once erased."""

    registration: UUID
    id: UUID
    category: str
    vehicle_class: str
    direction: str
    origin: str
    destination: str
    answers: dict[str, bool]
    declared_at: datetime
    road: str
    sealed: bytes | None

    @property
    def plate(self) -> str | None:
        """The plate as declared; None where there is none, or it was erased."""
        return plate_in(self.id, self.sealed)


# The journey that the registration `person` declared last: of two at once, the one with the higher number.
LAST_JOURNEY = """(
    SELECT latest.id FROM declarations_declaration AS latest
    WHERE latest.registration = person.id AND latest.person_code = person.person_code
    ORDER BY latest.declared_at DESC, latest.id DESC LIMIT 1
)"""
_LAST = Question(
    f"""
SELECT trip.registration, trip.id, trip.category, trip.vehicle_class, trip.direction, trip.origin, trip.destination,
    trip.answers, trip.declared_at, trip.road, entry.personal
FROM people_registration AS person
JOIN declarations_declaration AS trip ON trip.id = {LAST_JOURNEY}
LEFT JOIN ledger_entry AS entry ON entry.id = trip.id
WHERE person.id AMONG
""",  # noqa: S608 - constants of the program
    Journey,
)
_ALL = Question(
    """
SELECT trip.registration, trip.id, trip.category, trip.vehicle_class, trip.direction, trip.origin, trip.destination,
    trip.answers, trip.declared_at, trip.road, entry.personal
FROM people_registration AS person
JOIN declarations_declaration AS trip ON trip.registration = person.id AND trip.person_code = person.person_code
LEFT JOIN ledger_entry AS entry ON entry.id = trip.id
WHERE person.id AMONG
""",
    Journey,
)
_decoder = msgspec.json.Decoder(_Sealed)
MOST_JOURNEYS = 200  # the last of one vehicle that are read; a bus has thousands


def last_journeys(registrations: Collection[UUID]) -> dict[UUID, Journey]:
    """Return the last journey of each of these registrations; who declared none yet is absent."""
    return last_journeys_ahead(registrations)()


def last_journeys_ahead(registrations: Collection[UUID]) -> Ahead[dict[UUID, Journey]]:
    """Ask likewise, but wait for the answer only when it is asked for (on PostgreSQL, in `sending_together`)."""
    asked = answers_ahead(_LAST, registrations)
    return lambda: {journey.registration: journey for journey in asked()}


class Aboard(NamedTuple):
    """Who declared a journey in a vehicle; `is_cut` where only its last journeys were read."""

    registrations: list[UUID]
    is_cut: bool


def aboard(plate: str) -> Aboard:
    """Return who declared a journey with this plate, in a vehicle of any class, each once, the latest journey first.

    Of each vehicle the last journeys are read, and no more. A lorry is found by its tractor.
    """
    classes = (each for each in VEHICLE_CLASSES if each != NONE_OF_THESE)
    vehicles = Vehicle.objects.filter(id__in=[vehicle_id(each, plate) for each in classes])
    of_each = [
        list(
            Declaration.objects.filter(vehicle=vehicle)
            .order_by("-declared_at", "id")
            .values_list("declared_at", "registration")[: MOST_JOURNEYS + 1]
        )
        for vehicle in vehicles.values_list("id", flat=True)
    ]
    journeys = [journey for each in of_each for journey in each[:MOST_JOURNEYS]]
    journeys.sort(key=lambda journey: journey[0], reverse=True)
    found = list(dict.fromkeys(registration for _, registration in journeys))
    return Aboard(found, is_cut=any(len(each) > MOST_JOURNEYS for each in of_each))


def journeys_of(registration: UUID) -> list[Journey]:
    """Return all journeys that one registration declared, the last first."""
    return sorted(answers(_ALL, [registration]), key=lambda each: (each.declared_at, each.id), reverse=True)


def place_words(journey: Journey) -> tuple[str | None, str | None]:
    """Return where from and where to in the words of who wrote them; None where none are kept, or they were erased."""
    opened = unsealed(journey.sealed, journey.id.bytes)
    sealed = _decoder.decode(opened) if opened is not None else _Sealed(None)
    return sealed.origin_words, sealed.destination_words


def plate_in(declaration: UUID, sealed: Any) -> str | None:
    """Open a declaration's plate; None stays None, and so is what cannot be opened."""
    opened = unsealed(sealed, declaration.bytes)
    return _decoder.decode(opened).plate if opened is not None else None
