"""The deferred level ends equal to the facts, whoever computes it and whatever arrives meanwhile."""

from collections.abc import Callable

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from chotxanh.ledger.worker import dirt
from chotxanh.ledger.worker.dirt import append_dirt, catch_up
from chotxanh.ledger.worker.models import DirtyKey
from chotxanh.ledger.worker.registry import Level
from chotxanh.ledger.worker.tests.conftest import elsewhere
from tests.cast import EVENING

Written = dict[str, int]


class Sums:
    """A level that adds up numbers, and lets a test step in after it has read."""

    def __init__(self) -> None:
        self.facts: dict[str, list[int]] = {}
        self.written: Written = {}
        self.afterwards: Callable[[], None] = lambda: None

    def add(self, key: str, number: int) -> None:
        """Store a fact and say that its key is behind."""
        self.facts.setdefault(key, []).append(number)
        append_dirt({("sums", key)}, EVENING)

    def compute(self, keys: frozenset[str]) -> Written:
        """Add up, then let the test's meanwhile happen once."""
        computed = {key: sum(self.facts[key]) for key in keys}
        meanwhile, self.afterwards = self.afterwards, lambda: None
        elsewhere(meanwhile)
        return computed

    @property
    def level(self) -> Level:
        """The level as registered."""
        return Level("sums", self.compute, self.written.update)


@pytest.fixture
def sums(db: None) -> Sums:
    """An empty level."""
    return Sums()


def test_what_is_behind_is_brought_up_to_date(sums: Sums) -> None:
    sums.add("a", 1)
    sums.add("a", 2)
    sums.add("b", 5)
    assert not catch_up(sums.level), "no more"
    assert sums.written == {"a": 3, "b": 5}
    assert not DirtyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_arrives_while_computing_is_computed_again(sums: Sums) -> None:
    sums.add("a", 1)
    sums.afterwards = lambda: sums.add("a", 2)
    catch_up(sums.level)
    assert sums.written == {"a": 1}
    assert DirtyKey.objects.count() == 1, "only what was read is deleted"
    catch_up(sums.level)
    assert sums.written == {"a": 3}


@pytest.mark.django_db(transaction=True)
def test_an_older_result_never_replaces_a_newer_one(sums: Sums) -> None:
    def another_worker() -> None:
        sums.add("a", 2)
        catch_up(sums.level)

    sums.add("a", 1)
    sums.afterwards = another_worker
    catch_up(sums.level)
    assert sums.written == {"a": 3}
    assert not DirtyKey.objects.exists()


def test_every_row_of_a_key_is_read_however_few_keys_fit(sums: Sums, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dirt, "MOST_KEYS", 1)
    for key in "abab":
        sums.add(key, 1)
    while catch_up(sums.level):
        pass
    assert sums.written == {"a": 2, "b": 2}


def test_a_level_that_fails_stays_behind(sums: Sums) -> None:
    def fail(keys: frozenset[str]) -> Written:
        raise LookupError

    sums.add("a", 1)
    with pytest.raises(LookupError):
        catch_up(Level("sums", fail, sums.written.update))
    assert DirtyKey.objects.count() == 1


def test_a_batch_appends_its_keys_in_one_statement(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(
        1 if connection.vendor == "sqlite" else 0
    ):  # psycopg is not asked by Django
        append_dirt({("sums", f"{number}") for number in range(300)}, EVENING)
    assert DirtyKey.objects.count() == 300
