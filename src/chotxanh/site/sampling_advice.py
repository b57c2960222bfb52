"""Which sample a station may take of somebody, and whether there is a reason to call them (field rules A1, A4, A9)."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from chotxanh.domain.standing.person import Order, State
from chotxanh.results.queries import PersonState
from chotxanh.storage.questions import Question, answers


class Sampling(StrEnum):
    """What a station may take of a person; `SINGLE` and `RT_PCR` never share a tube with others."""

    ANY = "any"
    SINGLE = "single"
    RT_PCR = "rt_pcr"
    NONE = "none"


class Bearing(NamedTuple):
    """What stands for a person by everything that bears on them, and what is ordered.

    `owes_rt_pcr` where an RT-PCR said nothing of them: a rapid test does not answer it.
    """

    person_code: str
    state: str = State.NONE
    order: str = ""
    owes_rt_pcr: bool = False


_BEARINGS = Question(
    """
SELECT whole.person_code, whole.state, whole."order", EXISTS (
    SELECT 1 FROM results_recollectionorder AS owed
    JOIN results_tuberesult AS outcome ON outcome.tube = owed.tube AND outcome.method = 'rt_pcr'
    WHERE owed.person_code = whole.person_code AND owed.closed_by IS NULL
        AND owed.key = owed.person_code || '/' || outcome.key
)
FROM results_whatstands AS whole WHERE whole.person_code AMONG
""",
    Bearing,
)

_TO_CALL = (PersonState.RECOLLECT, PersonState.CONTACT, PersonState.POSITIVE)


def bearings_of(codes: Collection[str]) -> Mapping[str, Bearing]:
    """Return what bears on each of these people; on whom nothing does is absent."""
    return {each.person_code: each for each in answers(_BEARINGS, codes)}


def sampling_of(bearing: Bearing, state: PersonState, *, may_be_positive: bool) -> Sampling:
    """Say what may be taken of somebody who stands so; `may_be_positive` where a code that may be theirs is.

    Of a case nothing more is taken, and of a positive only what can answer it: never a rapid sample.
    """
    if bearing.state == State.POSITIVE:
        return Sampling.NONE
    if bearing.order == Order.RT_PCR or bearing.owes_rt_pcr or may_be_positive:
        return Sampling.RT_PCR
    if bearing.order or state in (PersonState.DISPUTED, PersonState.RECOLLECT):
        return Sampling.SINGLE
    return Sampling.ANY


def has_reason_to_call(state: PersonState, sampling: Sampling) -> bool:
    """Say whether a station calls somebody back; whom to call of the cases, the lead alone sees."""
    return state in _TO_CALL and sampling is not Sampling.NONE
