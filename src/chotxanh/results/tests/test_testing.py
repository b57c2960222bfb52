"""A result names its test: windows, runs, methods, who tested, and which of a barcode's tubes it is of."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from chotxanh.certificates.models import Certificate, Decision
from chotxanh.domain.codes import CodeType, new_code
from chotxanh.domain.marks import Mark
from chotxanh.ledger.models import Entry
from chotxanh.ledger.rejudging import carry_out_all
from chotxanh.ledger.server_log import sign_deed
from chotxanh.protocol.envelope import new_id
from chotxanh.registers.kits.entries import LISTED as KIT_LISTED
from chotxanh.registers.kits.testing import LISTED as TEST_LISTED
from chotxanh.results.followups.models import Call
from chotxanh.results.models import PersonResult, RecollectionOrder, ResultFact, TestStart, TubeResult
from chotxanh.results.orders import only_by_rt_pcr
from chotxanh.site.cards import tube_cards
from chotxanh.specimens.models import CollectionMember, Tube
from tests.cast import (
    AG_RAPID,
    ASSISTANT,
    CHAU_DUC,
    DRIVER,
    EVENING,
    MORNING,
    PHU_MY,
    QL56,
    RT_PCR,
    TIMED,
    TRAVELLERS,
)
from tests.device import MINUTE, Station, deed_of, id_of, member_facts
from tests.halves import orders
from tests.stage import Stage

KEY = f"{PHU_MY}/BR1"
BY_PCR: dict[str, Any] = {"test": RT_PCR, "kit": None}
DAY = 24 * 60


def sampled(stage: Stage, *people: Any, **changed: Any) -> None:
    """The tube is closed at minute 0."""
    stage.station.minute = 0
    stage.must_apply(stage.station.collect("BR1", list(people) or [DRIVER], **changed))


def read(stage: Stage, minute: int, value: str, **changed: Any) -> bytes:
    """The tube is read with the kit of a window, that minute; returns the entry."""
    stage.station.minute = minute
    stage.now = max(stage.now, stage.station.began + minute * MINUTE)
    entry = stage.station.result("BR1", value, **({"kit": TIMED} | changed))
    stage.must_apply(entry)
    return entry


def reasons() -> list[tuple[str, bool]]:
    """Why people must be tested again, and whether that is still open."""
    return [(each.reason, each.closed_by is None) for each in RecollectionOrder.objects.order_by("opened_at")]


@pytest.mark.parametrize(
    ("minute", "is_in_time"), [(0, False), (14, False), (15, True), (30, True), (31, False), (70 * 60, False)]
)
def test_a4_a_negative_certifies_only_within_the_window_of_its_kit(
    declared: Stage, minute: int, *, is_in_time: bool
) -> None:
    sampled(declared)
    read(declared, minute, "negative")
    assert Certificate.objects.exists() is is_in_time
    assert PersonResult.objects.exists() is is_in_time
    assert TubeResult.objects.get().marks == (0 if is_in_time else Mark.OUTSIDE_WINDOW)
    assert not TubeResult.objects.get().is_disputed
    assert reasons() == ([] if is_in_time else [("outside_window", True)])


def test_a4_what_was_typed_later_counts_from_when_it_was_read(declared: Stage) -> None:
    sampled(declared)
    read(declared, 200, "negative", read=180)
    assert Certificate.objects.get().resulted_at == declared.station.began + 20 * MINUTE


def test_the_tray_may_have_been_started_later_than_the_tube_was_closed(declared: Stage) -> None:
    sampled(declared)
    read(declared, 100, "negative", started=20)
    assert Certificate.objects.exists()


@pytest.mark.parametrize(("started", "is_in_time"), [(20, False), (17, False), (16, True)])
def test_no_test_was_started_before_its_tube_was_closed(
    declared: Stage, started: int, *, is_in_time: bool
) -> None:
    """A line read at once was in time by a start that was typed."""
    declared.station.minute = 44 if is_in_time else 59
    declared.must_apply(declared.station.collect("BR1", [DRIVER]))
    read(declared, 60, "negative", started=started)
    assert Certificate.objects.exists() is is_in_time


def test_a_negative_read_too_early_is_read_again_in_the_same_run(declared: Stage) -> None:
    sampled(declared)
    read(declared, 5, "negative")
    read(declared, 16, "negative")
    assert Certificate.objects.get().resulted_at == declared.station.began + 16 * MINUTE
    assert not TubeResult.objects.get().is_disputed
    assert reasons() == []


def test_a_positive_outside_the_window_counts_as_a_positive(declared: Stage) -> None:
    sampled(declared)
    read(declared, 55, "positive")
    assert PersonResult.objects.get().value == "positive"
    assert not Certificate.objects.exists()


def test_a_negative_outside_the_window_closes_no_order(declared: Stage) -> None:
    sampled(declared)
    read(declared, 20, "invalid")
    declared.station.minute = 40
    late = declared.station.result("BR2", "negative", kit=TIMED)
    declared.must_apply(declared.station.collect("BR2", [DRIVER]), late)
    assert reasons() == [("invalid", True), ("outside_window", True)]


def test_a_second_run_in_time_closes_what_only_asked_for_the_test_again(declared: Stage) -> None:
    sampled(declared)
    read(declared, 5, "negative")
    read(declared, 40, "negative", run=2, started=20)
    assert reasons() == []
    assert Certificate.objects.get().resulted_at == declared.station.began + 40 * MINUTE
    assert sorted(TubeResult.objects.values_list("run", "marks")) == [(1, Mark.OUTSIDE_WINDOW), (2, 0)]


@pytest.mark.parametrize("line_seen", [True, False])
def test_a_line_read_late_is_nobodys_result_and_orders_a_new_sample(
    declared: Stage, *, line_seen: bool
) -> None:
    sampled(declared)
    read(declared, 55, "read_late", line_seen=line_seen)
    read(declared, 56, "negative", run=2, started=20)
    found = TubeResult.objects.get(run=1)
    assert (found.line_seen, found.marks) == (line_seen, Mark.OUTSIDE_WINDOW)
    assert reasons() == [("read_late", True)], "only a new sample closes it"
    call = Call.objects.get()
    assert (call.reason, call.urgency) == ("recall", 0 if line_seen else 2)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"value": "read_late"}, "line_seen_wrong"),
        ({"value": "negative", "line_seen": False}, "line_seen_wrong"),
        ({"value": "negative", "started": 3, "read": 4}, "read_before_start"),
        ({"value": "negative", "run": 0}, "payload_invalid"),
        ({"value": "maybe"}, "payload_invalid"),
    ],
)
def test_what_no_reading_can_be_is_rejected(declared: Stage, changed: dict[str, Any], problem: str) -> None:
    value = changed.pop("value")
    assert declared.record(declared.station.result("BR1", value, **changed)) == [("rejected", problem)]


def test_a_rapid_test_without_its_kit_cannot_show_that_it_was_read_in_time(declared: Stage) -> None:
    sampled(declared)
    read(declared, 20, "negative", kit=None)
    assert TubeResult.objects.get().marks == Mark.OUTSIDE_WINDOW
    assert not Certificate.objects.exists()


def test_a8_results_of_different_tests_of_one_tube_never_dispute_each_other(declared: Stage) -> None:
    sampled(declared)
    read(declared, 20, "positive")
    read(declared, DAY, "negative", ct=None, **BY_PCR)
    found = TubeResult.objects.order_by("method").values_list("method", "value", "is_disputed")
    assert list(found) == [("ag_rapid", "positive", False), ("rt_pcr", "negative", False)]


def test_two_results_of_one_run_that_differ_are_disputed(declared: Stage) -> None:
    sampled(declared)
    read(declared, 20, "positive")
    read(declared, 21, "negative")
    assert TubeResult.objects.get().disputes == ["results_differ"]


def test_an_rt_pcr_keeps_its_ct_and_has_no_window(declared: Stage) -> None:
    sampled(declared, **BY_PCR)
    read(declared, DAY, "positive", ct=31.5, **BY_PCR)
    found = TubeResult.objects.get()
    assert (found.method, found.ct, found.marks) == ("rt_pcr", 31.5, 0)
    assert PersonResult.objects.get().test_type == "rt_pcr"


def test_a6_a_pool_larger_than_its_kit_allows_makes_nobody_negative(declared: Stage) -> None:
    sampled(declared, DRIVER, ASSISTANT)
    read(declared, 20, "negative")
    assert TubeResult.objects.get().marks == Mark.POOL_TOO_LARGE
    assert not PersonResult.objects.exists()
    assert not Certificate.objects.exists()
    read(declared, DAY, "negative", **BY_PCR)
    assert PersonResult.objects.filter(test_type="rt_pcr").count() == 2


def test_a9_an_rt_pcr_of_too_large_a_pool_is_asked_for_by_rt_pcr_again(declared: Stage) -> None:
    """It says negative, and makes nobody negative: a rapid test would not answer it."""
    codes = [new_code(CodeType.PERSON, bytes([number]) * 16) for number in range(11)]
    sampled(
        declared, pool_kind="pool_at_collection", members=[member_facts(each) for each in codes], **BY_PCR
    )
    read(declared, DAY, "negative", **BY_PCR)
    assert TubeResult.objects.get().marks == Mark.POOL_TOO_LARGE
    assert only_by_rt_pcr([KEY]) == {KEY}


def test_a_result_is_judged_by_the_facility_that_tested_and_the_tube_stays_its_collectors(
    declared: Stage,
) -> None:
    sampled(declared)
    elsewhere = Station(minute=20)
    elsewhere.enrol()
    there = elsewhere.start_shift(declared.staff.officer_elsewhere, QL56)
    result = elsewhere.result("BR1", "negative", CHAU_DUC, kit=TIMED, collected_by=PHU_MY)
    declared.must_apply(there, result)
    assert (TubeResult.objects.get().tube, TubeResult.objects.get().tested_by) == (KEY, CHAU_DUC)
    assert Certificate.objects.get().facility == CHAU_DUC
    ours = elsewhere.result("BR1", "negative", PHU_MY, kit=TIMED)
    assert declared.record(ours) == [("held", "actor_not_allowed")]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_sampling_after_thirty_days_is_of_a_new_tube(declared: Stage, order: tuple[int, ...]) -> None:
    entries = []
    for day, person in enumerate((DRIVER, ASSISTANT)):
        declared.station.minute = day * 31 * DAY
        entries.append(declared.station.collect("BR1", [person]))
        declared.station.minute += 20
        entries.append(declared.station.result("BR1", ("positive", "negative")[day], kit=TIMED))
    declared.now = EVENING + timedelta(days=40)
    for index in order:
        declared.must_apply(entries[index])
    assert [each.key for each in Tube.objects.order_by("key")] == [KEY, f"{KEY}/n2"]
    assert not Tube.objects.filter(is_disputed=True).exists()
    assert not TubeResult.objects.filter(is_disputed=True).exists()
    assert dict(TubeResult.objects.values_list("tube", "value")) == {KEY: "positive", f"{KEY}/n2": "negative"}
    assert dict(CollectionMember.objects.values_list("person_code", "tube")) == {
        DRIVER.code: KEY,
        ASSISTANT.code: f"{KEY}/n2",
    }
    assert tube_cards([f"{KEY}/n2"])[f"{KEY}/n2"].tube == "BR1"


def test_a_clock_in_doubt_begins_no_new_tube(declared: Stage) -> None:
    sampled(declared)
    declared.now = EVENING + timedelta(days=60)
    declared.station.is_measured = False
    declared.station.skew = timedelta(days=40)
    declared.must_apply(declared.station.collect("BR1", [ASSISTANT]))
    assert Tube.objects.get().disputes == ["tube_used_twice"]


def test_a_scan_of_the_tray_tells_other_posts_since_when(declared: Stage) -> None:
    sampled(declared)
    declared.station.minute = 3
    facts = {"facility": PHU_MY, "tubes": ["br1", "BR2"], "test": AG_RAPID, "kit": TIMED}
    started = declared.station.entry("test.started", facts)
    declared.must_apply(started)
    assert TestStart.objects.count() == 2
    assert tube_cards([KEY])[KEY].started_at == "2021-07-25T01:03:00.000Z"
    facts = {"entry": id_of(started), "reason": "slip_of_the_hand"}
    declared.must_apply(declared.station.entry("entry.withdrawn", facts))
    assert tube_cards([KEY])[KEY].started_at is None


@pytest.mark.parametrize("what", ["test", "kit"])
def test_a_deed_under_a_register_entry_that_is_not_here_waits_for_it(declared: Stage, what: str) -> None:
    row = {"test": TEST_LISTED, "kit": KIT_LISTED}[what]
    example = row.example | (
        {"test": AG_RAPID} if what == "kit" else {"method": "ag_rapid", "dcc_type": "LP217198-3"}
    )
    listed = sign_deed(deed_of(row.kind, example, id=new_id()), MORNING)
    sampled(declared)
    declared.station.minute = 20
    named: dict[str, Any] = {"kit": TIMED} | {what: id_of(listed)}
    result = declared.station.result("BR1", "negative", **named)
    assert declared.record(result) == [("held", "register_unknown")]
    admitted = deed_of("entry.admitted", {"entry": id_of(result)}, actor=declared.staff.lead.id)
    declared.must_apply(sign_deed(admitted, EVENING))
    assert Entry.objects.get(id=id_of(result)).answer == "held", "no word makes a test known"
    declared.must_apply(listed)
    carry_out_all(EVENING)
    assert Entry.objects.get(id=id_of(result)).answer == "applied"
    assert TubeResult.objects.exists()


def entry_at(stage: Stage, minute: int, value: str, **changed: Any) -> bytes:
    """A reading with the kit of a window, that minute, not sent yet."""
    stage.station.minute = minute
    return stage.station.result("BR1", value, **({"kit": TIMED} | changed))


def test_marks_of_testing_do_not_depend_on_the_order_of_arrival(declared: Stage) -> None:
    collected = declared.station.collect("BR1", [DRIVER])
    early = entry_at(declared, 5, "negative")
    again = entry_at(declared, 20, "negative", run=2, started=15)
    entries = [collected, early, again, declared.station.correct("BR1", id_of(early), "invalid")]
    found = set()
    for order in orders(entries):
        with transaction.atomic():
            for entry in order:
                declared.must_apply(entry)
            facts = sorted(ResultFact.objects.values_list("id", "marks"))
            outcomes = sorted(TubeResult.objects.values_list("run", "value", "marks"))
            taken = Decision.objects.exclude(state="restored").values("certificate")
            found.add((str(facts), str(outcomes), Certificate.objects.exclude(id__in=taken).count()))
            transaction.set_rollback(True)
    assert len(found) == 1


def test_everybody_in_a_pool_of_an_approved_protocol_is_negative(declared: Stage) -> None:
    sampled(declared, *TRAVELLERS[:3])
    declared.station.minute = 20
    declared.must_apply(declared.station.result("BR1", "negative"))
    assert PersonResult.objects.count() == 3
