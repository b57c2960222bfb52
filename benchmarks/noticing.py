"""What people and stations notice while something else goes on: they ask through nginx as it is delivered."""

import contextlib
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path

import msgspec

from benchmarks.askers import Answered, Request, Task
from benchmarks.attackers import Attack
from benchmarks.connection import Connection
from benchmarks.operating import Desk, batches
from benchmarks.people import ENTRIES_OF_ONE
from benchmarks.product import Serving, Setting, serving
from benchmarks.progress import tell
from benchmarks.station import ENTRIES_PATH, ProtocolBroken, batch_of
from chotxanh.cli.paths import ROOT, python
from chotxanh.cli.ports import free_port
from chotxanh.cli.proxy import Ports, in_front

SECONDS = 20.0
FORMS_A_SECOND, ASKERS = 20, 16
STATIONS, BATCH = 4, 50
P95 = 0.95
SEED = 29


@dataclass
class Felt:
    """What people and stations waited for what they asked, in milliseconds, and how many did not get it."""

    forms: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    refused_forms: int = 0
    refused_batches: int = 0

    def take_forms(self, answered: Sequence[Answered]) -> None:
        """Count forms in; a refusal comes quickly and is no form."""
        self.forms.extend(form.milliseconds for form in answered if not form.fault)
        self.refused_forms += sum(bool(form.fault) for form in answered)

    def take_batch(self, milliseconds: float, status: int) -> None:
        """Count a batch in, alike."""
        if status == HTTPStatus.OK:
            self.batches.append(milliseconds)
        else:
            self.refused_batches += 1

    @property
    def refused(self) -> int:
        """How many of both were refused."""
        return self.refused_forms + self.refused_batches

    @property
    def refused_share(self) -> float:
        """The share of forms and batches that were refused."""
        return self.refused / (len(self.forms) + len(self.batches) + self.refused)


@contextlib.contextmanager
def proxied(setting: Setting) -> Iterator[tuple[Serving, int, Path]]:
    """Serve the product behind nginx; give it, nginx's port and its folder."""
    environment = {**setting.environment, "CHOTXANH_PROXIES": "1"}
    with serving(replace(setting, environment=environment)) as served, _fronted(served) as (port, folder):
        yield served, port, folder


@contextlib.contextmanager
def _fronted(served: Serving) -> Iterator[tuple[int, Path]]:
    with tempfile.TemporaryDirectory(prefix="chotxanh-nginx-") as name:
        ports = Ports(free_port(), free_port(), served.port, served.station_port)
        with in_front(Path(name), ports):
            yield ports.front, Path(name)


def bodies_of(station: Desk, rounds: int) -> list[bytes]:
    """Return the batches that a station sends in so many rounds, one a second."""
    entries, _ = station.declarations(round(SECONDS) * rounds * BATCH // ENTRIES_OF_ONE)
    return [batch_of(batch) for batch in batches(entries, BATCH)]


def felt_by(port: int, bodies: Sequence[Sequence[bytes]]) -> Felt:
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
def attacking(attack: Attack) -> Iterator[None]:
    """Attack while the block runs, in a process of its own; tells what strangers were answered."""
    attacker = subprocess.Popen(
        python("-m", "benchmarks.attackers"), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with attacker, ThreadPoolExecutor(1) as reading:
        answers = reading.submit(attacker.communicate, msgspec.json.encode(attack))
        yield
        said, _ = answers.result()
    for name, counted in msgspec.json.decode(said, type=dict[str, dict[str, int]]).items():
        tell(f"  {name:<10} {'  '.join(f'{status}: {count}' for status, count in sorted(counted.items()))}")


def tell_of(name: str, felt: Felt) -> None:
    """Say what was felt."""
    tell(
        f"  {name:<10} p95 of {len(felt.forms)} forms {p95(felt.forms):.0f} ms, of {len(felt.batches)} batches "
        f"{p95(felt.batches):.0f} ms; {felt.refused} refused"
    )


def check_calm(felt: Felt) -> None:
    """See that nobody was refused: what an attack is held against must be whole. Raises ProtocolBroken."""
    if felt.refused:
        raise ProtocolBroken(f"{felt.refused} forms and batches were refused without an attack")


def p95(values: Sequence[float]) -> float:
    """Return the value that a twentieth of them exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * P95))]
