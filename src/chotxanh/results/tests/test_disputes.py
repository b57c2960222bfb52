"""Disputed tubes are counted, cut and read with as many statements for thirty as for one (F4)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chotxanh.protocol.places import Place
from chotxanh.registers.staff.leading import WHOLE_PROVINCE, Led
from chotxanh.results.disputes import count_by_reason, disputed, recorded_tubes
from tests.cast import CHAU_DUC, DRIVER, PHU_MY, QL51, QL56
from tests.stage import Stage
from tests.troubles import dispute, doubt


def keys(led: Led = WHOLE_PROVINCE, reason: str = "") -> list[str]:
    """The keys of the list."""
    return [key for key, _ in disputed(led, reason)]


def statements(act: Callable[[], object]) -> int:
    """How many statements something takes."""
    with CaptureQueriesContext(connection) as context:
        act()
    return len(context)


def test_f4_thirty_disputes_are_counted_in_one_statement(declared: Stage) -> None:
    """F4: thirty took 92 queries for one count."""
    wanted = dispute(declared, 30)
    assert statements(lambda: disputed(WHOLE_PROVINCE).count()) == 1
    assert (disputed(WHOLE_PROVINCE).count(), sorted(keys())) == (30, sorted(wanted))


def test_a_page_of_thirty_takes_as_many_statements_as_one_of_one(declared: Stage) -> None:
    """F4: each disputed tube took three queries of its own."""
    wanted = dispute(declared, 30)
    one = statements(lambda: recorded_tubes(wanted[:1]))
    assert statements(lambda: recorded_tubes(wanted)) == one <= 6
    assert statements(lambda: keys()[:50]) == 1


def test_a_tube_disputed_twice_over_stands_once_with_all_its_reasons(declared: Stage) -> None:
    key = dispute(declared)[0]
    assert keys() == [key]
    tube = recorded_tubes([key])[0]
    assert tube.reasons == ("tube_used_twice", "results_differ")
    assert (len(tube.collections), len(tube.results), tube.place) == (2, 2, Place(PHU_MY, QL51))
    assert [len(tube.members[each.id]) for each in tube.collections] == [1, 1]


def test_results_that_differ_before_their_sampling_arrived_are_disputed_by_the_facilitys_lead(
    declared: Stage,
) -> None:
    station = declared.station
    declared.must_apply(station.result("SOM", "negative"), station.result("SOM", "invalid"))
    assert keys() == keys(Led((Place(PHU_MY, QL51),))) == [f"{PHU_MY}/SOM"]
    assert count_by_reason(WHOLE_PROVINCE) == {"results_differ": 1}


def test_b8_a_doubt_about_time_alone_is_in_no_list(declared: Stage) -> None:
    """B8: the one real decision stood below hundreds of doubtful clocks, about which nobody need decide."""
    doubt(declared, 40)
    declared.station.minute += 60
    wanted = dispute(declared)
    assert keys() == wanted


def test_reasons_are_counted_in_the_database_and_each_leads_to_its_tubes(declared: Stage) -> None:
    declared.must_apply(declared.station.result("SOM", "negative"), declared.station.result("SOM", "invalid"))
    wanted = dispute(declared, 2)
    assert count_by_reason(WHOLE_PROVINCE) == {"results_differ": 3, "tube_used_twice": 2}
    assert statements(lambda: count_by_reason(WHOLE_PROVINCE)) == 2
    assert sorted(keys(reason="tube_used_twice")) == sorted(wanted)
    assert len(keys(reason="results_differ")) == 3


@pytest.mark.parametrize(
    ("led", "is_theirs"),
    [
        (Led((Place(PHU_MY),)), True),
        (Led((Place(PHU_MY, QL51),)), True),
        (Led((Place("", QL51),)), True),
        (Led((Place(PHU_MY, QL56),)), False),
        (Led((Place(CHAU_DUC),)), False),
        (Led(), False),
    ],
)
def test_a_lead_sees_the_disputes_of_their_own_place(declared: Stage, led: Led, is_theirs: bool) -> None:
    """B5: a lead of one checkpoint saw no disputes, though the ledger would have applied the ruling."""
    wanted = dispute(declared)
    assert keys(led) == (wanted if is_theirs else [])
    assert bool(count_by_reason(led)) is is_theirs


def test_a_tube_that_a_lead_settled_is_in_no_list(declared: Stage) -> None:
    declared.must_apply(declared.station.collect("MOT", [DRIVER]))
    assert keys() == []
    assert recorded_tubes([f"{PHU_MY}/MOT"])[0].reasons == ()
    assert recorded_tubes([f"{PHU_MY}/KHONG"])[0].collections == []
