"""Who is one person with whom: by a lead's word, or as a machine finds registrations alike (next floors, wall 4)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.storage.questions import Question, answers

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Same:
    """The codes of one person: `own` those that a person joined, the code itself included; `alike` those that only a
    machine finds alike, which warn and take away and give nothing."""

    own: frozenset[str]
    alike: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every code that is, or may be, this person's."""
        return self.own | self.alike


class _PairRow(NamedTuple):
    """Two registrations that name the same identity (`word` None), or of which a lead spoke."""

    code: str
    other_code: str
    registration: UUID
    other: UUID
    word: UUID | None
    is_linked: bool
    effective_at: datetime | None

    @property
    def said(self) -> tuple[datetime, UUID]:
        """Equal identities come before every lead's word about them."""
        return self.effective_at or _BEFORE_ALL, self.word or self.other


# SQLite takes the types of the columns from the first SELECT.
_PAIRS = Question(
    """
SELECT person.person_code, other.person_code, person.id, other.id, link.id, link.is_linked, link.effective_at
FROM people_registration AS person JOIN people_link AS link ON link.first = person.id
JOIN people_registration AS other ON other.id = link.second WHERE person.person_code AMONG
UNION ALL
SELECT person.person_code, other.person_code, person.id, other.id, link.id, link.is_linked, link.effective_at
FROM people_registration AS person JOIN people_link AS link ON link.second = person.id
JOIN people_registration AS other ON other.id = link.first WHERE person.person_code AMONG
UNION ALL
SELECT person.person_code, other.person_code, person.id, other.id, NULL, TRUE, NULL
FROM people_registration AS person JOIN people_registration AS other
    ON other.identity_index = person.identity_index AND other.person_code <> person.person_code
WHERE person.person_code AMONG
""",
    _PairRow,
)


def same_people(codes: Collection[str]) -> dict[str, Same]:
    """Return who each of these codes is one person with; a code that nobody declared is alone."""
    last: dict[tuple[UUID, UUID], _PairRow] = {}
    for pair in sorted(answers(_PAIRS, codes), key=lambda each: each.said):
        last[pair.registration, pair.other] = pair
    own, alike = _joined(last)
    return {code: Same(frozenset({code, *own[code]}), frozenset(alike[code] - own[code])) for code in codes}


def _joined(
    last: Mapping[tuple[UUID, UUID], _PairRow],
) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    own: dict[str, set[str]] = defaultdict(set)
    alike: dict[str, set[str]] = defaultdict(set)
    for pair in last.values():
        if pair.is_linked:
            (alike if pair.word is None else own)[pair.code].add(pair.other_code)
    return own, alike
