"""Reads where people and tubes stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from chotxanh.domain.pools import ResultValue
from chotxanh.people.claims import Claims, claims_of
from chotxanh.results.people import PERSON_RESULTS, PersonResultRow
from chotxanh.specimens.tubes import RESULT_AFTER
from chotxanh.storage.lookups import lookup
from chotxanh.storage.questions import Question, answers


class _SamplingRow(NamedTuple):
    """A person in a tube, and what is known of it; the last three are None before its result.

    `left_out_at` is when this person was sampled where a lead chose another sampling of the tube.

    `is_code_shared` stands in a row of its own, without a tube: somebody of another identity claims the person code
    too, sampled or not. `named` is the registration that the officer named, `resolved` those that a lead named.
    """

    person_code: str
    named: UUID | None
    resolved: dict[str, str]
    tube: str
    facility_name: str
    pool_kind: str
    test_type: str
    sampled_at: datetime
    is_disputed: bool
    left_out_at: datetime | None
    is_code_shared: bool
    resulted_at: datetime | None
    is_result_disputed: bool | None
    is_final: bool | None

    @property
    def taken_at(self) -> datetime:
        """When this person was sampled (UTC)."""
        return self.left_out_at or self.sampled_at


_SAMPLINGS = Question(
    """
SELECT member.person_code, member.registration, tube.people, tube.key, coalesce(facility.name, tube.facility),
    tube.pool_kind, tube.test_type,
    tube.sampled_at, tube.is_disputed, other.sampled_at, FALSE,
    outcome.resulted_at, outcome.is_disputed, outcome.is_final
FROM specimens_collectionmember AS member
JOIN specimens_tube AS tube ON tube.key = member.tube
LEFT JOIN specimens_collection AS other
    ON tube.chosen_at IS NOT NULL AND member.collection <> tube.collection AND other.id = member.collection
LEFT JOIN results_tuberesult AS outcome ON outcome.tube = tube.key
LEFT JOIN facilities_facility AS facility ON facility.code = tube.facility
WHERE member.person_code AMONG
UNION ALL
SELECT claim.person_code, claim.owner, '{}', '', '', '', '', person.registered_at, FALSE, NULL, TRUE, NULL, NULL, NULL
FROM people_claimedcode AS claim JOIN people_registration AS person ON person.id = claim.owner
WHERE claim.marks <> 0 AND claim.person_code AMONG
""",
    _SamplingRow,
)


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
    """Where a person stands by the latest sampling; times are UTC and None while unknown.

    Of a code that two people claim nothing is told to anybody but whom an officer or a lead named (`is_code_shared`).
    """

    state: PersonState
    sampled_at: datetime | None = None
    resulted_at: datetime | None = None
    facility_name: str = ""
    pool_kind: str = ""
    test_type: str = ""
    is_code_shared: bool = False

    @property
    def result_due_at(self) -> datetime | None:
        """When a rapid test can be read."""
        return self.sampled_at + RESULT_AFTER if self.sampled_at else None


class Owner(Protocol):
    """A registration, and the code that belongs to it."""

    @property
    def id(self) -> UUID:
        """Its number."""

    @property
    def person_code(self) -> str:
        """Its person code."""


def standing_of(person_code: str) -> PersonStanding:
    """Return where one person stands."""
    return standings_of([person_code])[person_code]


def standing_for(owner: Owner) -> PersonStanding:
    """Return where the holder of one registration stands: by the samplings that are theirs, and by no stranger's."""
    code = owner.person_code
    claims = claims_of([code])[code]
    found = [
        each
        for each in answers(_SAMPLINGS, [code])
        if each.is_code_shared or _holder(each, claims) == owner.id
    ]
    own = [each for each in results_of([code]) if each.registration == owner.id]
    sampled = [each for each in found if not each.is_code_shared]
    return _standings(own, [code], sampled or found)[code]


def standings_of(codes: Sequence[str]) -> dict[str, PersonStanding]:
    """Return where each of these people stands, by their latest sampling."""
    return standings_by(results_of(codes), codes)


def standings_by(own: Sequence[PersonResultRow], codes: Sequence[str]) -> dict[str, PersonStanding]:
    """Return where each of these people stands, given (at least) the final results of their own."""
    return _standings(own, codes, answers(_SAMPLINGS, codes))


def _standings(
    own: Sequence[PersonResultRow], codes: Sequence[str], found: Sequence[_SamplingRow]
) -> dict[str, PersonStanding]:
    stand = {(each.person_code, each.tube) for each in found if each.left_out_at is None}
    told = [each for each in found if each.left_out_at is None or (each.person_code, each.tube) not in stand]
    latest: dict[str, _SamplingRow] = {}
    for sampling in sorted(told, key=lambda each: (each.is_code_shared, each.taken_at, each.tube)):
        latest[sampling.person_code] = sampling
    results = {(each.person_code, each.tube): each for each in own}
    return {
        code: _standing(latest[code], results.get((code, latest[code].tube)))
        if code in latest
        else PersonStanding(PersonState.DECLARED)
        for code in codes
    }


def _holder(sampling: _SamplingRow, claims: Claims) -> UUID | None:
    resolved = sampling.resolved.get(sampling.person_code)
    return claims.holder(sampling.named, UUID(resolved) if resolved else None)


def results_of(codes: Sequence[str]) -> list[PersonResultRow]:
    """Return the final results of these people's own, in the order of sampling."""
    found = lookup(PERSON_RESULTS, "person_code", codes)
    return sorted(found, key=lambda result: (result.sampled_at, result.key))


def _standing(sampling: _SamplingRow, result: PersonResultRow | None) -> PersonStanding:
    if sampling.is_code_shared:
        return PersonStanding(PersonState.DISPUTED, is_code_shared=True)
    if sampling.left_out_at is not None:
        state = PersonState.RECOLLECT
    elif sampling.is_disputed or sampling.is_result_disputed:
        state = PersonState.DISPUTED
    elif not sampling.is_final:
        state = PersonState.SAMPLED
    elif result is None:
        state = PersonState.RECOLLECT
    elif result.value == ResultValue.NEGATIVE:
        state = PersonState.NEGATIVE
    else:
        state = PersonState.POSITIVE
    return PersonStanding(
        state,
        sampling.taken_at,
        sampling.resulted_at if state is not PersonState.DISPUTED and not sampling.left_out_at else None,
        sampling.facility_name,
        sampling.pool_kind,
        sampling.test_type,
    )
