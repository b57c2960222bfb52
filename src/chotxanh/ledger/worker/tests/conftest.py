"""A registry of the tests' own, and a worker whose clock the test moves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import connection

from chotxanh.ledger.worker import registry
from chotxanh.ledger.worker.errands import note_errands
from chotxanh.ledger.worker.loop import Worker
from chotxanh.ledger.worker.registry import Outcome, Task
from tests.cast import EVENING

ERRAND = "tell"


def elsewhere(act: Callable[[], None]) -> None:
    """Act over a connection of its own, as another process would."""

    def act_and_hang_up() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(act_and_hang_up).result()


@dataclass
class Teller:
    """An errand that is told what to meet, and remembers what it did. `now` is the worker's time (UTC)."""

    now: datetime = EVENING
    told: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    again_after: timedelta | None = None

    def run(self, task: Task, now: datetime) -> Outcome:
        """Tell outside, unless it has to fail first."""
        if self.failures:
            raise self.failures.pop(0)
        self.told.append(task.idempotency_key)
        again_at = now + self.again_after if self.again_after else None
        return Outcome(lambda: self.written.append(task.key), again_at)

    def ask(self, *keys: str, is_rebuilding: bool = False) -> None:
        """Decide that something must be told, as recording does."""
        note_errands(dict.fromkeys(((ERRAND, key) for key in keys), self.now), is_rebuilding=is_rebuilding)

    @property
    def worker(self) -> Worker:
        """A worker that lives in the teller's time."""
        return Worker(lambda: self.now)


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no feature's work run beside the test's."""
    for name in ("_errands", "_dailies", "_levels"):
        monkeypatch.setattr(registry, name, {})


@pytest.fixture
def teller(db: None, own_registry: None) -> Teller:
    """The one errand of the test."""
    teller = Teller()
    registry.errand(ERRAND, teller.run)
    return teller


@pytest.fixture
def on_sqlite(db: None) -> None:
    """Only where there is one writer."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has as many writers as it likes")
