"""Reads the journeys that people declared."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from chotxanh.keys.sealing import unsealed
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.questions import Question, answers_ahead


class _Sealed(msgspec.Struct, frozen=True):
    plate: str | None


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
_decoder = msgspec.json.Decoder(_Sealed)


def last_journeys(registrations: Collection[UUID]) -> dict[UUID, Journey]:
    """Return the last journey of each of these registrations; who declared none yet is absent."""
    return last_journeys_ahead(registrations)()


def last_journeys_ahead(registrations: Collection[UUID]) -> Ahead[dict[UUID, Journey]]:
    """Ask likewise, but wait for the answer only when it is asked for (on PostgreSQL, in `sending_together`)."""
    asked = answers_ahead(_LAST, registrations)
    return lambda: {journey.registration: journey for journey in asked()}


def plate_in(declaration: UUID, sealed: Any) -> str | None:
    """Open a declaration's plate; None stays None, and so is what cannot be opened."""
    opened = unsealed(sealed, declaration.bytes)
    return _decoder.decode(opened).plate if opened is not None else None
