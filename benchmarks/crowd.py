"""`pages`: a hundred pages a second beside eight stations that record and poll.

The pages come at their moments whatever the server does (an open loop), as people do: 60 % own pages, 20 % forms, 10 %
forms sent, 10 % checks of a certificate. Every answer is looked at: a form that is sent must lead to its person's page,
a certificate that holds must be called valid. Latency counts from the moment a page was due. Each station sends a batch
of fifty entries of declarations a second and polls the feed every four seconds, each at a moment of its own.
"""

import random
import subprocess
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

import msgspec
from django.utils import timezone
from msgspec.structs import replace

from benchmarks.askers import Answered, Request, Task
from benchmarks.connection import Connection
from benchmarks.figures import Figure, bound
from benchmarks.operating import PLACE, Desk, batches, certificate_of, settle_database
from benchmarks.people import ENTRIES_OF_ONE, declaration_form, person_of
from benchmarks.place import Place
from benchmarks.processes import cpu_seconds
from benchmarks.progress import tell
from benchmarks.station import ENTRIES_PATH, ProtocolBroken, batch_of, read_feed_page
from chotxanh.cli.paths import ROOT, python
from chotxanh.language.texts import text
from chotxanh.ledger.worker.loop import Worker

LASTS_SECONDS, WARM_UP_SECONDS = 24.0, 4.0
CALIBRATIONS = 50
PAGES_A_SECOND = 100
SHARES = {"own page": 60, "form": 20, "form sent": 10, "verify": 10}
READERS, IN_A_TUBE = 1_000, 8
STATIONS, BATCH, POLL_EVERY_SECONDS = 8, 50, 4
ASKERS = 32
SEED = 23
MOST_V = 1_000.0
OWN_PAGE = "own page"
PAPERS = 250


@dataclass
class Busy:
    """What the stations' requests took, in milliseconds, and how many were refused."""

    batches: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    refused: int = 0


def measure(place: Place) -> list[Figure]:
    """Return how long 95 of 100 people wait at most for their own page, in v."""
    readers = Desk(place.application, "readers")
    codes = readers.tested_people(READERS, IN_A_TUBE)
    stations = [Desk(place.application, f"crowd-{number}") for number in range(STATIONS)]
    tell(f"  signing {STATIONS * round(LASTS_SECONDS) * BATCH} entries")
    bodies = [_bodies(station) for station in stations]
    Worker(timezone.now).work_until_idle()
    settle_database()
    crowd = Crowd(list(readers.secrets.values()), [certificate_of(code) for code in codes[:PAPERS]])
    task = Task(place.serving.port, ASKERS, crowd.requests())
    counted = (*place.roots, place.worker.pid)
    used, began = cpu_seconds(*counted), time.monotonic()
    busy, latencies = _together(place, stations, bodies, task)
    cores = (cpu_seconds(*counted) - used) / (time.monotonic() - began)
    _tell(latencies, busy, cores)
    for _ in range(CALIBRATIONS):
        place.calibrator.measure()
    p95 = _part(latencies[OWN_PAGE], 0.95) / 1000
    return [bound("pages", p95 / place.calibrator.seconds, "v, p95", MOST_V)]


def _bodies(station: Desk) -> list[bytes]:
    entries, _ = station.declarations(round(LASTS_SECONDS) * BATCH // ENTRIES_OF_ONE)
    return [batch_of(batch) for batch in batches(entries, BATCH)]


@dataclass(frozen=True)
class Crowd:
    """Who asks: people with a page of their own, by its secret, and guards with certificates that hold."""

    secrets: Sequence[str]
    certificates: Sequence[str]

    def requests(self) -> list[Request]:
        """Plan who asks for what, and when; what belongs to the warm-up has no name and is not counted."""
        draw = random.Random(SEED)
        planned: list[Request] = []
        at = 0.0
        while at < LASTS_SECONDS:
            at += draw.expovariate(PAGES_A_SECOND)
            name = draw.choices(list(SHARES), list(SHARES.values()))[0]
            counted = name if at > WARM_UP_SECONDS else ""
            planned.append(self._request(name, len(planned), Request(at, counted, "")))
        return planned

    def _request(self, name: str, number: int, request: Request) -> Request:
        if name == OWN_PAGE:
            return replace(request, path=f"/p/{self.secrets[number % len(self.secrets)]}")
        if name == "form":
            return replace(request, path=f"/declare/crowd-form-{number}")
        if name == "verify":
            body = urlencode({"text": self.certificates[number % len(self.certificates)]})
            return replace(
                request, path="/verify", body=body, words=f'<p class="word">{text("verify.valid")}'
            )
        person = person_of(SEED, number, 1000)
        body = urlencode(declaration_form(person, f"crowd-{number}"))
        return replace(request, path="/declare", body=body, leads_to="/p/")


def _together(
    place: Place, stations: Sequence[Desk], bodies: Sequence[Sequence[bytes]], task: Task
) -> tuple[Busy, dict[str, list[float]]]:
    """Let people ask in a process of their own while the stations work in threads of this one."""
    busy = Busy()
    asking = subprocess.Popen(
        python("-m", "benchmarks.askers"), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with asking, ThreadPoolExecutor(STATIONS) as threads:
        began = time.perf_counter()
        working = [
            threads.submit(_work, place.serving.station_port, station, own, began + number / STATIONS, busy)
            for number, (station, own) in enumerate(zip(stations, bodies, strict=True))
        ]
        answered, _ = asking.communicate(msgspec.json.encode(task))
        for each in working:
            each.result()
    latencies: dict[str, list[float]] = defaultdict(list)
    for page in msgspec.json.decode(answered, type=list[Answered]):
        if page.fault:
            raise ProtocolBroken(f"a page ({page.name or 'while warming up'}) was wrong: {page.fault}")
        latencies[page.name].append(page.milliseconds)
    return busy, latencies


def _work(port: int, station: Desk, bodies: Sequence[bytes], begins: float, busy: Busy) -> None:
    """Send a batch a second and poll every few, at this station's own moments."""
    connection, cursor = Connection(port), ""
    for second, body in enumerate(bodies):
        time.sleep(max(0.0, begins + second - time.perf_counter()))
        began = time.perf_counter()
        busy.refused += connection.post(ENTRIES_PATH, body).status != HTTPStatus.OK
        busy.batches.append((time.perf_counter() - began) * 1000)
        if second % POLL_EVERY_SECONDS == 0:
            began = time.perf_counter()
            cursor = read_feed_page(connection, station.station, cursor, PLACE.site)["cursor"]
            busy.polls.append((time.perf_counter() - began) * 1000)
    connection.close()


def _tell(latencies: dict[str, list[float]], busy: Busy, cores: float) -> None:
    rows = {
        **{name: latencies[name] for name in SHARES},
        "batch of 50": busy.batches,
        "feed poll": busy.polls,
    }
    for name, values in rows.items():
        parts = "  ".join(f"p{part:.0%}"[:-1] + f" {_part(values, part):7.1f}" for part in (0.5, 0.95, 0.99))
        tell(f"  {name:<14}{len(values):>6} times  {parts} ms")
    tell(f"  {busy.refused} batches refused; server, worker and database used {cores:.2f} cores")


def _part(values: Sequence[float], part: float) -> float:
    """Return below which value this part of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
