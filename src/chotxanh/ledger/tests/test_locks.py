"""Locks keep apart what must be apart, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from chotxanh.ledger.locks import MOST_STRIPES, in_ledger, lock, stripe_of
from chotxanh.ledger.worker.tests.conftest import elsewhere
from chotxanh.protocol.ranks import Rank
from chotxanh.site.rebuilding import rebuild_tables
from chotxanh.storage.prepared import sending_together
from tests.cast import EVENING, TRAVELLERS
from tests.stage import Stage

BATCHES, IN_A_BATCH = 8, 250
PEOPLE = [[f"{batch}/{number}" for number in range(IN_A_BATCH)] for batch in range(BATCHES)]
PROVINCE = "another_province"


@pytest.fixture(autouse=True)
def on_postgresql(db: None) -> None:
    """SQLite has one writer."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer and needs no locks")


def held_locks() -> int:
    """How many advisory locks this connection holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])


@contextmanager
def another_transaction(schema: str = "public") -> Iterator[None]:
    """A transaction that does not wait long, perhaps of another province in the same database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
        cursor.execute(f'SET LOCAL search_path = "{schema}"')
        yield


@pytest.fixture
def province() -> Iterator[str]:
    """A second province: a schema of its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {PROVINCE}")
        yield PROVINCE
        cursor.execute(f"DROP SCHEMA {PROVINCE}")


def record_beside(keys: list[str], schema: str = "public") -> None:
    """Lock people in a transaction over another connection; raises if somebody is in the way."""

    def act() -> None:
        with another_transaction(schema), in_ledger(is_alone=False):
            lock(Rank.PERSON_CODE, keys)

    elsewhere(act)


@pytest.mark.django_db(transaction=True)
def test_the_same_person_is_locked_once_at_a_time() -> None:
    with transaction.atomic(), in_ledger(is_alone=False):
        lock(Rank.PERSON_CODE, ["a"])
        with pytest.raises(OperationalError, match="lock timeout"):
            record_beside(["b", "a"])
        record_beside(["b"])


@pytest.mark.django_db(transaction=True)
def test_large_batches_of_different_people_work_beside_each_other() -> None:
    with transaction.atomic(), in_ledger(is_alone=False):
        lock(Rank.PERSON_CODE, PEOPLE[0])
        for others in PEOPLE[1:]:
            record_beside(others)
    stripes = [{stripe_of(key) for key in keys} for keys in PEOPLE]
    assert len(set.union(*stripes)) == BATCHES * IN_A_BATCH


@pytest.mark.django_db(transaction=True)
def test_more_people_than_there_are_locks_keep_everybody_of_their_rank_out() -> None:
    with transaction.atomic(), in_ledger(is_alone=False):
        lock(Rank.PERSON_CODE, [f"{number}" for number in range(MOST_STRIPES + 1)])
        assert held_locks() == 2
        with pytest.raises(OperationalError, match="lock timeout"):
            record_beside(["nobody of these"])


@pytest.mark.django_db(transaction=True)
def test_two_provinces_in_one_database_never_wait_for_each_other(province: str) -> None:
    with transaction.atomic(), in_ledger(is_alone=True):
        with pytest.raises(OperationalError, match="lock timeout"):
            record_beside(["a"])
        record_beside(["a"], province)
    with transaction.atomic(), in_ledger(is_alone=False):
        lock(Rank.PERSON_CODE, ["a"])
        record_beside(["a"], province)


@pytest.mark.django_db(transaction=True)
def test_who_is_in_the_ledger_is_there_before_the_first_statement() -> None:
    """The key ring is read before one; a key that seals must not be dropped in between."""

    def come_alone() -> None:
        with another_transaction(), in_ledger(is_alone=True):
            pass

    is_refused = pytest.raises(OperationalError, match="lock timeout")
    with transaction.atomic(), sending_together(), in_ledger(is_alone=False), is_refused:
        elsewhere(come_alone)


@pytest.mark.django_db(transaction=True)
def test_alone_in_the_ledger_nothing_is_locked_but_the_ledger() -> None:
    with transaction.atomic(), in_ledger(is_alone=True):
        for rank in Rank:
            lock(rank, [f"{number}" for number in range(200)])
        with in_ledger(is_alone=False):
            lock(Rank.TUBE, ["a"])
        assert held_locks() == 1


def test_f3_a_rebuild_takes_one_lock_however_many_people_there_are(stage: Stage) -> None:
    """Finding F3: from 13,000 people on, PostgreSQL's lock table was full."""
    station = stage.station
    stage.must_apply(*(station.register(person) for person in TRAVELLERS))
    stage.must_apply(*(station.collect(f"ONG{n}", [each]) for n, each in enumerate(TRAVELLERS)))
    before = held_locks()
    rebuild_tables(EVENING)
    assert held_locks() - before <= 1
