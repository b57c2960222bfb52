"""What nobody waits for yet goes with the next statement that asks: sooner than it could be missed, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.pq import TransactionStatus

from chotxanh.storage.line import Line
from chotxanh.storage.prepared import sending_together
from chotxanh.storage.statements import ask, ask_ahead, say

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no line to save trips on"),
]

ADD = "INSERT INTO django_content_type (app_label, model) VALUES ('together', %s)"
COUNT = "SELECT count(*) FROM django_content_type WHERE app_label = 'together'"

LOCK = "SELECT pg_advisory_xact_lock(724)"
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 724 AND NOT granted"
PATIENCE = "SET LOCAL lock_timeout = '5s'"


def committed() -> set[str]:
    """What another connection finds."""
    connection.close()
    found = set(ContentType.objects.filter(app_label="together").values_list("model", flat=True))
    connection.close()
    return found


def test_what_asks_finds_what_was_said_before_it() -> None:
    with transaction.atomic(), sending_together():
        say(ADD, ["one"])
        say(ADD, ["two"])
        assert ask(COUNT) == [(2,)]
        say(ADD, ["three"])
        assert ContentType.objects.filter(app_label="together").count() == 3
        say(ADD, ["four"])
    assert committed() == {"one", "two", "three", "four"}


def test_what_is_asked_ahead_is_answered_in_its_place() -> None:
    with transaction.atomic(), sending_together():
        before = ask_ahead(COUNT)
        say(ADD, ["one"])
        between = ask_ahead(COUNT)
        say(ADD, ["two"])
        assert between() == [(1,)]
        say(ADD, ["three"])
        assert (before(), between(), ask(COUNT)) == ([(0,)], [(1,)], [(3,)])
    assert committed() == {"one", "two", "three"}


def test_what_is_asked_ahead_alone_is_asked_at_once() -> None:
    before = ask_ahead(COUNT)
    say(ADD, ["one"])
    assert before() == [(0,)]


def test_a_whole_transaction_is_committed_with_the_last_of_it() -> None:
    with transaction.atomic(), sending_together(commits=True):
        ask(COUNT)
        say(ADD, ["one"])
    with transaction.atomic():
        with sending_together(commits=True):
            say(ADD, ["two"])
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(committed).result() == {"one", "two"}
    with transaction.atomic(), sending_together(commits=True):
        say(ADD, ["three"])
        ask(COUNT)  # nothing is left to go with
    assert committed() == {"one", "two", "three"}


def test_alone_it_is_sent_at_once() -> None:
    say(ADD, ["one"])
    with transaction.atomic():
        say(ADD, ["two"])
    assert committed() == {"one", "two"}


@pytest.mark.parametrize("commits", [True, False])
@pytest.mark.parametrize("is_asked", [True, False])
def test_a_refusal_takes_everything_back_and_harms_nothing_after_it(*, is_asked: bool, commits: bool) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), sending_together(commits=commits):
        say(ADD, ["one"])
        say(ADD, [None])
        say(ADD, ["two"])
        if is_asked:
            ask(COUNT)
    assert ask(COUNT) == [(0,)]
    assert committed() == set()


def test_a_block_that_raises_sends_nothing_more() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), sending_together():
        say(ADD, ["one"])
        raise ZeroDivisionError
    with transaction.atomic(), sending_together():
        say(ADD, ["two"])
    assert committed() == {"two"}


def test_what_a_savepoint_takes_back_is_its_own() -> None:
    with transaction.atomic(), sending_together():
        say(ADD, ["before"])
        with pytest.raises(ZeroDivisionError), transaction.atomic(), sending_together():
            say(ADD, ["within"])
            raise ZeroDivisionError
        say(ADD, ["after"])
    assert committed() == {"before", "after"}


def test_the_outermost_block_sends_what_an_inner_one_left() -> None:
    with transaction.atomic(), patch.object(Line, "send", autospec=True, side_effect=Line.send) as trips:
        with sending_together(commits=True):
            ask(COUNT)
            with sending_together():
                say(ADD, ["one"])
            trips.reset_mock()
        assert trips.call_count == 1
        assert connection.connection.info.transaction_status == TransactionStatus.IDLE
    assert committed() == {"one"}


def test_a_line_that_breaks_under_several_is_told_and_the_next_one_works() -> None:
    with pytest.raises(OperationalError), transaction.atomic(), sending_together():
        say(ADD, ["one"])
        say("SELECT pg_terminate_backend(pg_backend_pid())")
        ask(COUNT)
    assert committed() == set()


def test_who_waits_for_a_lock_lets_the_thread_that_holds_it_go_on() -> None:
    def wait_behind() -> list[tuple[int]]:
        try:
            with transaction.atomic(), sending_together():
                say(PATIENCE)
                say(LOCK)
                return ask(COUNT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            say(LOCK)
            waiting = thread.submit(wait_behind)
            while ask(WAITING) == [(0,)] and not waiting.done():
                pass
        assert waiting.result() == [(0,)]
