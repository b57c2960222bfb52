"""A worker killed at any moment neither loses nor doubles an effect."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from benchmarks.worker_kills import kill_workers
from chotxanh.ledger.worker import registry
from chotxanh.ledger.worker.dirt import append_dirt
from chotxanh.ledger.worker.loop import LEASE
from chotxanh.ledger.worker.models import DirtyKey, Errand
from chotxanh.ledger.worker.registry import Outcome
from chotxanh.ledger.worker.tests.conftest import ERRAND, Teller

FEW_ROUNDS = 10
OTHER = "chotxanh_kills"


class _Killed(BaseException):
    """What no code catches, as nothing catches a kill."""


def _killing_before(number: int) -> Callable[..., Any]:
    """A wrapper around statements that dies before the given one, counted from 1."""
    seen = 0

    def wrapper(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            raise _Killed
        return execute(*arguments)

    return wrapper


@pytest.mark.django_db(transaction=True)
def test_killed_before_any_statement_an_effect_is_recorded_exactly_once(teller: Teller) -> None:
    registry.errand(ERRAND, lambda task, now: Outcome(lambda: append_dirt({("done", task.key)}, now)))
    killed, is_whole = 0, False
    while not is_whole:
        teller.ask(f"{killed}")
        try:
            with connection.execute_wrapper(_killing_before(killed + 1)):
                teller.worker.work_until_idle()
            is_whole = True
        except _Killed:
            killed += 1
            teller.now += LEASE
        teller.worker.work_until_idle()
        assert not Errand.objects.exists()
    done = sorted(int(key) for key in DirtyKey.objects.values_list("key", flat=True))
    assert done == list(range(killed + 1))
    assert killed > 5, "look, take, lease, look again, write, end"


@pytest.mark.django_db(transaction=True)
def test_killed_before_any_statement_a_sum_ends_right(teller: Teller) -> None:
    written: list[frozenset[str]] = []
    registry.deferred("sums", frozenset, written.append)
    killed, is_whole = 0, False
    while not is_whole:
        append_dirt({("sums", f"{killed}")}, teller.now)
        try:
            with connection.execute_wrapper(_killing_before(killed + 1)):
                teller.worker.work_until_idle()
            is_whole = True
        except _Killed:
            connection.close()  # as the dead worker's would be
            killed += 1
        teller.worker.work_until_idle()
        assert written[-1] >= frozenset({f"{killed - (not is_whole)}"})
        assert not DirtyKey.objects.exists()


@pytest.mark.slow
def test_workers_killed_at_random_lose_and_double_nothing(db: None) -> None:
    found = _campaign()
    assert found["rounds"] == FEW_ROUNDS
    assert (found["lost"], found["doubled"], found["wrong"]) == (0, 0, 0), found
    assert found["errands"] > FEW_ROUNDS


def _campaign() -> dict[str, Any]:
    if connection.vendor == "sqlite":
        return kill_workers(FEW_ROUNDS, 120)
    described = connection.settings_dict
    server = f"postgresql://{quote(described['USER'])}:{quote(described['PASSWORD'])}@"
    server += f"{quote(described['HOST'], safe='')}:{described['PORT']}"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(OTHER))
    with psycopg.connect(f"{server}/{described['NAME']}", autocommit=True) as administrator:
        administrator.execute(drop)
        administrator.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(OTHER)))
        try:
            return kill_workers(FEW_ROUNDS, 120, f"{server}/{OTHER}")
        finally:
            administrator.execute(drop)
