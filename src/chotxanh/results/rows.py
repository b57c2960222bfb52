"""The rows of results and of what they mean, by name, for those who write and those who recompute."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chotxanh.domain.lateness import late_at
from chotxanh.domain.marks import Mark, certifies_nobody
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.standing.times import Span
from chotxanh.results.models import ResultFact, TestStart, TubeResult
from chotxanh.specimens.models import Tube
from chotxanh.storage.rows import Table


class FactRow(NamedTuple):
    """One `result.recorded` or `result.corrected` entry; times are UTC, `marks` are domain.marks.Mark."""

    id: UUID
    tube: str
    facility: str
    test: UUID | None
    kit: UUID | None
    lot: str
    run: int
    value: str
    line_seen: bool | None
    ct: float | None
    corrects: UUID | None
    reason: str
    actor: UUID | None
    started_at: datetime | None
    resulted_at: datetime
    resulted_latest: datetime
    marks: int
    received_at: datetime | None

    @property
    def late_at(self) -> datetime | None:
        """When it came, if it may have come late (UTC)."""
        return late_at(self.resulted_at, self.received_at)

    @property
    def resulted(self) -> Span:
        """When it was read, as far as that is known."""
        return Span(self.resulted_at, self.resulted_latest)


class StartRow(NamedTuple):
    """One tube of one `test.started`."""

    key: str
    tube: str
    test: UUID
    kit: UUID | None
    started_at: datetime
    marks: int


class OutcomeRow(NamedTuple):
    """What one run of one test of a tube says; of `marks` (domain.marks.Mark) those that testing itself gave."""

    key: str
    tube: str
    test: UUID
    run: int
    method: str
    tested_by: str
    value: str
    line_seen: bool | None
    ct: float | None
    dcc_device: str
    result: UUID
    resulted_at: datetime
    resulted_latest: datetime
    marks: int
    disputes: str
    is_disputed: bool
    is_final: bool
    late_at: datetime | None

    @property
    def resulted(self) -> Span:
        """Since when it is known, as far as the time is certain."""
        return Span(self.resulted_at, self.resulted_latest)

    @property
    def is_outside_window(self) -> bool:
        """Whether it was read too early or too late, or nobody can say."""
        return Mark.OUTSIDE_WINDOW in Mark(self.marks)

    @property
    def asks_again(self) -> bool:
        """Whether it says nothing about anybody, so that the test must be done again."""
        is_counted = self.value == ResultValue.POSITIVE
        return not is_counted and (self.value != ResultValue.NEGATIVE or certifies_nobody(self.marks))


class SampledTube(NamedTuple):
    """What results need to know of a tube; `chosen_at` is when a lead chose its sampling among several (UTC).

    `people` are the registrations that a lead named, by person code.
    """

    key: str
    facility: str
    site: str
    collection: UUID
    pool_kind: str
    size: int
    test_type: str
    sampled_at: datetime
    sampled_latest: datetime
    samplings: int
    is_disputed: bool
    chosen_at: datetime | None
    people: dict[str, str]
    late_at: datetime | None

    @property
    def sampled(self) -> Span:
        """When it was filled, as far as that is known."""
        return Span(self.sampled_at, self.sampled_latest)


FACTS = Table(ResultFact, FactRow)
STARTS = Table(TestStart, StartRow)
OUTCOMES = Table(TubeResult, OutcomeRow)
SAMPLED_TUBES = Table(Tube, SampledTube)
