"""Who travels together, as one of them declared it: one code shows everybody in the vehicle."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from chotxanh.declarations.models import Declaration
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.questions import Question, answers, answers_ahead


class Member(NamedTuple):
    """One who goes along with the journey `party`."""

    party: UUID
    person_code: str
    registration: UUID


class _Along(NamedTuple):
    registration: UUID
    journey: UUID


class WentAlong(NamedTuple):
    """Who somebody ever declared along with their own, in the order of a form, and with which journeys of theirs."""

    registrations: Sequence[UUID]
    journeys: frozenset[UUID]


_MEMBERS = Question(
    """
SELECT trip.party, trip.person_code, trip.registration FROM declarations_declaration AS trip
WHERE trip.party AMONG
""",
    Member,
)
_ALONG = Question(
    """
SELECT DISTINCT trip.registration, trip.party FROM declarations_declaration AS declared
JOIN declarations_declaration AS trip ON trip.party = declared.id
WHERE declared.companions > 0 AND declared.registration AMONG
""",
    _Along,
)


def codes_of(journeys: Collection[UUID]) -> list[str]:
    """Return the codes of those whose journeys these are, as far as they are known here."""
    found = Declaration.objects.filter(id__in=journeys) if journeys else Declaration.objects.none()
    return sorted(set(found.values_list("person_code", flat=True)))


def companions_of(journeys: Collection[UUID]) -> Mapping[UUID, list[Member]]:
    """Return who goes along with each of these journeys, in the order they were declared."""
    found: dict[UUID, list[Member]] = defaultdict(list)
    for member in sorted(answers(_MEMBERS, journeys), key=lambda each: each.registration):
        found[member.party].append(member)
    return found


def went_along_ahead(registration: UUID) -> Ahead[WentAlong]:
    """Ask which registrations somebody ever declared along with their own, and with which journeys."""
    asked = answers_ahead(_ALONG, [registration])
    return lambda: _went_along(asked())


def _went_along(found: Collection[_Along]) -> WentAlong:
    registrations = sorted({each.registration for each in found})
    return WentAlong(registrations, frozenset(each.journey for each in found))
