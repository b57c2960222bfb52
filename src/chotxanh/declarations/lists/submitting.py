"""Records the good rows of a sheet in parts: each part is one transaction, and one bad row keeps no other back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chotxanh.declarations.lists.checking import row_token
from chotxanh.declarations.submission import Declaration, declared_by
from chotxanh.domain.problems import Problem
from chotxanh.ledger.queries import known_entries
from chotxanh.ledger.server_log import Deed, record_deeds

PART = 100  # rows; a transaction of 200 entries holds others up for some tenths of a second


@dataclass(frozen=True)
class RowRecorded:
    """What became of a row: the code of its person, or the problem that kept it from being recorded."""

    person_code: str = ""
    problem: str = ""


@dataclass(frozen=True)
class _Due:
    """A row on its way: its place in the list, its person's code, and its two entries."""

    place: int
    person_code: str
    deeds: list[Deed]


def submit_rows(
    declarations: Sequence[Declaration], day: date, actor: UUID, now: datetime
) -> list[RowRecorded]:
    """Record these people and their journeys, declared by a member on a day, at `now` (UTC); return each one's code.

    A row that was recorded before gives the code of then and nothing else.
    """
    recorded = [RowRecorded()] * len(declarations)
    for part in _parts(declarations, day, actor):
        for due, problem in _record_part(part, now):
            recorded[due.place] = RowRecorded("" if problem else due.person_code, problem)
    return recorded


def _parts(declarations: Sequence[Declaration], day: date, actor: UUID) -> Iterator[list[_Due]]:
    for begins in range(0, len(declarations), PART):
        part = []
        for place, declaration in enumerate(declarations[begins : begins + PART], start=begins):
            submitted, deeds = declared_by(declaration, row_token(declaration, day), actor=actor)
            part.append(_Due(place, submitted.person_code, deeds))
        yield part


def _record_part(part: Sequence[_Due], now: datetime) -> Iterator[tuple[_Due, str]]:
    """Record a part at once; where that cannot be, row by row, so that each says why."""
    try:
        _record(part, now)
        yield from ((each, "") for each in part)
    except Problem:
        for each in part:
            yield each, _problem_of(each, now)


def _problem_of(due: _Due, now: datetime) -> str:
    try:
        _record([due], now)
    except Problem as problem:
        return "" if problem.code == "id_reused" else problem.code  # somebody sent the same sheet just now
    return ""


def _record(part: Sequence[_Due], now: datetime) -> None:
    """Record those of a part that are not recorded yet. Raises Problem."""
    known = known_entries([each.deeds[0].id for each in part if each.deeds[0].id])
    deeds = [deed for each in part if each.deeds[0].id not in known for deed in each.deeds]
    if deeds:
        record_deeds(deeds, now)
