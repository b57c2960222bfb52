"""Of whom a sample is taken whose result nobody knows yet."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from chotxanh.storage.questions import Question, answers


class _Taken(NamedTuple):
    person_code: str
    sampled_at: datetime


_TAKEN = Question(
    """
SELECT member.person_code, tube.sampled_at
FROM specimens_collectionmember AS member
JOIN specimens_tube AS tube ON tube.key = member.tube AND tube.collection = member.collection
LEFT JOIN results_tuberesult AS outcome ON outcome.tube = tube.key
WHERE tube.test_type = 'rt_pcr' AND NOT tube.is_disputed AND outcome.key IS NULL AND member.person_code AMONG
""",
    _Taken,
)


class _Waiting(NamedTuple):
    person_code: str


_WAITING = Question(
    """
SELECT DISTINCT member.person_code
FROM specimens_collectionmember AS member
JOIN specimens_tube AS tube ON tube.key = member.tube AND tube.collection = member.collection
LEFT JOIN results_tuberesult AS outcome ON outcome.tube = tube.key
WHERE NOT member.is_void AND outcome.key IS NULL AND member.person_code AMONG
""",
    _Waiting,
)


_DISPUTED = Question(
    """
SELECT DISTINCT member.person_code
FROM specimens_collectionmember AS member
JOIN specimens_tube AS tube ON tube.key = member.tube
LEFT JOIN results_tuberesult AS outcome ON outcome.tube = tube.key AND outcome.is_disputed
WHERE NOT member.is_void AND (tube.is_disputed OR outcome.key IS NOT NULL) AND member.person_code AMONG
""",
    _Waiting,
)


def disputed_among(codes: Collection[str]) -> set[str]:
    """Return who of these people was sampled into a tube of which a lead must still decide, whoever of a code it is."""
    return {each.person_code for each in answers(_DISPUTED, codes)}


def waiting_among(codes: Collection[str]) -> set[str]:
    """Return who of these people was sampled into a tube of which nothing is said, whatever else stands for them."""
    return {each.person_code for each in answers(_WAITING, codes)}


def rt_pcr_taken_at(codes: Collection[str]) -> Mapping[str, datetime]:
    """Return when the latest such sample for RT-PCR of each of these people was taken (UTC); who has none is absent.

    Nobody is told then that it will still be taken.
    """
    return {each.person_code: each.sampled_at for each in sorted(answers(_TAKEN, codes))}
