"""Results, corrections and their resolutions: payloads and storing."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from chotxanh.domain.kinds import LEADS, RESULT_WRITERS
from chotxanh.domain.pools import ResultValue
from chotxanh.protocol.envelope import Code, Time, TubeText, check_time
from chotxanh.protocol.kinds import Happening, KindRow, Touched, Who, follow, recompute_at, register
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank
from chotxanh.results.followups import closings
from chotxanh.results.followups import entries as followups
from chotxanh.results.models import ResultResolution
from chotxanh.results.people import recompute_papers, recompute_people
from chotxanh.results.rows import FACTS, FactRow
from chotxanh.results.tubes import ResolutionRow, positive_tubes, recompute_results
from chotxanh.specimens.entries import Considered, MarkedOnes, check_tube, key_of, reasons_of
from chotxanh.specimens.tubes import protect_with
from chotxanh.storage.rows import Table, as_json, upsert

_RESOLUTIONS = Table(ResultResolution, ResolutionRow)


class ResultRecorded(msgspec.Struct, frozen=True):
    """What the test of a tube said."""

    facility: Code
    tube: TubeText
    test_type: Literal["ag_rapid"]
    value: ResultValue


class ResultCorrected(msgspec.Struct, frozen=True):
    """An earlier result of the tube was wrong; this one supersedes it."""

    facility: Code
    tube: TubeText
    corrects: UUID
    value: ResultValue
    reason: Literal["wrong_value", "wrong_tube"]


class ResultResolved(msgspec.Struct, frozen=True):
    """A lead's word: this result stands, known then, knowing of the `considered` ones, so `marked`."""

    facility: Code
    tube: TubeText
    stands: UUID
    resulted_at: Time
    considered: Considered = []
    marked: MarkedOnes = []


def check_resolution(facts: ResultResolved, personal: None) -> None:
    """Check a lead's word. Raises Problem: `tube_invalid`, `time_out_of_range`."""
    check_tube(facts, personal)
    check_time(facts.resulted_at)


def apply_recorded(happenings: Sequence[Happening[ResultRecorded, None]], touched: Touched) -> None:
    """Store results; one whose tube has not arrived is simply a fact that waits."""
    upsert(FACTS, [_row(item, None, "") for item in happenings])
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def apply_corrected(happenings: Sequence[Happening[ResultCorrected, None]], touched: Touched) -> None:
    """Store corrections."""
    upsert(FACTS, [_row(item, item.facts.corrects, item.facts.reason) for item in happenings])
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def apply_resolved(happenings: Sequence[Happening[ResultResolved, None]], touched: Touched) -> None:
    """Store leads' words on results."""
    upsert(
        _RESOLUTIONS,
        [
            ResolutionRow(
                id=item.id,
                tube=key_of(item.facts),
                stands=item.facts.stands,
                considered=as_json(item.facts.considered),
                marked=reasons_of(item.facts.marked),
                resulted_at=item.facts.resulted_at,
                effective_at=item.effective_at,
                marks=int(item.marks),
            )
            for item in happenings
        ],
    )
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def register_kinds() -> None:
    """Declare the kinds this feature owns."""
    register(RECORDED, CORRECTED, RESOLVED)
    follow([ResultRecorded], apply_recorded)
    follow([ResultCorrected], apply_corrected)
    follow([ResultResolved], apply_resolved)
    protect_with(positive_tubes)
    followups.register_kinds()
    closings.register_kinds()
    recompute_at(Rank.TUBE, recompute_results)
    recompute_at(Rank.PERSON_CODE, recompute_people)
    recompute_at(Rank.PAPERS, recompute_papers)


def _place(facts: Any) -> Place:
    return Place(facts.facility)


def _is_not_positive(facts: Any) -> bool:
    """A positive is never withdrawn: that is a correction (field rule A1)."""
    return facts.value is not ResultValue.POSITIVE


def _row(item: Happening[Any, None], corrects: UUID | None, reason: str) -> FactRow:
    return FactRow(
        id=item.id,
        tube=key_of(item.facts),
        value=item.facts.value.value,
        corrects=corrects,
        reason=reason,
        actor=item.actor,
        resulted_at=item.effective_at,
        marks=int(item.marks),
    )


_TUBE = {"facility": "ttyt-phu-my", "tube": "BR0001"}
_FIRST, _SECOND = "017adaf0-0000-7000-8000-000000000032", "017adaf0-0000-7000-8000-000000000034"
RECORDED = KindRow(
    "result.recorded",
    ResultRecorded,
    Who(roles=RESULT_WRITERS),
    "What the test of a tube said.",
    ("Nhập kết quả", "Result recorded"),
    _TUBE | {"test_type": "ag_rapid", "value": "negative"},
    check=check_tube,
    place=_place,
    can_withdraw=_is_not_positive,
    needs_authorised_facility=True,
)
CORRECTED = KindRow(
    "result.corrected",
    ResultCorrected,
    Who(roles=RESULT_WRITERS),
    "An earlier result of the tube was wrong; this one supersedes it.",
    ("Sửa kết quả", "Result corrected"),
    _TUBE | {"corrects": _FIRST, "value": "positive", "reason": "wrong_value"},
    check=check_tube,
    place=_place,
    can_withdraw=_is_not_positive,
    needs_authorised_facility=True,
)
RESOLVED = KindRow(
    "result.resolved",
    ResultResolved,
    Who(roles=LEADS),
    "A lead says which result of a tube stands, and when it was known.",
    ("Quyết định về kết quả", "Decision on a result"),
    _TUBE
    | {
        "stands": _FIRST,
        "resulted_at": "2021-07-25T01:21:00.000Z",
        "considered": [_FIRST, _SECOND],
        "marked": [{"entry": _SECOND, "reasons": ["outside_shift"]}],
    },
    check=check_resolution,
    place=_place,
)
