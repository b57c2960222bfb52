"""Changes are numbered once they are committed: however late a transaction ends, nobody has read past it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection, transaction

from chotxanh.domain.codes import CodeType, new_code
from chotxanh.ledger.feed.numbering import number_changes
from chotxanh.ledger.feed.tests.things import Reader, ids_of, show
from chotxanh.ledger.models import FeedCard
from chotxanh.ledger.recording import record
from chotxanh.ledger.worker.loop import Worker
from chotxanh.storage.statements import ask
from tests.cast import DRIVER, EVENING, WALKER
from tests.device import Station
from tests.stage import Stage, set_the_stage

SCOPES = ("facility:ttyt-phu-my", "post:ql51-xe-tai", "road:QL51")
BURST, BATCH, FEW = 600, 50, 5
PATIENCE_SECONDS = 60

several_writers = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: none of its commits comes late"
)


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[Callable[[], None]]:
    """Do some work on another connection and keep its transaction open; the block may let it commit."""
    has_worked, may_commit = Event(), Event()

    def open_transaction() -> None:
        try:
            with transaction.atomic():
                work()
                has_worked.set()
                assert may_commit.wait(PATIENCE_SECONDS)
        finally:
            has_worked.set()
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(open_transaction)
        assert has_worked.wait(PATIENCE_SECONDS)

        def commit() -> None:
            may_commit.set()
            done.result()

        try:
            yield commit
        finally:
            commit()


def codes_of(people: range) -> list[str]:
    """Return the codes of so many people."""
    return [new_code(CodeType.PERSON, f"{number:16d}".encode()) for number in people]


def declarations(stage: Stage, station: Station, codes: Sequence[str]) -> list[bytes]:
    """Have these people registered; return their journeys, on foot: those in one vehicle wait for each other anyway."""
    registrations = [station.register(WALKER, person_code=code) for code in codes]
    for begin in range(0, len(codes), BATCH):
        stage.must_apply(*registrations[begin : begin + BATCH])
    return [station.declare(WALKER, person_code=code) for code in codes]


def second_station(stage: Stage) -> Station:
    """Enrol one more station and start a shift at it."""
    station = Station()
    station.enrol()
    stage.must_apply(station.start_shift(stage.staff.officer))
    return station


@several_writers
@pytest.mark.django_db(transaction=True)
def test_f2_a_late_commit_after_a_burst_of_600_is_still_read(own_keys: object) -> None:
    stage = set_the_stage()
    other = second_station(stage)
    stage.must_apply(other.register(DRIVER))
    late = other.declare(DRIVER)
    burst = declarations(stage, stage.station, codes_of(range(BURST)))
    reader = Reader(SCOPES)
    reader.read()
    with meanwhile(lambda: record([late], EVENING)) as commit:
        for begin in range(0, BURST, BATCH):
            stage.must_apply(*burst[begin : begin + BATCH])
            reader.read()
        assert len(reader.alive()) == BURST
        assert DRIVER.code not in reader.alive()
        commit()
    assert ids_of(reader.read()) == [DRIVER.code]
    in_order = FeedCard.objects.order_by("-position").values_list("key", "position")
    assert in_order[0] == (DRIVER.code, BURST + 1), "positions are in the order of commits"


@several_writers
@pytest.mark.django_db(transaction=True)
def test_f2_two_connections_in_a_burst_lose_nothing(own_keys: object) -> None:
    stage = set_the_stage()
    stations = [stage.station, second_station(stage)]
    everyone = codes_of(range(BURST))
    sent = [declarations(stage, each, everyone[number::2]) for number, each in enumerate(stations)]
    reader = Reader(SCOPES)

    def declare(number: int) -> None:
        try:
            entries = sent[number]
            for begin in range(0, len(entries), FEW):
                record(entries[begin : begin + FEW], EVENING)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(declare, number) for number in range(2)]
        while not all(each.done() for each in done):
            reader.read()
    for each in done:
        each.result()
    versions = [card.version for card in reader.held.values()]
    reader.read()
    assert reader.alive() == set(everyone)
    assert len(set(versions)) == len(versions)


@several_writers
@pytest.mark.django_db(transaction=True)
def test_one_numbers_at_a_time_and_the_others_go_on_without_waiting(own_keys: object) -> None:
    show("a")
    Reader().read()
    show("b")
    with meanwhile(lambda: ask("SELECT position FROM ledger_feedhead WHERE id = 1 FOR UPDATE")):
        assert number_changes(EVENING) == 0
        assert ids_of(Reader().read()) == ["a"]
    assert number_changes(EVENING) == 1


@several_writers
@pytest.mark.django_db(transaction=True)
def test_a_card_that_is_just_being_written_waits_and_holds_nobody_up(own_keys: object) -> None:
    show("a")
    reader = Reader()
    reader.read()
    show("b")
    with meanwhile(lambda: show("b")) as commit:
        show("c")
        assert ids_of(reader.read()) == ["c"]
        commit()
    assert ids_of(reader.read()) == ["b"]


@several_writers
@pytest.mark.django_db(transaction=True)
def test_a_card_that_waits_for_its_number_anyway_is_not_written_again(own_keys: object) -> None:
    version = "SELECT ctid::text FROM ledger_feedcard"
    show("a")
    written = ask(version)
    show("a")
    assert ask(version) == written
    reader = Reader()
    assert ids_of(reader.read()) == ["a"]
    show("a")
    assert ids_of(reader.read()) == ["a"], "once it was read it is told anew"


@pytest.mark.django_db
def test_numbers_grow_by_one_and_none_is_given_twice() -> None:
    for _ in range(3):
        show("a", "b")
        show("c")
        number_changes(EVENING)
    positions = FeedCard.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == [7, 8, 9]
    assert number_changes(EVENING) == 0


@pytest.mark.django_db
def test_the_worker_numbers_what_no_station_has_asked_for_yet() -> None:
    show("a", "b")
    Worker(lambda: EVENING).work_until_idle()
    assert not FeedCard.objects.filter(position=None).exists()


@pytest.mark.django_db
def test_cards_are_written_after_everything_else_that_a_transaction_does(stage: Stage) -> None:
    stage.must_apply(stage.station.register(DRIVER), stage.station.collect("BR1", [DRIVER]))
    stage.must_apply(stage.station.result("BR1", "negative"))
    reader = Reader(SCOPES)
    reader.read()
    body = bytes(reader.held[DRIVER.code].body or b"")
    assert b'"valid_until":"' in body, "the certificate was decided within the same transaction"
