"""What only the clock says: calls nobody made in time, tubes without a result."""

from datetime import datetime, timedelta

import pytest

from chotxanh.ledger.worker.loop import Worker
from chotxanh.ledger.worker.models import Errand
from chotxanh.registers.staff.leading import WHOLE_PROVINCE
from chotxanh.results.followups.calls import UNANSWERED
from chotxanh.results.followups.lists import overdue
from chotxanh.results.followups.models import Call, Escalation, OverdueTube
from chotxanh.results.followups.tests.test_calls import contacted, positive
from chotxanh.results.followups.waiting import tidy
from chotxanh.site.rebuilding import rebuild_tables
from tests.cast import DRIVER, EVENING, PHU_MY, TIMED
from tests.device import MINUTE
from tests.stage import Stage

KEY = f"{PHU_MY}/BR1"


def work(at: datetime) -> None:
    """Let the worker do what is due at a time."""
    Worker(lambda: at).work_until_idle()


@pytest.fixture
def known_at(declared: Stage) -> datetime:
    """The driver's result is positive; since then."""
    declared.must_apply(positive(declared, DRIVER))
    return Call.objects.get().known_at


@pytest.fixture
def sampled_at(declared: Stage) -> datetime:
    """The driver was sampled; then."""
    declared.must_apply(declared.station.collect("BR1", [DRIVER], kit=TIMED))
    return declared.station.began


def test_a_call_is_the_facilitys_for_ten_minutes(known_at: datetime) -> None:
    work(known_at + 9 * MINUTE)
    assert not Escalation.objects.exists()
    work(known_at + 10 * MINUTE)
    assert Escalation.objects.get().escalated_at == known_at + 10 * MINUTE
    assert not Errand.objects.filter(name=UNANSWERED).exists()


def test_an_attempt_gives_ten_minutes_more(declared: Stage, known_at: datetime) -> None:
    declared.must_apply(contacted(declared, DRIVER, "not_reached"))
    work(EVENING + 9 * MINUTE)
    assert not Escalation.objects.exists()
    work(EVENING + 10 * MINUTE)
    assert Escalation.objects.exists()


def test_whoever_was_reached_is_never_handed_on(declared: Stage, known_at: datetime) -> None:
    declared.must_apply(contacted(declared, DRIVER, "reached"))
    work(EVENING + timedelta(hours=1))
    assert not Escalation.objects.exists()


def test_a_tube_is_overdue_ten_minutes_after_its_result_was_due(sampled_at: datetime) -> None:
    work(sampled_at + 24 * MINUTE)
    assert not overdue(WHOLE_PROVINCE).exists()
    work(sampled_at + 25 * MINUTE)
    assert [each.tube for each in overdue(WHOLE_PROVINCE)] == [KEY]


def test_a_tube_whose_result_came_in_time_is_never_overdue(declared: Stage, sampled_at: datetime) -> None:
    declared.station.minute += 20
    declared.must_apply(declared.station.result("BR1", "negative"))
    assert not Errand.objects.exists()
    work(sampled_at + 60 * MINUTE)
    assert not OverdueTube.objects.exists()


def test_a_late_result_ends_it(declared: Stage, sampled_at: datetime) -> None:
    work(sampled_at + 30 * MINUTE)
    declared.station.minute += 40
    declared.must_apply(declared.station.result("BR1", "negative"))
    assert not overdue(WHOLE_PROVINCE).exists()


def test_an_overdue_tube_whose_people_know_is_off_the_list(declared: Stage, sampled_at: datetime) -> None:
    work(sampled_at + 30 * MINUTE)
    declared.must_apply(contacted(declared, DRIVER, "not_reached", reason="overdue", person_code=None))
    assert overdue(WHOLE_PROVINCE).exists()
    declared.must_apply(contacted(declared, DRIVER, "reached", reason="overdue", person_code=None))
    assert not overdue(WHOLE_PROVINCE).exists()


def test_what_is_over_is_forgotten_once_a_day(declared: Stage, known_at: datetime) -> None:
    work(EVENING)
    assert Escalation.objects.exists()
    declared.must_apply(declared.station.collect("BR2", [DRIVER]))
    work(EVENING)
    tidy()
    assert (Escalation.objects.count(), OverdueTube.objects.count()) == (1, 1), "neither is over"
    declared.must_apply(contacted(declared, DRIVER, "reached"))
    declared.station.minute += 20
    declared.must_apply(declared.station.result("BR2", "negative"))
    tidy()
    assert (Escalation.objects.count(), OverdueTube.objects.count()) == (0, 0)


def test_after_a_rebuild_the_clock_says_the_same_by_itself(declared: Stage, known_at: datetime) -> None:
    work(EVENING)
    rebuild_tables(EVENING)
    assert not Escalation.objects.exists()
    work(EVENING)
    assert [each.key for each in Escalation.objects.all()] == [Call.objects.get().key]
