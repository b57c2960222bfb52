"""Feeds work, kills workers, lets the last one finish, and compares what was asked with what was recorded."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from benchmarks.worker_kills import ROOT
from benchmarks.worker_kills.models import Done, Drop, Level
from benchmarks.worker_kills.work import DAY, ERRAND, LEVEL, OUTSIDE
from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.retrying import in_one_transaction
from chotxanh.ledger.worker.days import ONE_DAY
from chotxanh.ledger.worker.dirt import append_dirt
from chotxanh.ledger.worker.errands import note_errands
from chotxanh.ledger.worker.models import DailyJob, DirtyKey, Errand

LEASE_SECONDS = 1.0
VESSELS = 7
DAYS_BEHIND = 7  # of more the calendar waits for a person
WORKERS = 2
FEED_PAUSE_SECONDS = 0.01
ERRANDS_AT_ONCE = 3  # more than are done meanwhile: a kill should hit work
LONGEST_LIFE_SECONDS = 1.5
MOST_WAITING = 300  # always something to hit, never more than the last worker can finish
LONGEST_ENDING_SECONDS = 300


@dataclass
class Campaign:
    """What was asked so far; `outside` is the file that effects outside leave a line in."""

    outside: Path
    asked: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    kills: int = 0

    def run(self, rounds: int, seconds: float) -> dict[str, Any]:
        """Kill `rounds` workers or as many as `seconds` allow; return what was found in the end."""
        began = time.monotonic()
        self.days = set(_put_days_behind())
        workers = [self._start() for _ in range(WORKERS)]
        while self.kills < rounds and time.monotonic() - began < seconds:
            _wait_until_it_works(workers[0])
            self._feed_for(random.uniform(0, LONGEST_LIFE_SECONDS))
            workers.append(self._start())
            _kill(workers.pop(0))
            self.kills += 1
        for worker in workers:
            _kill(worker)
        self._let_the_last_one_finish()
        return {"rounds": self.kills, **self.findings(), "seconds": round(time.monotonic() - began, 1)}

    def findings(self) -> dict[str, int]:
        """Compare what was asked with what was recorded."""
        done = Counter(Done._default_manager.values_list("name", "key"))
        wanted = {(ERRAND, key) for key in self.asked} | {(DAY, day) for day in self.days}
        outside = set(self.outside.read_text(encoding="ascii").split())
        sums = dict(Drop._default_manager.order_by().values_list("vessel").annotate(Sum("amount")))
        levels = dict(Level._default_manager.values_list("vessel", "total"))
        return {
            "errands": len(self.asked),
            "days": len(self.days),
            "sums": len(sums),
            "lost": len(wanted - set(done)) + sum(f"{ERRAND}/{key}" not in outside for key in self.asked),
            "doubled": sum(count - 1 for count in done.values()),
            "wrong": len(set(sums.items()) ^ set(levels.items())),
        }

    def _feed_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if Errand.objects.count() < MOST_WAITING:
                self._feed()
            time.sleep(FEED_PAUSE_SECONDS)

    def _feed(self) -> None:
        """Record facts with what they ask of the worker, in one transaction, as a batch of entries does."""
        now = timezone.now()
        keys = [f"{len(self.asked) + number:06d}" for number in range(ERRANDS_AT_ONCE)]
        vessel = f"vessel-{random.randrange(VESSELS)}"

        def record() -> None:
            Drop._default_manager.create(vessel=vessel, amount=random.randrange(100))
            append_dirt({(LEVEL, vessel)}, now)
            note_errands(dict.fromkeys(((ERRAND, key) for key in keys), now), is_rebuilding=False)

        in_one_transaction(record)
        self.asked.update(keys)

    def _start(self) -> "subprocess.Popen[bytes]":
        words = ["-m", "chotxanh.cli", "work", "--lease", str(LEASE_SECONDS)]
        return subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self._environment, stdout=subprocess.PIPE
        )

    def _let_the_last_one_finish(self) -> None:
        with self._working():
            until = time.monotonic() + LONGEST_ENDING_SECONDS
            while Errand.objects.exists() or DirtyKey.objects.exists():
                if time.monotonic() > until:
                    return  # what is left shows as lost
                time.sleep(FEED_PAUSE_SECONDS)

    @contextmanager
    def _working(self) -> Iterator[None]:
        with self._start() as worker:
            yield
            worker.terminate()

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, OUTSIDE: str(self.outside)}


def _put_days_behind() -> list[str]:
    """Let the daily job have stopped DAYS_BEHIND days ago; return the days to be caught up."""
    today: date = timezone.now().astimezone(VIETNAM).date()
    DailyJob.objects.create(name=DAY, last_day=today - timedelta(days=DAYS_BEHIND))
    return [(today - ONE_DAY * number).isoformat() for number in range(DAYS_BEHIND)]


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    with worker:
        worker.send_signal(signal.SIGKILL)


def _wait_until_it_works(worker: "subprocess.Popen[bytes]") -> None:
    """Wait for the line that a worker says when it begins."""
    if worker.stdout is None or not worker.stdout.readline():
        raise RuntimeError(f"the worker ended by itself with status {worker.wait()}")
