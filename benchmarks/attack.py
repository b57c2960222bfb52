"""`attack`: what people and stations notice of an attack, and what it leaves on the machine; the throttle's cost.

In front stands nginx as it is delivered. Twice, for as long, people ask for the form and stations send batches of
fifty: first alone, then under 1,000 connections that stall, 50 pictures a second from 200 addresses, 200 entries a
second that nobody signed and 20 sign-ins a second with wrong passwords. Then the attack goes on alone, and what it
leaves on the disk is counted. The attackers run on the same machine and take their share of it.
"""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils import timezone

from benchmarks.attackers import Attack
from benchmarks.figures import Figure, bound
from benchmarks.noticing import (
    SECONDS,
    STATIONS,
    attacking,
    bodies_of,
    check_calm,
    felt_by,
    p95,
    proxied,
    tell_of,
)
from benchmarks.operating import Desk, settle_database
from benchmarks.place import Place
from benchmarks.processes import megabytes
from chotxanh.beside.limits import OWN_PAGES
from chotxanh.beside.networks import Network
from chotxanh.beside.throttle import take_ahead
from chotxanh.people.queries import owner_of_page_ahead
from chotxanh.storage.prepared import sending_together

ALONE_SECONDS = 20.0
MOST_TIMES_SLOWER, MOST_MEGABYTES, MOST_MEGABYTES_A_MINUTE, MOST_THROTTLE_V = 3.0, 700.0, 1.0, 2.0
MOST_REFUSED = 0.01
TAKES, TAKE_ROUNDS = 200, 12
MEGABYTE = 1024 * 1024


def measure(place: Place) -> list[Figure]:
    """Return how much longer people and stations wait, who is refused, memory, disk, and the throttle's cost."""
    stations = [Desk(place.application, f"attacked-{number}") for number in range(STATIONS)]
    bodies = [bodies_of(station, rounds=2) for station in stations]
    settle_database()
    processes = [place.worker.pid]  # it works beside the calm as well
    with proxied(place.setting) as (served, port, folder):
        processes += served.pids
        half = len(bodies[0]) // 2
        calm = felt_by(port, [each[:half] for each in bodies])
        tell_of("alone", calm)
        check_calm(calm)
        memory = _Memory(processes)
        with attacking(Attack(port, SECONDS + 5)), memory.watched():
            time.sleep(2)
            attacked = felt_by(port, [each[half:] for each in bodies])
        tell_of("attacked", attacked)
        grown = _grown(place.setting.environment, folder, port)
    return [
        bound("attack.form", p95(attacked.forms) / p95(calm.forms), "times p95", MOST_TIMES_SLOWER),
        bound("attack.batch", p95(attacked.batches) / p95(calm.batches), "times p95", MOST_TIMES_SLOWER),
        bound("attack.refused", attacked.refused_share, "of all", MOST_REFUSED),
        bound("attack.memory", memory.most, "MB", MOST_MEGABYTES),
        bound("attack.disk", grown, "MB a minute", MOST_MEGABYTES_A_MINUTE),
        bound("attack.throttle", _throttle_cost(place), "v", MOST_THROTTLE_V),
    ]


class _Memory:
    """The most that these processes and their children took together, looked at twice a second."""

    def __init__(self, processes: Sequence[int]) -> None:
        self._processes = processes
        self.most = 0.0

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.5):
                self.most = max(self.most, sum(map(megabytes, self._processes)))

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            yield
        finally:
            over.set()
            watching.join()


def _grown(environment: Mapping[str, str], folder: Path, port: int) -> float:
    """Return by how many megabytes a minute database, home and nginx's folder grow under an attack alone."""
    home = Path(environment["CHOTXANH_HOME"])
    before, began = _on_disk(home, folder), time.monotonic()
    with attacking(Attack(port, ALONE_SECONDS)):
        pass
    minutes = (time.monotonic() - began) / 60
    return max(0, _on_disk(home, folder) - before) / MEGABYTE / minutes


def _on_disk(*folders: Path) -> int:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_database_size(current_database())")
        database = int(cursor.fetchone()[0])
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    return database + sum(file.stat().st_size for file in files)


def _throttle_cost(place: Place) -> float:
    """Return what the throttle adds to a question for the owner of a page, in v: the fastest round of each."""
    network, now = Network("198.51.100.0/24"), timezone.now()
    free, limited = [], []
    for _ in range(TAKE_ROUNDS):
        free.append(_asking_cost(place, network, now, is_limited=False))
        limited.append(_asking_cost(place, network, now, is_limited=True))
        place.calibrator.measure()
    return (min(limited) - min(free)) / TAKES / place.calibrator.seconds


def _asking_cost(place: Place, network: Network, now: datetime, *, is_limited: bool) -> float:
    def ask() -> None:
        for _ in range(TAKES):
            with sending_together():
                taken = take_ahead(OWN_PAGES, network, now) if is_limited else None
                owner_of_page_ahead("a-secret-that-leads-nowhere")()
                if taken is not None:
                    taken()

    return place.application.cost_of_work(ask)
