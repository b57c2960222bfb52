"""A daily job is done once for each day in Viet Nam, after a stop too."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chotxanh.ledger.worker import days as days_module
from chotxanh.ledger.worker import registry
from chotxanh.ledger.worker.days import ask_for_days, go_on, waits_since
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


def test_after_more_than_a_week_somebody_says_that_the_clock_is_right(
    teller: Teller, days: list[int]
) -> None:
    teller.now += timedelta(hours=2)
    teller.worker.work_until_idle()
    teller.now += 8 * DAY
    teller.worker.work_until_idle()
    assert days == [5], "the clock may be ahead, and what is erased does not come back"
    assert waits_since(teller.now) == date(2021, 7, 5)
    assert go_on(teller.now)
    teller.worker.work_until_idle()
    assert days == [*range(5, 14)], "every day that was missed"
    assert waits_since(teller.now) is None


def test_a_job_that_a_release_dropped_lets_no_calendar_wait(teller: Teller, days: list[int]) -> None:
    teller.now += timedelta(hours=2)
    DailyJob.objects.create(name="of.an.older.release", last_day=date(2021, 6, 1))
    assert go_on(teller.now)
    assert waits_since(teller.now) is None


def test_a_clock_that_was_ahead_for_a_while_stops_no_calendar(teller: Teller, days: list[int]) -> None:
    teller.now += timedelta(hours=2)
    teller.worker.work_until_idle()
    for ahead in (200 * DAY, 6 * DAY):
        teller.now += ahead
        teller.worker.work_until_idle()
        teller.now -= ahead
    days.clear()
    for _ in range(3):
        teller.now += DAY
        teller.worker.work_until_idle()
    assert days[-2:] == [7, 8]


def test_a_job_that_began_by_a_clock_ahead_begins_anew(teller: Teller, days: list[int]) -> None:
    teller.now += 300 * DAY
    teller.worker.work_until_idle()
    teller.now -= 300 * DAY
    days.clear()
    teller.now += timedelta(hours=2)
    teller.worker.work_until_idle()
    assert days == [5]


def test_by_a_clock_that_is_behind_nothing_is_due(
    teller: Teller, days: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    teller.now += timedelta(hours=2)
    monkeypatch.setattr(days_module, "behind_by", lambda now: timedelta(seconds=6))
    teller.worker.work_until_idle()
    assert days == []
