"""Reads where people and tubes stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from chotxanh.domain.methods import Method
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.standing.person import PaperState, State
from chotxanh.people.claims import Claims, claims_ahead
from chotxanh.results.people import PERSON_RESULTS, PersonResultRow
from chotxanh.specimens.tubes import due_at
from chotxanh.storage.lookups import lookup, lookup_ahead
from chotxanh.storage.prepared import Ahead
from chotxanh.storage.questions import Question, answers, answers_ahead


class _SamplingRow(NamedTuple):
    """A person in a tube, and what is known of it by one run of a test; four are None before its result.

    `stands` is the state by everything that bears on the person (domain.standing.person.State).

    `left_out_at` is when this person was sampled where a lead chose another sampling of the tube.

    `is_code_shared` stands in a row of its own, without a tube: somebody of another identity claims the person code
    too, sampled or not. `named` is the registration that the officer named, `resolved` those that a lead named.
    """

    person_code: str
    named: UUID | None
    resolved: dict[str, str]
    tube: str
    facility: str
    facility_name: str
    size: int
    test_type: str
    sampled_at: datetime
    is_disputed: bool
    left_out_at: datetime | None
    is_code_shared: bool
    run: str | None
    resulted_at: datetime | None
    is_result_disputed: bool | None
    is_final: bool | None
    stands: str | None

    @property
    def taken_at(self) -> datetime:
        """When this person was sampled (UTC)."""
        return self.left_out_at or self.sampled_at

    @property
    def key(self) -> str:
        """The key of the person's own result, if it is one."""
        return f"{self.person_code}/{self.run}"

    @property
    def order(self) -> tuple[bool, datetime, str, str]:
        """The latest is what counts; of several results of one tube the latest one known."""
        return (self.is_code_shared, self.taken_at, self.tube, f"{self.resulted_at} {self.run}")


_SAMPLINGS = Question(
    """
SELECT member.person_code, member.registration, tube.people, tube.key, tube.facility,
    coalesce(facility.name, tube.facility), tube.size, coalesce(outcome.method, tube.test_type),
    tube.sampled_at, tube.is_disputed, other.sampled_at, FALSE,
    outcome.key, outcome.resulted_at, outcome.is_disputed, outcome.is_final, whole.state
FROM specimens_collectionmember AS member
JOIN specimens_tube AS tube ON tube.key = member.tube
LEFT JOIN specimens_collection AS other
    ON tube.chosen_at IS NOT NULL AND member.collection <> tube.collection AND other.id = member.collection
LEFT JOIN results_tuberesult AS outcome ON outcome.tube = tube.key
LEFT JOIN facilities_facility AS facility ON facility.code = tube.facility
LEFT JOIN results_whatstands AS whole ON whole.person_code = member.person_code
WHERE NOT member.is_void AND member.person_code AMONG
UNION ALL
SELECT claim.person_code, claim.owner, '{}', '', '', '', 0, '', person.registered_at, FALSE, NULL, TRUE, NULL,
    NULL, NULL, NULL, NULL
FROM people_claimedcode AS claim JOIN people_registration AS person ON person.id = claim.owner
WHERE claim.marks <> 0 AND claim.person_code AMONG
""",
    _SamplingRow,
)


_POSITIVE = (State.SCREENING_POSITIVE, State.POSITIVE)
# What stands is reckoned for the owner of a code; of a stranger it says nothing.
_NOT_THEIRS = ""


class PersonState(StrEnum):
    """Where a person stands."""

    DECLARED = "declared"
    SAMPLED = "sampled"
    DISPUTED = "disputed"
    RECOLLECT = "recollect"
    CONTACT = "contact"
    CLOSED = "closed"
    NEGATIVE = "negative"
    POSITIVE = "positive"


@dataclass(frozen=True)
class PersonStanding:
    """Where a person stands by the latest sampling; times are UTC and None while unknown.

    `facility` is the code of who answers for the sampling. Of a code that two people claim nothing is told to anybody
    but whom an officer or a lead named (`is_code_shared`). `rt_pcr_taken_at` is when a sample for RT-PCR was taken, not
    before this one, whose result is awaited.
    """

    state: PersonState
    sampled_at: datetime | None = None
    resulted_at: datetime | None = None
    facility_name: str = ""
    pool_size: int = 1
    test_type: str = ""
    is_code_shared: bool = False
    facility: str = ""
    rt_pcr_taken_at: datetime | None = None

    @property
    def result_due_at(self) -> datetime | None:
        """When a result is due, by the method alone."""
        return due_at(self.sampled_at, self.test_type, None) if self.sampled_at else None


@dataclass(frozen=True)
class OwnSampling:
    """One sampling as its own person is told of it; times are UTC, `resulted_at` None while no result is told.

    `state` is by this sampling alone: whether a positive was told yet is for the caller to ask, by `result`.
    """

    sampled_at: datetime
    facility_name: str
    pool_size: int
    test_type: str
    state: PersonState
    resulted_at: datetime | None
    result: UUID | None


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


def standing_ahead(owner: Owner) -> Ahead[PersonStanding]:
    """Ask where the holder of one registration stands: by the samplings that are theirs, and by no stranger's.

    The answer is waited for only when it is called (on PostgreSQL, in `sending_together`).
    """
    code = owner.person_code
    claims, samplings = claims_ahead([code]), answers_ahead(_SAMPLINGS, [code])
    results = lookup_ahead(PERSON_RESULTS, "person_code", [code])
    return lambda: _standing_for(owner, claims()[code], samplings(), results())


def samplings_of(owner: Owner) -> list[OwnSampling]:
    """Return the samplings that are the holder's of one registration, the earliest first, and no stranger's."""
    code = owner.person_code
    claims, found = claims_ahead([code])()[code], answers(_SAMPLINGS, [code])
    results = {each.key: each for each in results_of([code]) if each.registration == owner.id}
    theirs = [each for each in found if not each.is_code_shared and _holder(each, claims) == owner.id]
    return [_told_of(each, results.get(each.key)) for each in sorted(theirs, key=lambda each: each.order)]


def _told_of(sampling: _SamplingRow, result: PersonResultRow | None) -> OwnSampling:
    state = _state(sampling, result)
    if state is PersonState.NEGATIVE and result is not None and result.paper != PaperState.STANDS:
        state = (
            PersonState.DISPUTED
        )  # something else bears on the person, and this sampling does not tell what
    is_told = result is not None and state in (PersonState.NEGATIVE, PersonState.POSITIVE)
    return OwnSampling(
        sampling.taken_at,
        sampling.facility_name,
        sampling.size,
        sampling.test_type,
        state,
        sampling.resulted_at if is_told else None,
        result.result if result is not None and is_told else None,
    )


def _standing_for(
    owner: Owner, claims: Claims, samplings: Sequence[_SamplingRow], results: Sequence[PersonResultRow]
) -> PersonStanding:
    code = owner.person_code
    found = [each for each in samplings if each.is_code_shared or _holder(each, claims) == owner.id]
    if owner.id != claims.owner:  # what stands for the code's owner is not theirs to see
        found = [each._replace(stands=_NOT_THEIRS) for each in found]
    own = [each for each in _by_sampling(results) if each.registration == owner.id]
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
    for sampling in sorted(told, key=lambda each: each.order):
        latest[sampling.person_code] = sampling
    results = {each.key: each for each in own}
    awaited = {
        each.person_code: each.taken_at for each in sorted(told, key=_taken_at) if _awaits_rt_pcr(each)
    }
    return {
        code: _standing(_spoken_of(told, latest[code], results), results, awaited.get(code))
        if code in latest
        else PersonStanding(PersonState.DECLARED)
        for code in codes
    }


def _taken_at(sampling: _SamplingRow) -> datetime:
    return sampling.taken_at


def _awaits_rt_pcr(sampling: _SamplingRow) -> bool:
    is_taken = sampling.left_out_at is None and not sampling.is_disputed and not sampling.is_code_shared
    return is_taken and sampling.run is None and sampling.test_type == Method.RT_PCR


def _holder(sampling: _SamplingRow, claims: Claims) -> UUID | None:
    resolved = sampling.resolved.get(sampling.person_code)
    return claims.holder(sampling.named, UUID(resolved) if resolved else None)


def results_of(codes: Sequence[str]) -> list[PersonResultRow]:
    """Return the final results of these people's own, in the order of sampling."""
    return _by_sampling(lookup(PERSON_RESULTS, "person_code", codes))


def _by_sampling(results: Sequence[PersonResultRow]) -> list[PersonResultRow]:
    return sorted(results, key=lambda result: (result.sampled_at, result.key))


def _spoken_of(
    told: Sequence[_SamplingRow],
    latest: _SamplingRow,
    results: Mapping[str, PersonResultRow],
) -> _SamplingRow:
    """The sampling that a person is told of: the latest, but a positive that still speaks before any later one.

    Of a positive that speaks no more nothing is told where a negative has a paper that stands.
    """
    last = results.get(latest.key)
    if latest.stands in _POSITIVE:
        spoken = (ResultValue.POSITIVE, "")
    elif latest.stands != _NOT_THEIRS and last is not None and last.value == ResultValue.POSITIVE:
        spoken = (ResultValue.NEGATIVE, PaperState.STANDS)
    else:
        return latest
    found = [
        each
        for each in told
        if each.person_code == latest.person_code
        and (result := results.get(each.key)) is not None
        and (result.value, result.paper) == spoken
    ]
    return max(found, key=lambda each: each.taken_at, default=latest)


def _standing(
    sampling: _SamplingRow, results: Mapping[str, PersonResultRow], awaited: datetime | None
) -> PersonStanding:
    if sampling.is_code_shared:
        return PersonStanding(PersonState.DISPUTED, is_code_shared=True)
    result = results.get(sampling.key)
    state = PersonState.CONTACT if sampling.stands == State.CONTACT else _state(sampling, result)
    if state is PersonState.NEGATIVE and result is not None and result.paper != PaperState.STANDS:
        # Something that bears on the person takes the paper back, and what, this sampling does not tell.
        state = PersonState.RECOLLECT if sampling.stands == State.RECOLLECT else PersonState.DISPUTED
    if state is PersonState.POSITIVE and sampling.stands not in (*_POSITIVE, _NOT_THEIRS):
        state = PersonState.CLOSED
    return PersonStanding(
        state,
        sampling.taken_at,
        sampling.resulted_at if state is not PersonState.DISPUTED and not sampling.left_out_at else None,
        sampling.facility_name,
        sampling.size,
        sampling.test_type,
        facility=sampling.facility,
        rt_pcr_taken_at=awaited if awaited and awaited >= sampling.taken_at else None,
    )


def _state(sampling: _SamplingRow, result: PersonResultRow | None) -> PersonState:
    """Where a person stands by this sampling alone."""
    if sampling.left_out_at is not None:
        return PersonState.RECOLLECT
    if sampling.is_disputed or sampling.is_result_disputed:
        return PersonState.DISPUTED
    if not sampling.is_final:
        return PersonState.SAMPLED
    if result is None:
        return PersonState.RECOLLECT
    return PersonState.NEGATIVE if result.value == ResultValue.NEGATIVE else PersonState.POSITIVE
