"""What the entries about results say."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.grounds import Grounds
from chotxanh.domain.pools import ResultValue
from chotxanh.protocol.envelope import Code, Time, TubeText
from chotxanh.registers.kits.entries import Lot
from chotxanh.specimens.entries import Considered, MarkedOnes

LONGEST_BEFORE = 30 * 24 * 60
MOST_TUBES_STARTED = 200

MinutesBefore = Annotated[int, Meta(ge=0, le=LONGEST_BEFORE)]
RunNumber = Annotated[int, Meta(ge=1, le=99)]
CycleThreshold = Annotated[float, Meta(ge=0, le=60)]


class TestStarted(msgspec.Struct, frozen=True):
    """A tray of tubes was set going: other posts see since when. What counts, each result says itself."""

    facility: Code
    tubes: Annotated[list[TubeText], Meta(min_length=1, max_length=MOST_TUBES_STARTED)]
    test: UUID
    kit: UUID | None = None
    lot: Lot | None = None
    collected_by: Code | None = None


TestStarted.__test__ = False  # type: ignore[attr-defined]  # its name would make pytest collect it


class ResultRecorded(msgspec.Struct, frozen=True):
    """What a test of a tube said: which test, with which kit, in its how manieth `run`, at which facility.

    `started` and `read` are minutes before this entry; a test that does not say when it was started was when its tube
    was closed. `line_seen` belongs to `read_late` alone. `collected_by` says whose tube it is, where not the
    facility's own; `ct` is the cycle threshold of an RT-PCR.
    """

    facility: Code
    tube: TubeText
    test: UUID
    value: ResultValue
    kit: UUID | None = None
    lot: Lot | None = None
    run: RunNumber = 1
    started: MinutesBefore | None = None
    read: MinutesBefore = 0
    line_seen: bool | None = None
    ct: CycleThreshold | None = None
    collected_by: Code | None = None


class ResultCorrected(msgspec.Struct, frozen=True):
    """An earlier result was wrong; this one supersedes it, of the same run of the same test, read at the same time."""

    facility: Code
    tube: TubeText
    corrects: UUID
    value: ResultValue
    reason: Literal["wrong_value", "wrong_tube"]
    line_seen: bool | None = None
    ct: CycleThreshold | None = None
    collected_by: Code | None = None


class ResultResolved(msgspec.Struct, frozen=True):
    """A lead's word: this result stands, known then, knowing of the `considered` ones, so `marked`."""

    facility: Code
    tube: TubeText
    stands: UUID
    resulted_at: Time
    considered: Considered = []
    marked: MarkedOnes = []
    grounds: Grounds | None = None
