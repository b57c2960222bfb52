"""`attack`: what people and stations notice of an attack, and what it leaves on the machine; the throttle's cost.

In front stands nginx as it is delivered. Twice, for as long, people ask for the form and stations send batches of
fifty: first alone, then under 1,000 connections that stall, 50 pictures a second from 200 addresses, 200 entries a
second that nobody signed and 20 sign-ins a second with wrong passwords. Then the attack goes on alone, and what it
leaves on the disk is counted. The attackers run on the same machine and take their share of it.
"""

import contextlib
import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

import msgspec
from django.db import connection
from django.utils import timezone

from benchmarks.askers import Answered, Request, Task
from benchmarks.attackers import Attack
from benchmarks.connection import Connection
from benchmarks.figures import Figure, bound
from benchmarks.operating import Desk, batches, settle_database
from benchmarks.people import ENTRIES_OF_ONE
from benchmarks.place import Place
from benchmarks.processes import megabytes
from benchmarks.product import Serving, serving
from benchmarks.progress import tell
from benchmarks.station import ENTRIES_PATH, ProtocolBroken, batch_of
from chotxanh.beside.limits import OWN_PAGES
from chotxanh.beside.networks import Network
from chotxanh.beside.throttle import take_ahead
from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.ports import free_port
from chotxanh.cli.proxy import Ports, in_front
from chotxanh.people.queries import owner_of_page_ahead
from chotxanh.storage.prepared import sending_together

SECONDS, ALONE_SECONDS = 20.0, 20.0
FORMS_A_SECOND, ASKERS = 20, 16
STATIONS, BATCH = 4, 50
MOST_TIMES_SLOWER, MOST_MEGABYTES, MOST_MEGABYTES_A_MINUTE, MOST_THROTTLE_V = 3.0, 700.0, 1.0, 2.0
MOST_REFUSED = 0.01
P95 = 0.95
SEED = 29
TAKES, TAKE_ROUNDS = 200, 12
MEGABYTE = 1024 * 1024


@dataclass
class Felt:
    """What people and stations waited for what they asked, in milliseconds, and how many did not get it."""

    forms: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    refused: int = 0

    def take_forms(self, answered: Sequence[Answered]) -> None:
        """Count forms in; a refusal comes quickly and is no form."""
        self.forms.extend(form.milliseconds for form in answered if not form.fault)
        self.refused += sum(bool(form.fault) for form in answered)

    def take_batch(self, milliseconds: float, status: int) -> None:
        """Count a batch in, alike."""
        if status == HTTPStatus.OK:
            self.batches.append(milliseconds)
        else:
            self.refused += 1

    @property
    def refused_share(self) -> float:
        """The share of forms and batches that were refused."""
        return self.refused / (len(self.forms) + len(self.batches) + self.refused)


def measure(place: Place) -> list[Figure]:
    """Return how much longer people and stations wait, who is refused, memory, disk, and the throttle's cost."""
    stations = [Desk(place.application, f"attacked-{number}") for number in range(STATIONS)]
    bodies = [_bodies(station, rounds=2) for station in stations]
    settle_database()
    setting = replace(place.setting, environment={**place.setting.environment, "CHOTXANH_PROXIES": "1"})
    with serving(setting) as served, _proxied(served) as (port, folder):
        half = len(bodies[0]) // 2
        calm = _felt(port, [each[:half] for each in bodies])
        _tell("alone", calm)
        _check_calm(calm)
        memory = _Memory((*served.pids, place.worker.pid))
        with _attacked(port, SECONDS + 5), memory.watched():
            time.sleep(2)
            attacked = _felt(port, [each[half:] for each in bodies])
        _tell("attacked", attacked)
        grown = _grown(place.setting.environment, folder, port)
    return [
        bound("attack.form", _p95(attacked.forms) / _p95(calm.forms), "times p95", MOST_TIMES_SLOWER),
        bound("attack.batch", _p95(attacked.batches) / _p95(calm.batches), "times p95", MOST_TIMES_SLOWER),
        bound("attack.refused", attacked.refused_share, "of all", MOST_REFUSED),
        bound("attack.memory", memory.most, "MB", MOST_MEGABYTES),
        bound("attack.disk", grown, "MB a minute", MOST_MEGABYTES_A_MINUTE),
        bound("attack.throttle", _throttle_cost(place), "v", MOST_THROTTLE_V),
    ]


@contextlib.contextmanager
def _proxied(served: Serving) -> Iterator[tuple[int, Path]]:
    with tempfile.TemporaryDirectory(prefix="chotxanh-nginx-") as name:
        ports = Ports(free_port(), free_port(), served.port, served.station_port)
        with in_front(Path(name), ports):
            yield ports.front, Path(name)


def _bodies(station: Desk, rounds: int) -> list[bytes]:
    entries, _ = station.declarations(round(SECONDS) * rounds * BATCH // ENTRIES_OF_ONE)
    return [batch_of(batch) for batch in batches(entries, BATCH)]


def _felt(port: int, bodies: Sequence[Sequence[bytes]]) -> Felt:
    """Let people ask in a process of their own while stations send a batch a second each."""
    felt = Felt()
    asking = subprocess.Popen(
        python("-m", "benchmarks.askers"), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with asking, ThreadPoolExecutor(STATIONS) as threads:
        began = time.perf_counter()
        working = [
            threads.submit(_send, port, own, began + number / STATIONS, felt)
            for number, own in enumerate(bodies)
        ]
        answered, _ = asking.communicate(msgspec.json.encode(Task(port, ASKERS, _forms())))
        for each in working:
            each.result()
    felt.take_forms(msgspec.json.decode(answered, type=list[Answered]))
    return felt


def _forms() -> list[Request]:
    draw, at, planned = random.Random(SEED), 0.0, list[Request]()
    while at < SECONDS:
        at += draw.expovariate(FORMS_A_SECOND)
        planned.append(Request(at, "form", f"/declare/attacked-{len(planned)}"))
    return planned


def _send(port: int, bodies: Sequence[bytes], begins: float, felt: Felt) -> None:
    line = Connection(port)
    for second, body in enumerate(bodies):
        time.sleep(max(0.0, begins + second - time.perf_counter()))
        began = time.perf_counter()
        status = line.post(ENTRIES_PATH, body).status
        felt.take_batch((time.perf_counter() - began) * 1000, status)
    line.close()


@contextlib.contextmanager
def _attacked(port: int, seconds: float) -> Iterator[None]:
    """Attack while the block runs, in a process of its own; tells what strangers were answered."""
    attacking = subprocess.Popen(
        python("-m", "benchmarks.attackers"), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with attacking, ThreadPoolExecutor(1) as reading:
        answers = reading.submit(attacking.communicate, msgspec.json.encode(Attack(port, seconds)))
        yield
        said, _ = answers.result()
    for name, counted in msgspec.json.decode(said, type=dict[str, dict[str, int]]).items():
        tell(f"  {name:<10} {'  '.join(f'{status}: {count}' for status, count in sorted(counted.items()))}")


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
    with _attacked(port, ALONE_SECONDS):
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


def _tell(name: str, felt: Felt) -> None:
    tell(
        f"  {name:<10} p95 of {len(felt.forms)} forms {_p95(felt.forms):.0f} ms, of {len(felt.batches)} batches "
        f"{_p95(felt.batches):.0f} ms; {felt.refused} refused"
    )


def _check_calm(felt: Felt) -> None:
    """What the attack is held against must be whole. Raises ProtocolBroken."""
    if felt.refused:
        raise ProtocolBroken(f"{felt.refused} forms and batches were refused without an attack")


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * P95))]
