"""Who lives with whom, as samplings of a household say."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from chotxanh.domain.marks import is_removed
from chotxanh.storage.questions import Question, answers


class _PairRow(NamedTuple):
    person_code: str
    other: str
    sampled_latest: datetime
    marks: int


_PAIRS = Question(
    """
SELECT member.person_code, other.person_code, collection.sampled_latest, collection.marks
FROM specimens_collectionmember AS member
JOIN specimens_collection AS collection ON collection.id = member.collection AND collection.is_household
JOIN specimens_collectionmember AS other
    ON other.tube = member.tube AND other.collection = member.collection AND other.person_code <> member.person_code
WHERE member.person_code AMONG
""",
    _PairRow,
)


def households_of(codes: Collection[str]) -> Mapping[str, Mapping[str, Sequence[datetime]]]:
    """Return whom each of these people was sampled with as a household, and when at the latest, each time (UTC).

    Of what was taken back nothing is known.
    """
    found: dict[str, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for pair in sorted(answers(_PAIRS, codes), key=lambda each: each.sampled_latest):
        if not is_removed(pair.marks):
            found[pair.person_code][pair.other].append(pair.sampled_latest)
    return found
