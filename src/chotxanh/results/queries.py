"""Reads where people and tubes stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from chotxanh.domain.pools import ResultValue
from chotxanh.registers.facilities.models import Facility
from chotxanh.results.models import PersonResult, ResultFact, TubeResult
from chotxanh.specimens.models import Collection, CollectionMember, Tube
from chotxanh.specimens.standing import RESULT_AFTER


class PersonState(StrEnum):
    """Where a person stands."""

    DECLARED = "declared"
    SAMPLED = "sampled"
    DISPUTED = "disputed"
    RECOLLECT = "recollect"
    NEGATIVE = "negative"
    POSITIVE = "positive"


@dataclass(frozen=True)
class PersonStanding:
    """Where a person stands by the latest sampling; times are UTC and None while unknown."""

    state: PersonState
    sampled_at: datetime | None = None
    resulted_at: datetime | None = None
    facility_name: str = ""
    pool_kind: str = ""
    test_type: str = ""

    @property
    def result_due_at(self) -> datetime | None:
        """When a rapid test can be read."""
        return self.sampled_at + RESULT_AFTER if self.sampled_at else None


@dataclass(frozen=True)
class DisputedTube:
    """A tube on which a lead must decide, with everything that was recorded about it."""

    facility: str
    tube: str
    reasons: tuple[str, ...]
    collections: tuple[Collection, ...]
    results: tuple[ResultFact, ...]
    members: dict[UUID, tuple[str, ...]]


def standing_of(person_code: str) -> PersonStanding:
    """Return where one person stands."""
    return standings_of([person_code])[person_code]


def standings_of(codes: Sequence[str]) -> dict[str, PersonStanding]:
    """Return where each of these people stands, by their latest sampling."""
    members: dict[str, list[CollectionMember]] = defaultdict(list)
    for member in CollectionMember.objects.filter(person_code__in=codes):
        members[member.person_code].append(member)
    keys = {member.tube for each in members.values() for member in each}
    tubes = Tube.objects.in_bulk(keys)
    outcomes = TubeResult.objects.in_bulk(keys)
    results = {
        (each.person_code, each.tube): each for each in PersonResult.objects.filter(person_code__in=codes)
    }
    names = dict(Facility.objects.values_list("code", "name")) if keys else {}
    standings = {}
    for code in codes:
        tube = _latest(tubes[member.tube] for member in members[code] if member.tube in tubes)
        if tube is None:
            standings[code] = PersonStanding(PersonState.DECLARED)
        else:
            standings[code] = _standing(tube, outcomes.get(tube.key), results.get((code, tube.key)), names)
    return standings


def last_results(codes: Sequence[str]) -> dict[str, PersonResult]:
    """Return the latest final result of each of these people."""
    ordered = PersonResult.objects.filter(person_code__in=codes).order_by("sampled_at", "key")
    return {result.person_code: result for result in ordered}


def disputed_tubes(facilities: Sequence[str] | None) -> list[DisputedTube]:
    """Return the tubes on which a lead must decide, oldest first; `facilities` None means the whole province."""
    disputed = Tube.objects.filter(is_disputed=True)
    outcomes = TubeResult.objects.filter(is_disputed=True)
    if facilities is not None:
        disputed = disputed.filter(facility__in=facilities)
        prefixes = Q(pk__in=[])
        for facility in facilities:
            prefixes |= Q(tube__startswith=f"{facility}/")
        outcomes = outcomes.filter(prefixes)
    reasons: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for tube in disputed.order_by("sampled_at")[:500]:
        reasons[tube.key] += tuple(tube.disputes)
    for outcome in outcomes.order_by("resulted_at")[:500]:
        reasons[outcome.tube] += tuple(outcome.disputes)
    return [_disputed(key, why) for key, why in reasons.items()]


def results_without_tube(limit: int = 100) -> list[TubeResult]:
    """Return results whose sampling has not arrived, oldest first."""
    known = Tube.objects.values("key")
    return list(TubeResult.objects.exclude(tube__in=known).order_by("resulted_at")[:limit])


def _latest(tubes: Iterable[Tube]) -> Tube | None:
    return max(tubes, key=lambda tube: (tube.sampled_at, tube.key), default=None)


def _standing(
    tube: Tube, outcome: TubeResult | None, result: PersonResult | None, names: dict[str, str]
) -> PersonStanding:
    is_disputed = tube.is_disputed or (outcome is not None and outcome.is_disputed)
    if is_disputed:
        state = PersonState.DISPUTED
    elif outcome is None or not outcome.is_final:
        state = PersonState.SAMPLED
    elif result is None:
        state = PersonState.RECOLLECT
    elif result.value == ResultValue.NEGATIVE:
        state = PersonState.NEGATIVE
    else:
        state = PersonState.POSITIVE
    is_known = outcome is not None and state is not PersonState.DISPUTED
    return PersonStanding(
        state,
        tube.sampled_at,
        outcome.resulted_at if outcome and is_known else None,
        names.get(tube.facility, tube.facility),
        tube.pool_kind,
        tube.test_type,
    )


def _disputed(key: str, reasons: tuple[str, ...]) -> DisputedTube:
    facility, _, barcode = key.partition("/")
    members: dict[UUID, tuple[str, ...]] = defaultdict(tuple)
    for member in CollectionMember.objects.filter(tube=key).order_by("key"):
        members[member.collection] += (member.person_code,)
    return DisputedTube(
        facility,
        barcode,
        tuple(dict.fromkeys(reasons)),
        tuple(Collection.objects.filter(tube=key).order_by("sampled_at", "id")),
        tuple(ResultFact.objects.filter(tube=key).order_by("resulted_at", "id")),
        dict(members),
    )
