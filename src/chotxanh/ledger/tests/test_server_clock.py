"""The server's clock may fall; the times of receipt do not, and no paper rests on a clock that is behind (B2)."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from chotxanh.certificates.decisions import decide
from chotxanh.certificates.issuing_later import ISSUE_LATER, issue_now
from chotxanh.certificates.models import Certificate
from chotxanh.ledger import server_clock
from chotxanh.ledger.models import ClockPutRight, Entry
from chotxanh.ledger.server_clock import behind_by, is_behind, receipt_time
from chotxanh.ledger.worker.models import Errand
from chotxanh.ledger.worker.registry import Task
from chotxanh.site.rebuilding import fingerprints, rebuild_tables
from tests.cast import ASSISTANT, DRIVER, EVENING, WALKER
from tests.stage import Stage

SECOND = timedelta(seconds=1)


@pytest.fixture
def watched(declared: Stage, settings: Settings) -> Iterator[Stage]:
    """The stage in a process that has just started and watches its clock; the last receipt was at EVENING."""
    settings.IS_CLOCK_WATCHED = True
    server_clock.forget()
    yield declared
    server_clock.forget()


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets this machine's clock."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.mark.parametrize(("fell", "is_too_far"), [(0, False), (5, False), (6, True), (86_400, True)])
def test_b2_the_time_of_receipt_never_falls(
    watched: Stage, wall: Callable[[datetime], None], fell: int, *, is_too_far: bool
) -> None:
    now = EVENING - fell * SECOND
    wall(now)
    assert receipt_time(now) == EVENING
    assert (behind_by(now), is_behind()) == (fell * SECOND, is_too_far)


def test_b2_what_another_process_wrote_is_read_within_half_a_minute(
    watched: Stage, wall: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    wall(EVENING)
    assert receipt_time(EVENING) == EVENING
    newest = Entry.objects.latest("received_at")
    Entry.objects.filter(id=newest.id).update(received_at=EVENING + 60 * SECOND)
    began = time.monotonic()
    for later, behind in ((-server_clock.READ_EVERY_SECONDS, 0), (server_clock.READ_EVERY_SECONDS, 60)):
        monkeypatch.setattr(time, "monotonic", lambda later=later: began + later)
        assert behind_by(EVENING) == behind * SECOND


def test_a_clock_that_goes_on_is_taken_as_it_is(watched: Stage, wall: Callable[[datetime], None]) -> None:
    wall(EVENING + SECOND)
    assert receipt_time(EVENING + SECOND) == EVENING + SECOND
    assert not is_behind()


def test_b2_a_clock_that_falls_while_the_process_runs_is_noticed_at_once(
    watched: Stage, wall: Callable[[datetime], None]
) -> None:
    receipt_time(EVENING + 60 * SECOND)
    wall(EVENING + 40 * SECOND)
    assert receipt_time(EVENING + 40 * SECOND) == EVENING + 60 * SECOND
    assert is_behind()


def test_b2_no_certificate_is_issued_while_the_clock_is_behind_and_it_follows_by_itself(
    watched: Stage, wall: Callable[[datetime], None]
) -> None:
    station = watched.station
    wall(EVENING - 60 * SECOND)
    watched.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "negative"))
    assert not Certificate.objects.exists()
    asked = Errand.objects.get(name=ISSUE_LATER)
    task = Task(asked.name, asked.key, 1)
    wall(EVENING - 50 * SECOND)
    later = issue_now(task, EVENING - 50 * SECOND)
    assert later.again_at is not None
    assert not Certificate.objects.exists()
    wall(EVENING + SECOND)
    assert issue_now(task, EVENING + SECOND).again_at is None
    assert Certificate.objects.get().person_code == DRIVER.code


def test_b2_the_worker_issues_nothing_while_the_clock_is_behind(
    watched: Stage, wall: Callable[[datetime], None]
) -> None:
    """It has received nothing itself: a word that changes what stands made it issue all the same."""
    wall(EVENING + 60 * SECOND)
    station = watched.station
    watched.must_apply(station.collect("BR1", [DRIVER]), station.result("BR1", "negative"))
    Certificate.objects.all().delete()
    server_clock.forget()  # another process
    wall(EVENING - 60 * SECOND)
    decide({DRIVER.code}, EVENING - 60 * SECOND)
    assert not Certificate.objects.exists()
    assert Errand.objects.filter(name=ISSUE_LATER, key=DRIVER.code).exists()


def test_what_the_server_does_itself_is_dated_no_earlier(watched: Stage) -> None:
    newest = Entry.objects.order_by("-received_at")[0].received_at
    assert receipt_time(newest - 60 * SECOND) == newest


@pytest.mark.django_db
def test_b2_the_office_says_that_the_clock_is_behind(
    watched: Stage, client: Client, settings: Settings
) -> None:
    client.force_login(watched.staff.lead)
    assert "Đồng hồ máy chủ" not in client.get("/office/").content.decode()
    Entry.objects.update(received_at=timezone.now() + timedelta(hours=1))
    server_clock.forget()
    page = client.get("/office/").content.decode()
    assert "Đồng hồ máy chủ đang chậm" in page


AHEAD = timedelta(days=200)


def received_while_ahead(stage: Stage, wall: Callable[[datetime], None]) -> None:
    """The clock runs ahead, somebody registers, the clock is right again."""
    wall(EVENING + AHEAD)
    receipt_time(EVENING + AHEAD)
    stage.now = EVENING + AHEAD
    stage.must_apply(stage.station.register(WALKER))
    wall(EVENING + SECOND)


def test_a_clock_that_was_ahead_holds_nothing_up_once_somebody_has_said_so(
    watched: Stage, wall: Callable[[datetime], None], capsys: pytest.CaptureFixture[str]
) -> None:
    received_while_ahead(watched, wall)
    assert is_behind(), "nothing says by itself which of the two clocks was right"
    call_command("clock")
    assert is_behind(), "to ask changes nothing"
    call_command("clock", was_ahead="Pin đồng hồ hết, đã thay")
    server_clock._known.read_at = float("-inf")  # half a minute later
    assert not is_behind()
    assert receipt_time(EVENING + SECOND) == EVENING + SECOND
    server_clock.forget()
    assert not is_behind(), "in a process that starts, too"
    before = fingerprints()
    rebuild_tables(EVENING)
    assert fingerprints() == before


def test_a_clock_that_is_not_behind_is_not_put_right(
    watched: Stage, wall: Callable[[datetime], None], capsys: pytest.CaptureFixture[str]
) -> None:
    wall(EVENING + SECOND)
    call_command("clock", was_ahead="Không có gì")
    assert not ClockPutRight.objects.exists()


@pytest.fixture
def worked_on(
    watched: Stage, wall: Callable[[datetime], None], capsys: pytest.CaptureFixture[str]
) -> datetime:
    """The clock was ahead and was put right; ten days later something came, and the clock falls again: to when."""
    received_while_ahead(watched, wall)
    call_command("clock", was_ahead="Pin đồng hồ hết, đã thay")
    server_clock.forget()
    right = EVENING + timedelta(days=10)
    wall(right)
    watched.now = right
    assert receipt_time(right) == right
    watched.must_apply(watched.station.collect("BR1", [ASSISTANT]))
    fallen = EVENING + timedelta(hours=2)
    wall(fallen)
    watched.now = fallen
    return fallen


@pytest.mark.parametrize("passes", ["nothing", "half a minute", "a start"])
def test_b2_what_came_after_the_word_binds_also_where_the_clock_had_run(
    worked_on: datetime, passes: str
) -> None:
    """Until the true time had come to where the clock had run, no fall of it was noticed: 200 days here."""
    if passes == "half a minute":
        server_clock._known.read_at = float("-inf")
    elif passes == "a start":
        server_clock.forget()
    assert is_behind()
    assert behind_by(worked_on) > timedelta(days=9)
    assert receipt_time(worked_on) == EVENING + timedelta(days=10)


def test_b2_no_paper_rests_on_a_clock_that_fell_after_it_was_put_right(
    watched: Stage, wall: Callable[[datetime], None], worked_on: datetime
) -> None:
    server_clock.forget()
    station = watched.station
    watched.must_apply(station.collect("BR2", [DRIVER]), station.result("BR2", "negative"))
    assert not Certificate.objects.exists()
    wall(EVENING + timedelta(days=10))
    decide({DRIVER.code}, EVENING + timedelta(days=10))
    assert Certificate.objects.get().person_code == DRIVER.code, "nothing else stood in its way"


def test_the_era_of_what_came_outlives_a_rebuild(watched: Stage, worked_on: datetime) -> None:
    rebuild_tables(EVENING + timedelta(days=10))
    server_clock.forget()
    assert is_behind()


def test_a_clock_that_runs_ahead_twice_is_put_right_twice(
    watched: Stage, wall: Callable[[datetime], None], worked_on: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    wall(EVENING + 2 * AHEAD)
    watched.now = EVENING + 2 * AHEAD
    receipt_time(watched.now)
    watched.must_apply(watched.station.collect("BR3", [WALKER]))
    right = EVENING + timedelta(days=11)
    wall(right)
    assert is_behind()
    call_command("clock", was_ahead="Lại pin đồng hồ")
    server_clock.forget()
    assert receipt_time(right) == right
    wall(EVENING + timedelta(days=9))
    server_clock.forget()
    assert is_behind(), "by what came between the two words"


def test_a_clock_that_falls_after_it_was_put_right_is_noticed_again(
    watched: Stage, wall: Callable[[datetime], None], capsys: pytest.CaptureFixture[str]
) -> None:
    received_while_ahead(watched, wall)
    call_command("clock", was_ahead="Pin đồng hồ hết, đã thay")
    server_clock.forget()
    wall(EVENING - 60 * SECOND)
    assert is_behind()
