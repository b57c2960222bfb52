"""What a result means is dated: the set that was in force when it was said decides, whatever was recorded first."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from chotxanh.certificates.outcomes import Outcome
from chotxanh.certificates.queries import certificates_of
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.worker.loop import Worker
from chotxanh.protocol.envelope import wire_time
from chotxanh.results.models import WhatStands
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import BEGINS, DRIVER, EVENING, MORNING, RT_PCR
from tests.device import MINUTE, deed_of
from tests.stage import Stage

RAPID_READ = MORNING + 20 * MINUTE


def enacted(stage: Stage, standing: str = "january-2022", since: datetime = BEGINS) -> Deed:
    facts = {
        "code": standing,
        "anchor": None,
        "valid_for_hours": None,
        "effective_from": wire_time(since),
        "legal_reference": "Định nghĩa ca bệnh",
        "standing": standing,
    }
    return deed_of("rule.enacted", facts, actor=stage.staff.lead.id)


def work() -> None:
    Worker(lambda: EVENING).work_until_idle()


def rapid_positive_then_pcr_negative(stage: Stage) -> list[Any]:
    """A rapid positive at 20 minutes, an RT-PCR negative of a later sample of the same day."""
    station = stage.station
    station.minute = 0
    rapid = station.collect("BR1", [DRIVER])
    station.minute = 20
    positive = station.result("BR1", "positive")
    station.minute = 40
    sampled = station.collect("BR2", [DRIVER], test=RT_PCR, kit=None)
    station.minute = 200
    negative = station.result("BR2", "negative", test=RT_PCR, kit=None)
    return [rapid, positive, sampled, negative]


def stands() -> str:
    return WhatStands.objects.get(person_code=DRIVER.code).state


def test_by_the_rules_of_july_2021_a_rapid_positive_screens_and_rt_pcr_lifts_it(declared: Stage) -> None:
    entries = rapid_positive_then_pcr_negative(declared)
    declared.must_apply(*entries[:2])
    assert stands() == "screening_positive"
    declared.must_apply(*entries[2:])
    assert stands() == "negative"


def test_by_those_of_january_2022_it_is_a_case_that_no_rt_pcr_of_the_day_lifts(declared: Stage) -> None:
    record_deeds([enacted(declared)], EVENING)
    entries = rapid_positive_then_pcr_negative(declared)
    declared.must_apply(*entries[:2])
    assert stands() == "positive"
    declared.must_apply(*entries[2:])
    assert stands() == "positive"
    assert certificates_of(DRIVER.code, EVENING) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_set_that_is_recorded_later_decides_again_what_it_speaks_of(
    declared: Stage, order: tuple[int, ...]
) -> None:
    """The certificate that RT-PCR gave by the old set is suspended by the new one, and nothing else is stored anew."""
    entries = rapid_positive_then_pcr_negative(declared)
    acts: list[Any] = [
        lambda: declared.must_apply(*entries[:2]),
        lambda: declared.must_apply(*entries[2:]),
        lambda: record_deeds([enacted(declared)], EVENING),
    ]
    for place in order:
        acts[place]()
        work()
    assert stands() == "positive"
    assert Outcome.VALID not in [each.status for each in certificates_of(DRIVER.code, EVENING)]
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


def test_what_was_said_before_a_set_was_in_force_keeps_its_meaning(declared: Stage) -> None:
    record_deeds([enacted(declared, since=RAPID_READ + timedelta(seconds=1))], EVENING)
    declared.must_apply(*rapid_positive_then_pcr_negative(declared))
    assert stands() == "negative"
    record_deeds([enacted(declared, since=RAPID_READ)], EVENING)
    work()
    assert stands() == "positive"


def test_a_repealed_set_decides_nothing_any_more(declared: Stage) -> None:
    rule = record_deeds([enacted(declared)], EVENING)[0].id
    declared.must_apply(*rapid_positive_then_pcr_negative(declared))
    ending = {"rule": str(rule), "at": wire_time(BEGINS)}
    record_deeds([deed_of("rule.repealed", ending, actor=declared.staff.lead.id)], EVENING)
    work()
    assert stands() == "negative"
    assert [each.status for each in certificates_of(DRIVER.code, EVENING)] == [Outcome.VALID]


def test_a_set_that_changes_nothing_records_nothing(declared: Stage) -> None:
    declared.must_apply(*rapid_positive_then_pcr_negative(declared))
    before = Entry.objects.count()
    record_deeds([enacted(declared, "july-2021")], EVENING)
    work()
    assert Entry.objects.count() == before + 1


@pytest.mark.parametrize(
    "changed",
    [
        {"standing": None},
        {"anchor": "sampled"},
        {"anchor": "sampled", "valid_for_hours": 72},
        {"category": "other"},
    ],
)
def test_a_rule_says_one_thing(declared: Stage, changed: dict[str, Any]) -> None:
    facts = {
        "code": "x",
        "anchor": None,
        "valid_for_hours": None,
        "effective_from": wire_time(BEGINS),
        "legal_reference": "x",
        "standing": "july-2021",
    }
    with pytest.raises(Exception, match="rule_says_nothing"):
        record_deeds([deed_of("rule.enacted", facts | changed, actor=declared.staff.lead.id)], EVENING)
