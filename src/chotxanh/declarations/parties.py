"""Who travels together, as one of them declared it: one code shows everybody in the vehicle."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from chotxanh.declarations.models import Declaration
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.questions import Question, answers, answers_ahead


class Member(NamedTuple):
    """One who goes along with the journey `party`, which says how many `companions` there are."""

    party: UUID
    companions: int
    person_code: str
    registration: UUID


class _Along(NamedTuple):
    registration: UUID
    journey: UUID


class WentAlong(NamedTuple):
    """Who somebody ever declared along with their own, in the order of a form, and with which journeys of theirs."""

    registrations: Sequence[UUID]
    journeys: frozenset[UUID]


# Any device may write the number of a stranger's journey into `party`: somebody goes along only where the same device
# recorded both, and only by the code that is their own, or one person's name would stand beside another's light.
_JOINED = """
FROM declarations_declaration AS declared
JOIN declarations_declaration AS trip ON trip.party = declared.id
JOIN people_registration AS person ON person.id = trip.registration AND person.person_code = trip.person_code
JOIN ledger_entry AS head ON head.id = declared.id
JOIN ledger_entry AS along ON along.id = trip.id AND along.device = head.device
WHERE declared.companions > 0
"""
_MEMBERS = Question(
    f"""
SELECT declared.id, declared.companions, trip.person_code, trip.registration {_JOINED} AND declared.id AMONG
""",
    Member,
)
_ALONG = Question(
    f"""
SELECT DISTINCT trip.registration, trip.party {_JOINED} AND declared.registration AMONG
""",
    _Along,
)


def codes_of(journeys: Collection[UUID]) -> list[str]:
    """Return the codes of those whose journeys these are, as far as they are known here."""
    if not journeys:  # nearly always: then no query is composed either
        return []
    return sorted(set(Declaration.objects.filter(id__in=journeys).values_list("person_code", flat=True)))


def companions_of(journeys: Collection[UUID]) -> Mapping[UUID, list[Member]]:
    """Return who goes along with each of these journeys, in the order they were declared, and no more than it says."""
    found: dict[UUID, list[Member]] = defaultdict(list)
    for member in sorted(answers(_MEMBERS, journeys), key=lambda each: each.registration):
        if len(found[member.party]) < member.companions:
            found[member.party].append(member)
    return found


def went_along_ahead(registration: UUID) -> Ahead[WentAlong]:
    """Ask which registrations somebody ever declared along with their own, and with which journeys."""
    asked = answers_ahead(_ALONG, [registration])
    return lambda: _went_along(asked())


def _went_along(found: Collection[_Along]) -> WentAlong:
    registrations = sorted({each.registration for each in found})
    return WentAlong(registrations, frozenset(each.journey for each in found))
