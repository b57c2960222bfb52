"""An errand that was decided is run until it has an outcome, and its outcome is recorded once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from chotxanh.domain.problems import Problem
from chotxanh.ledger.worker import registry
from chotxanh.ledger.worker.backlog import backlog, release_paused, try_again
from chotxanh.ledger.worker.errands import MOST_ATTEMPTS, finish, lease_next, note_errands, pause_after
from chotxanh.ledger.worker.loop import LEASE
from chotxanh.ledger.worker.models import Errand
from chotxanh.ledger.worker.registry import Outcome
from chotxanh.ledger.worker.tests.conftest import ERRAND, Teller, elsewhere

MINUTE = timedelta(minutes=1)


def test_what_was_asked_is_done_once(teller: Teller) -> None:
    teller.ask("a", "b")
    teller.ask("a")
    teller.worker.work_until_idle()
    assert teller.written == ["a", "b"]
    assert teller.told == ["tell/a", "tell/b"]
    assert not Errand.objects.exists()


def test_what_is_not_due_waits(teller: Teller) -> None:
    note_errands({(ERRAND, "later"): teller.now + MINUTE}, is_rebuilding=False)
    teller.worker.work_until_idle()
    assert teller.told == []
    teller.now += MINUTE
    teller.worker.work_until_idle()
    assert teller.written == ["later"]


def test_what_was_settled_before_is_not_done(teller: Teller) -> None:
    teller.ask("a", "b")
    note_errands({(ERRAND, "a"): None, (ERRAND, "never asked"): None}, is_rebuilding=False)
    teller.worker.work_until_idle()
    assert teller.written == ["b"]


def test_two_workers_never_hold_the_same_errand(teller: Teller) -> None:
    teller.ask("a", "b")
    held = [lease_next([ERRAND], teller.now, LEASE) for _ in range(3)]
    assert [each.task.key for each in held if each] == ["a", "b"]
    assert held[2] is None


def test_a_worker_whose_lease_ran_out_records_nothing(teller: Teller) -> None:
    teller.ask("a")
    slow = lease_next([ERRAND], teller.now, LEASE)
    assert slow is not None
    teller.now += LEASE
    teller.worker.work_until_idle()
    assert not finish(slow, Outcome(lambda: teller.written.append("twice")))
    assert teller.written == ["a"]


def test_a_failed_errand_waits_twice_as_long_each_time_and_an_hour_at_most(teller: Teller) -> None:
    teller.ask("a")
    teller.failures = [OSError("no line")] * 3
    waited = []
    for _ in range(3):
        teller.worker.work_until_idle()
        row = Errand.objects.get()
        assert (row.problem, row.leased_until, teller.told) == ("OSError", None, [])
        waited.append(row.due_at - teller.now)
        teller.now = row.due_at
    assert waited == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert pause_after(MOST_ATTEMPTS) == pause_after(40) == timedelta(hours=1)
    teller.worker.work_until_idle()
    assert teller.written == ["a"]


def test_an_errand_is_given_up_after_the_stated_number_and_begun_anew_by_a_person(teller: Teller) -> None:
    teller.ask("a")
    teller.failures = [Problem("gateway_refused")] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS + 3):
        teller.worker.work_until_idle()
        teller.now += timedelta(hours=1)
    assert teller.failures == []
    (counted,) = backlog(teller.now).counts
    assert (counted.name, counted.waiting, counted.given_up) == (ERRAND, 0, 1)
    assert counted.problem == "gateway_refused"
    assert try_again(teller.now) == 1
    teller.worker.work_until_idle()
    assert teller.written == ["a"]


def test_an_errand_that_ends_its_worker_every_time_is_given_up(teller: Teller) -> None:
    teller.ask("a")
    for _ in range(MOST_ATTEMPTS):
        assert lease_next([ERRAND], teller.now, LEASE), "each worker dies with it in hand"
        teller.now += LEASE
    teller.worker.work_until_idle()
    assert teller.told == []
    assert backlog(teller.now).given_up == 1


@pytest.mark.django_db(transaction=True)
def test_an_outcome_that_cannot_be_written_leaves_nothing_behind(teller: Teller) -> None:
    def write() -> None:
        teller.ask("half")
        raise LookupError

    registry.errand(ERRAND, lambda task, now: Outcome(write))
    teller.ask("a")
    teller.worker.run_next_errand()
    assert Errand.objects.get().problem == "LookupError"


def test_an_errand_can_come_again_without_counting_as_failed(teller: Teller) -> None:
    teller.again_after = MINUTE
    teller.ask("a")
    for _ in range(MOST_ATTEMPTS + 1):
        teller.worker.work_until_idle()
        teller.now += MINUTE
    assert len(teller.written) == MOST_ATTEMPTS + 1
    assert Errand.objects.get().attempts == 0


def test_what_leaves_the_house_waits_for_a_person_after_a_rebuild(teller: Teller) -> None:
    inside: list[str] = []
    registry.errand("inside", lambda task, now: Outcome(lambda: inside.append(task.key)), leaves_house=False)
    teller.ask("a", is_rebuilding=True)
    note_errands({("inside", "b"): teller.now}, is_rebuilding=True)
    teller.worker.work_until_idle()
    assert (teller.told, inside) == ([], ["b"])
    assert backlog(teller.now).paused == 1
    assert release_paused() == 1
    teller.worker.work_until_idle()
    assert teller.written == ["a"]


def test_an_errand_of_another_version_is_left_to_it(teller: Teller) -> None:
    note_errands({("unknown here", "a"): teller.now}, is_rebuilding=False)
    teller.worker.work_until_idle()
    assert Errand.objects.get().attempts == 0


def test_the_office_hears_when_nobody_works(teller: Teller) -> None:
    teller.ask("a")
    assert backlog(teller.now).behind_since is None
    assert backlog(teller.now + 2 * MINUTE).behind_since == teller.now


@pytest.mark.django_db(transaction=True)
def test_recording_never_waits_for_an_errand_that_is_just_ending(teller: Teller) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    teller.ask("a", "b")
    held = lease_next([ERRAND], teller.now, LEASE)
    assert held is not None

    def settle_elsewhere() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            note_errands({(ERRAND, "a"): None, (ERRAND, "b"): None}, is_rebuilding=False)

    assert finish(held, Outcome(lambda: elsewhere(settle_elsewhere)))
    assert not Errand.objects.exists(), "one ended by itself, the other was settled"
