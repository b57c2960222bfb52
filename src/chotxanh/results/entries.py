"""Results, corrections and their resolutions: payloads and storing."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from chotxanh.domain.kinds import Kind
from chotxanh.domain.pools import ResultValue
from chotxanh.protocol.envelope import Code, Time, TubeText, check_time
from chotxanh.protocol.kinds import Happening, KindSpec, Touched, follow, recompute_at, register
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank
from chotxanh.results.models import ResultFact, ResultResolution
from chotxanh.results.people import recompute_people
from chotxanh.results.standing import recompute_results
from chotxanh.specimens.entries import check_tube, key_of
from chotxanh.storage.rows import Table, as_json, upsert

_FACTS = Table(
    ResultFact, ("id", "tube", "value", "corrects", "reason", "actor", "resulted_at", "is_doubtful")
)
_RESOLUTIONS = Table(ResultResolution, ("id", "tube", "stands", "considered", "resulted_at", "effective_at"))


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
    """A lead's word: this result stands, known then, knowing of the `considered` ones."""

    facility: Code
    tube: TubeText
    stands: UUID
    resulted_at: Time
    considered: Annotated[list[UUID], Meta(max_length=100)] = []


def check_resolution(facts: ResultResolved, personal: None) -> None:
    """Check a lead's word. Raises Problem: `tube_invalid`, `time_out_of_range`."""
    check_tube(facts, personal)
    check_time(facts.resulted_at)


def apply_recorded(happenings: Sequence[Happening[ResultRecorded, None]], touched: Touched) -> None:
    """Store results; one whose tube has not arrived is simply a fact that waits."""
    upsert(_FACTS, [_row(item, None, "") for item in happenings])
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def apply_corrected(happenings: Sequence[Happening[ResultCorrected, None]], touched: Touched) -> None:
    """Store corrections."""
    upsert(_FACTS, [_row(item, item.facts.corrects, item.facts.reason) for item in happenings])
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def apply_resolved(happenings: Sequence[Happening[ResultResolved, None]], touched: Touched) -> None:
    """Store leads' words on results."""
    upsert(
        _RESOLUTIONS,
        [
            (
                *(item.id, key_of(item.facts), item.facts.stands, as_json(item.facts.considered)),
                *(item.facts.resulted_at, item.effective_at),
            )
            for item in happenings
        ],
    )
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def register_kinds() -> None:
    """Declare the kinds this feature owns."""
    register(KindSpec(Kind.RESULT_RECORDED, 1, ResultRecorded, check=check_tube, place=_place))
    register(KindSpec(Kind.RESULT_CORRECTED, 1, ResultCorrected, check=check_tube, place=_place))
    register(KindSpec(Kind.RESULT_RESOLVED, 1, ResultResolved, check=check_resolution, place=_place))
    follow([Kind.RESULT_RECORDED], apply_recorded)
    follow([Kind.RESULT_CORRECTED], apply_corrected)
    follow([Kind.RESULT_RESOLVED], apply_resolved)
    recompute_at(Rank.TUBE, recompute_results)
    recompute_at(Rank.PERSON_CODE, recompute_people)


def _place(facts: Any) -> Place:
    return Place(facts.facility)


def _row(item: Happening[Any, None], corrects: UUID | None, reason: str) -> tuple[Any, ...]:
    return (
        *(item.id, key_of(item.facts), item.facts.value.value, corrects, reason, item.actor),
        *(item.effective_at, item.is_doubtful),
    )
