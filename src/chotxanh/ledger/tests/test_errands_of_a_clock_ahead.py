"""What is meant for at once does not wait until the day to which the server's clock had run (B2)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from chotxanh.certificates.models import Certificate
from chotxanh.ledger import server_clock
from chotxanh.ledger.authority_changes import JUDGE_AGAIN
from chotxanh.ledger.server_clock import receipt_time
from chotxanh.ledger.tests.test_server_clock import AHEAD, SECOND, received_while_ahead, wall, watched
from chotxanh.ledger.worker.backlog import backlog
from chotxanh.ledger.worker.errands import lease_next, note_errands
from chotxanh.ledger.worker.loop import LEASE, Worker
from chotxanh.ledger.worker.models import Errand
from chotxanh.specimens.tubes import OVERDUE
from tests.cast import DRIVER, EVENING
from tests.device import MINUTE
from tests.stage import Stage

__all__ = ["wall", "watched"]

Wall = Callable[[datetime], None]


@pytest.fixture
def quiet(watched: Stage) -> Stage:
    """The stage, where nothing waits."""
    Errand.objects.all().delete()
    return watched


def ask_at(now: datetime, wall: Wall, name: str = JUDGE_AGAIN) -> None:
    """Ask for an errand while this machine's clock shows `now`."""
    wall(now)
    note_errands({(name, "a"): now}, is_rebuilding=False)


def put_right(wall: Wall) -> None:
    """Say that the clock was ahead, as whoever has looked at it."""
    wall(EVENING + 5 * MINUTE)
    call_command("clock", was_ahead="Pin đồng hồ hết, đã thay")
    server_clock.forget()


def test_b2_papers_are_issued_once_the_clock_was_put_right(
    watched: Stage, wall: Wall, capsys: pytest.CaptureFixture[str]
) -> None:
    received_while_ahead(watched, wall)
    watched.now = receipt_time(EVENING + SECOND)
    station = watched.station
    watched.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "negative"))
    assert not Certificate.objects.exists()
    put_right(wall)
    later = EVENING + 10 * MINUTE
    wall(later)
    Worker(lambda: later).work_until_idle()
    assert Certificate.objects.get().person_code == DRIVER.code


def test_b2_what_is_meant_for_at_once_is_due_by_the_machines_clock(quiet: Stage, wall: Wall) -> None:
    wall(EVENING)
    note_errands({(JUDGE_AGAIN, "a"): EVENING + AHEAD, (OVERDUE, "a"): EVENING + AHEAD}, is_rebuilding=False)
    assert Errand.objects.get(name=JUDGE_AGAIN).due_at == EVENING
    assert Errand.objects.get(name=OVERDUE).due_at == EVENING + AHEAD, "it is truly due later"


def test_b2_to_put_the_clock_right_brings_back_what_was_dated_minutes_ahead(
    quiet: Stage, wall: Wall, capsys: pytest.CaptureFixture[str]
) -> None:
    received_while_ahead(quiet, wall)
    Errand.objects.all().delete()
    ask_at(EVENING + 30 * MINUTE, wall)
    ask_at(EVENING + 30 * MINUTE, wall, OVERDUE)
    Errand.objects.update(leased_until=EVENING + 30 * MINUTE)
    put_right(wall)
    brought = Errand.objects.get(name=JUDGE_AGAIN)
    assert (brought.due_at, brought.leased_until) == (EVENING + 5 * MINUTE, None)
    assert Errand.objects.get(name=OVERDUE).due_at == EVENING + 30 * MINUTE


def test_b2_what_was_dated_days_ahead_is_done_before_anybody_puts_the_clock_right(
    quiet: Stage, wall: Wall
) -> None:
    ask_at(EVENING + AHEAD, wall)
    wall(EVENING)
    assert backlog(EVENING).behind_since is not None, "nobody does what is meant for at once"
    Worker(lambda: EVENING).work_until_idle()
    assert not Errand.objects.filter(name=JUDGE_AGAIN).exists()
    assert backlog(EVENING).behind_since is None


def test_b2_what_a_killed_worker_held_while_the_clock_was_ahead_is_taken_up(quiet: Stage, wall: Wall) -> None:
    ask_at(EVENING, wall)
    assert lease_next([JUDGE_AGAIN], EVENING + AHEAD, LEASE)
    later = EVENING + timedelta(minutes=2)
    assert backlog(later).behind_since == EVENING
    Worker(lambda: later).work_until_idle()
    assert not Errand.objects.filter(name=JUDGE_AGAIN).exists()
