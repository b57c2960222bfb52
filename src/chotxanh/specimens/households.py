"""Who lives with whom, as samplings of a household say."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from chotxanh.domain.marks import is_removed
from chotxanh.specimens.tubes import first_of, protected_among
from chotxanh.storage.questions import Question, answers, foresee_answers


class _PairRow(NamedTuple):
    person_code: str
    other: str
    tube: str
    sampled_latest: datetime
    marks: int


_PAIRS = Question(
    """
SELECT member.person_code, other.person_code, member.tube, collection.sampled_latest, collection.marks
FROM specimens_collectionmember AS member
JOIN specimens_collection AS collection ON collection.id = member.collection AND collection.is_household
JOIN specimens_collectionmember AS other
    ON other.tube = member.tube AND other.collection = member.collection AND other.person_code <> member.person_code
WHERE NOT member.is_void AND member.person_code AMONG
""",
    _PairRow,
)


def foresee_households(codes: Collection[str]) -> None:
    """Let the households of these people, which will be asked for, go with the next statement that is waited for."""
    foresee_answers(_PAIRS, codes)


def households_of(codes: Collection[str]) -> Mapping[str, Mapping[str, Sequence[datetime]]]:
    """Return whom each of these people was sampled with as a household, and when at the latest, each time (UTC).

    Of what was taken back nothing is known; but no withdrawal takes the sampling under a positive away.
    """
    found: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    pairs = sorted(answers(_PAIRS, codes), key=lambda each: each.sampled_latest)
    protected = protected_among({first_of(pair.tube) for pair in pairs if is_removed(pair.marks)})
    for pair in pairs:
        if not is_removed(pair.marks) or first_of(pair.tube) in protected:
            found[pair.person_code][pair.other].append(pair.sampled_latest)
    return found
