"""What the campaign's workers do: an errand with an effect outside, a day, a sum."""

import os
import random
import time
from datetime import date, datetime
from pathlib import Path

from django.db.models import Sum

from benchmarks.worker_kills.models import Done, Drop, Level
from chotxanh.ledger.worker.registry import Outcome, Task, daily, deferred, errand

ERRAND, DAY, LEVEL = "kills.errand", "kills.day", "kills.level"
OUTSIDE = "CAMPAIGN_OUTSIDE"
LONGEST_STEP_SECONDS = 0.004


def register_work() -> None:
    """Declare the campaign's work."""
    errand(ERRAND, run_errand)
    daily(DAY, 0, run_day)
    deferred(LEVEL, compute_levels, write_levels)


def run_errand(task: Task, _now: datetime) -> Outcome:
    """Have an effect outside that carries the idempotency key, then record it."""
    with Path(os.environ[OUTSIDE]).open("a", encoding="ascii") as outside:
        outside.write(f"{task.idempotency_key}\n")
    _linger()
    return Outcome(write=lambda: _record(task.name, task.key))


def run_day(day: date, _now: datetime) -> Outcome:
    """Record that the day's job was done."""
    _linger()
    return Outcome(write=lambda: _record(DAY, day.isoformat()))


def compute_levels(vessels: frozenset[str]) -> dict[str, int]:
    """Add up each vessel's drops."""
    found = Drop._default_manager.filter(vessel__in=vessels).values_list("vessel").annotate(Sum("amount"))
    _linger()
    return dict(found.order_by())


def write_levels(totals: dict[str, int]) -> None:
    """Write the sums."""
    _linger()
    for vessel, total in totals.items():
        Level._default_manager.update_or_create(vessel=vessel, defaults={"total": total})


def _record(name: str, key: str) -> None:
    Done._default_manager.create(name=name, key=key)
    _linger()


def _linger() -> None:
    """Widen the moments in which a kill can hit."""
    time.sleep(random.random() * LONGEST_STEP_SECONDS)
