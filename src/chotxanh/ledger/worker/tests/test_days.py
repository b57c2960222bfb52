"""A daily job is done once for each day in Viet Nam, after a stop too."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chotxanh.ledger.worker import days as days_module
from chotxanh.ledger.worker import registry
from chotxanh.ledger.worker.days import ask_for_days
from chotxanh.ledger.worker.models import DailyJob, Errand
from chotxanh.ledger.worker.registry import Outcome
from chotxanh.ledger.worker.tests.conftest import Teller

# Five in the morning of 5 July in Viet Nam, still the fourth in UTC.
DAWN = datetime(2021, 7, 4, 22, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def days(teller: Teller) -> list[int]:
    """The days of July for which the job was done; it is due from six."""
    done: list[int] = []
    registry.daily("report", 6, lambda day, now: Outcome(lambda: done.append(day.day)))
    teller.now = DAWN
    return done


def test_a_job_is_done_from_its_hour_in_viet_nam_on(teller: Teller, days: list[int]) -> None:
    teller.worker.work_until_idle()
    assert days == []
    teller.now += timedelta(hours=1)
    teller.worker.work_until_idle()
    assert days == [5]


def test_a_job_is_done_once_a_day(teller: Teller, days: list[int]) -> None:
    for _ in range(48):
        teller.worker.work_until_idle()
        teller.now += timedelta(hours=1)
    assert days == [5, 6]


def test_three_days_of_standstill_are_caught_up(teller: Teller, days: list[int]) -> None:
    teller.now += timedelta(hours=2)
    teller.worker.work_until_idle()
    teller.now += 4 * DAY
    teller.worker.work_until_idle()
    assert days == [5, 6, 7, 8, 9]


def test_a_job_first_seen_before_its_hour_is_not_forgotten_overnight(teller: Teller, days: list[int]) -> None:
    teller.worker.work_until_idle()
    teller.now += DAY
    teller.worker.work_until_idle()
    assert days == [5]


def test_a_day_that_two_workers_see_is_asked_once(
    teller: Teller, days: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    teller.worker.work_until_idle()
    teller.now += timedelta(hours=1)
    both_read = dict(DailyJob.objects.values_list("name", "last_day"))
    assert ask_for_days(teller.now)
    teller.worker.work_until_idle()
    monkeypatch.setattr(days_module, "_last_days", lambda: both_read)
    assert not ask_for_days(teller.now)
    assert not Errand.objects.exists()


def test_a_failed_day_is_tried_again(teller: Teller, days: list[int]) -> None:
    failures = [OSError()]

    def run(day: date, now: datetime) -> Outcome:
        if failures:
            raise failures.pop()
        return Outcome(lambda: days.append(day.day))

    registry.daily("report", 6, run)
    teller.now += timedelta(hours=1)
    teller.worker.work_until_idle()
    assert days == []
    teller.now += timedelta(seconds=5)
    teller.worker.work_until_idle()
    assert days == [5]
