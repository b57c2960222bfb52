"""The rows of results and of what they mean, by name, for those who write and those who recompute."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.results.models import ResultFact, TubeResult
from chotxanh.specimens.models import Tube
from chotxanh.storage.rows import Table


class FactRow(NamedTuple):
    """One `result.recorded` or `result.corrected` entry; `resulted_at` is UTC, `marks` are domain.marks.Mark."""

    id: UUID
    tube: str
    value: str
    corrects: UUID | None
    reason: str
    actor: UUID | None
    resulted_at: datetime
    marks: int


class OutcomeRow(NamedTuple):
    """The result that stands for a tube."""

    tube: str
    value: str
    result: UUID
    resulted_at: datetime
    disputes: str
    is_disputed: bool
    is_final: bool


class SampledTube(NamedTuple):
    """What results need to know of a tube; `chosen_at` is when a lead chose its sampling among several (UTC).

    `people` are the registrations that a lead named, by person code.
    """

    key: str
    facility: str
    site: str
    collection: UUID
    pool_kind: str
    test_type: str
    sampled_at: datetime
    is_disputed: bool
    chosen_at: datetime | None
    people: dict[str, str]


FACTS = Table(ResultFact, FactRow)
OUTCOMES = Table(TubeResult, OutcomeRow)
SAMPLED_TUBES = Table(Tube, SampledTube)
