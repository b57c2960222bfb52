"""Results, corrections and their resolutions: payloads and storing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chotxanh.domain.kinds import LEADS
from chotxanh.domain.pools import ResultValue
from chotxanh.domain.problems import Problem
from chotxanh.domain.works import READERS
from chotxanh.protocol.envelope import check_time
from chotxanh.protocol.kinds import (
    Happening,
    KindRow,
    Touched,
    Who,
    follow,
    foresee_at,
    recompute_at,
    register,
)
from chotxanh.protocol.needs import Needs
from chotxanh.protocol.places import Place
from chotxanh.protocol.ranks import Rank
from chotxanh.results.corrections import kinds as corrections
from chotxanh.results.followups import closings
from chotxanh.results.followups import entries as followups
from chotxanh.results.models import ResultResolution
from chotxanh.results.payloads import ResultCorrected, ResultRecorded, ResultResolved, TestStarted
from chotxanh.results.people import (
    foresee_papers,
    foresee_sampled,
    recompute_company,
    recompute_papers,
    recompute_people,
)
from chotxanh.results.rows import FACTS, STARTS, FactRow, StartRow
from chotxanh.results.tubes import ResolutionRow, foresee_results, recompute_results, warning_tubes
from chotxanh.specimens.entries import check_tube, key_of, keys_named, reasons_of
from chotxanh.specimens.tubes import protect_with
from chotxanh.storage.rows import Table, as_json, upsert

_RESOLUTIONS = Table(ResultResolution, ResolutionRow)


def check_started(facts: TestStarted, _personal: None) -> None:
    """Check that tubes are named. Raises Problem("tube_invalid")."""
    keys_named(facts, facts.tubes)


def check_recorded(facts: ResultRecorded, personal: None) -> None:
    """Check a result. Raises Problem: `tube_invalid`, `line_seen_wrong`, `read_before_start`."""
    check_corrected(facts, personal)
    if facts.started is not None and facts.started < facts.read:
        raise Problem("read_before_start")


def check_corrected(facts: ResultRecorded | ResultCorrected, personal: None) -> None:
    """Check that a line is told of where it was read late, and nowhere else. Raises Problem("line_seen_wrong"), ..."""
    check_tube(facts, personal)
    if (facts.line_seen is not None) is not (facts.value is ResultValue.READ_LATE):
        raise Problem("line_seen_wrong")


def check_resolution(facts: ResultResolved, personal: None) -> None:
    """Check a lead's word. Raises Problem: `tube_invalid`, `time_out_of_range`."""
    check_tube(facts, personal)
    check_time(facts.resulted_at)


def apply_started(happenings: Sequence[Happening[TestStarted, None]], touched: Touched) -> None:
    """Store since when tubes are being tested; their cards say so."""
    keys = {item.id: keys_named(item.facts, item.facts.tubes) for item in happenings}
    upsert(
        STARTS,
        [
            StartRow(
                key=f"{item.id.hex}{position:03d}",
                tube=key,
                test=item.facts.test,
                kit=item.facts.kit,
                started_at=item.effective_at,
                marks=int(item.marks),
            )
            for item in happenings
            for position, key in enumerate(keys[item.id])
        ],
    )
    touched.add(Rank.TUBE, {key for each in keys.values() for key in each})


def apply_recorded(happenings: Sequence[Happening[ResultRecorded, None]], touched: Touched) -> None:
    """Store results; one whose tube has not arrived is simply a fact that waits."""
    upsert(FACTS, [_recorded_row(item) for item in happenings])
    touched.add(Rank.TUBE, {key_of(item.facts) for item in happenings})


def apply_corrected(happenings: Sequence[Happening[ResultCorrected, None]], touched: Touched) -> None:
    """Store corrections."""
    upsert(FACTS, [_corrected_row(item) for item in happenings])
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
    register(STARTED, RECORDED, CORRECTED, RESOLVED)
    follow([TestStarted], apply_started)
    follow([ResultRecorded], apply_recorded)
    follow([ResultCorrected], apply_corrected)
    follow([ResultResolved], apply_resolved)
    protect_with(warning_tubes)
    corrections.register_kinds()
    followups.register_kinds()
    closings.register_kinds()
    foresee_at(Rank.TUBE, foresee_results)
    foresee_at(Rank.PERSON_CODE, foresee_sampled)
    foresee_at(Rank.PAPERS, foresee_papers)
    recompute_at(Rank.TUBE, recompute_results)
    recompute_at(Rank.PERSON_CODE, recompute_people)
    recompute_at(Rank.COMPANY, recompute_company)
    recompute_at(Rank.PAPERS, recompute_papers)


def _place(facts: Any) -> Place:
    """The facility that did it: its grants and its authorisation judge, whose tube it ever was."""
    return Place(facts.facility)


def _needs(facts: Any) -> Needs:
    return Needs(facts.test, facts.kit)


def _warns_of_nobody(facts: Any) -> bool:
    """A positive is never withdrawn, nor a line seen late: that is a correction (field rules A1, A5)."""
    return facts.value is not ResultValue.POSITIVE and facts.line_seen is not True


def _recorded_row(item: Happening[ResultRecorded, None]) -> FactRow:
    facts = item.facts
    read = item.span.before(timedelta(minutes=facts.read))
    started = None if facts.started is None else item.span.before(timedelta(minutes=facts.started))
    return FactRow(
        id=item.id,
        tube=key_of(facts),
        facility=facts.facility,
        test=facts.test,
        kit=facts.kit,
        lot=facts.lot or "",
        run=facts.run,
        value=facts.value.value,
        line_seen=facts.line_seen,
        ct=facts.ct,
        corrects=None,
        reason="",
        actor=item.actor,
        started_at=started.earliest if started else None,
        resulted_at=read.earliest,
        resulted_latest=read.latest,
        marks=int(item.marks),
        received_at=item.received_at,
    )


def _corrected_row(item: Happening[ResultCorrected, None]) -> FactRow:
    """A correction is of the run and the test of what it corrects."""
    facts = item.facts
    return FactRow(
        id=item.id,
        tube=key_of(facts),
        facility=facts.facility,
        test=None,
        kit=None,
        lot="",
        run=0,
        value=facts.value.value,
        line_seen=facts.line_seen,
        ct=facts.ct,
        corrects=facts.corrects,
        reason=facts.reason,
        actor=item.actor,
        started_at=None,
        resulted_at=item.span.earliest,
        resulted_latest=item.span.latest,
        marks=int(item.marks),
        received_at=item.received_at,
    )


_TUBE = {"facility": "ttyt-phu-my", "tube": "BR0001"}
_TEST, _KIT = "017adaf0-0000-7000-8000-000000000049", "017adaf0-0000-7000-8000-000000000045"
_FIRST, _SECOND = "017adaf0-0000-7000-8000-000000000032", "017adaf0-0000-7000-8000-000000000034"
STARTED = KindRow(
    "test.started",
    TestStarted,
    Who(roles=READERS),
    "A tray of tubes was set going.",
    ("Bắt đầu xét nghiệm", "Test started"),
    {"facility": "ttyt-phu-my", "tubes": ["BR0001", "BR0002"], "test": _TEST, "kit": _KIT, "lot": "QCO3021"},
    check=check_started,
    place=_place,
    needs=_needs,
    can_withdraw=lambda _facts: True,
)
RECORDED = KindRow(
    "result.recorded",
    ResultRecorded,
    Who(roles=READERS),
    "What the test of a tube said.",
    ("Nhập kết quả", "Result recorded"),
    _TUBE
    | {
        "test": _TEST,
        "kit": _KIT,
        "lot": "QCO3021",
        "run": 1,
        "started": 20,
        "read": 3,
        "value": "negative",
        "line_seen": None,
        "ct": None,
        "collected_by": None,
    },
    check=check_recorded,
    place=_place,
    needs=_needs,
    can_withdraw=_warns_of_nobody,
    needs_authorised_facility=True,
    is_of_results=True,
)
CORRECTED = KindRow(
    "result.corrected",
    ResultCorrected,
    Who(roles=READERS),
    "An earlier result of the tube was wrong; this one supersedes it.",
    ("Sửa kết quả", "Result corrected"),
    _TUBE | {"corrects": _FIRST, "value": "positive", "reason": "wrong_value"},
    check=check_corrected,
    place=_place,
    can_withdraw=_warns_of_nobody,
    needs_authorised_facility=True,
    is_of_results=True,
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
    is_of_results=True,
)
