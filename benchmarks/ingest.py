"""`ledger.ingest`: new people over HTTP beside the same rows written by bare INSERTs, in alternating rounds.

Each side counts with its fastest round: what else runs on the machine is no property of either.
"""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.utils import timezone

from benchmarks.bare_inserts import BareDatabase
from benchmarks.connection import Connection
from benchmarks.figures import Figure, in_verifies
from benchmarks.people import ENTRIES_OF_ONE, person_of, write_new_person
from benchmarks.place import Place
from benchmarks.processes import cpu_seconds
from benchmarks.progress import tell
from benchmarks.station import ENTRIES_PATH, ProtocolBroken, Station, Written, batch_of
from benchmarks.verifying import Rounds
from chotxanh.declarations.models import Declaration
from chotxanh.people.models import Registration
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.site.scenario import ACCOUNTS

CLIENTS, BATCH, ROUNDS, BATCHES_EACH = 4, 50, 5, 20
A_ROUND = CLIENTS * BATCHES_EACH * BATCH
WARM_UP_BATCHES = 2
LEAST_RATIO, MOST_CPU_V = 0.15, 6.5
ACCOUNT, CHECKPOINT = "truongca", "ql51-xe-tai"
SEED = 7
HOUR_MS = 3_600_000


def measure(place: Place) -> list[Figure]:
    """Return the entries a second and the CPU of one, with the server and the database together."""
    assert place.setting.postgres is not None
    stations = [_station(place.serving.station_port, client) for client in range(CLIENTS)]
    per_station = (ROUNDS * BATCHES_EACH + WARM_UP_BATCHES) * BATCH
    tell(f"  signing {CLIENTS * per_station} entries")
    written = [
        _people(station, client, per_station // ENTRIES_OF_ONE) for client, station in enumerate(stations)
    ]
    bare = BareDatabase(place.setting.postgres, CLIENTS)
    _send_all(place.serving.station_port, [each[: WARM_UP_BATCHES * BATCH] for each in written])
    cpu = Rounds(place.calibrator)
    product_seconds, bare_seconds = [], []
    for number in range(ROUNDS):
        begin = (WARM_UP_BATCHES + number * BATCHES_EACH) * BATCH
        parts = [each[begin : begin + BATCHES_EACH * BATCH] for each in written]
        used = cpu_seconds(*place.roots)
        product_seconds.append(_send_all(place.serving.station_port, parts))
        cpu.add((cpu_seconds(*place.roots) - used) / A_ROUND)
        bare_seconds.append(bare.write([_batches(part) for part in parts]))
    bare.close()
    value, limit = A_ROUND / min(product_seconds), A_ROUND / min(bare_seconds)
    spread = statistics.median(product_seconds) / min(product_seconds) - 1
    return [
        Figure("ledger.ingest", value, "entries/s", limit, LEAST_RATIO, is_most=False, spread=spread),
        in_verifies("ledger.ingest.cpu", cpu, MOST_CPU_V),
    ]


def _station(port: int, number: int) -> Station:
    connection = Connection(port)
    station = Station(f"ingest-{number}", time.time_ns() // 1_000_000 - HOUR_MS, SEED)
    station.enrol(connection, new_enrolment_code(None, station.name, timezone.now()))
    password = next(account.password for account in ACCOUNTS if account.username == ACCOUNT)
    station.sign_in(connection, ACCOUNT, password)
    station.measure_clock(connection)
    station.start_shift(CHECKPOINT)
    station.deliver(connection, station.take_unsent())
    connection.close()
    return station


def _people(station: Station, client: int, count: int) -> list[Written]:
    for number in range(count):
        person = person_of(SEED, client * 1_000_000 + number, CLIENTS * count)
        write_new_person(station, person, 1000 + number)
    return station.take_unsent()


def _send_all(port: int, parts: Sequence[Sequence[Written]]) -> float:
    """Send each client's part in batches, one after the other, all clients at once; return the seconds."""
    bodies = [[batch_of(part[n : n + BATCH]) for n in range(0, len(part), BATCH)] for part in parts]
    before = _recorded()
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda own: _send(port, own), bodies))
    seconds = time.perf_counter() - began
    if _recorded() - before != sum(map(len, parts)):
        raise ProtocolBroken("not every entry can be queried after its answer")
    return seconds


def _recorded() -> int:
    """How many people and journeys can be queried."""
    return Registration.objects.count() + Declaration.objects.count()


def _send(port: int, bodies: Sequence[bytes]) -> None:
    connection = Connection(port)
    for body in bodies:
        reply = connection.post(ENTRIES_PATH, body)
        if reply.status != 200 or reply.body.count(b'\\"applied\\"') != BATCH:
            raise ProtocolBroken(f"{reply.status} {reply.body[:300].decode(errors='replace')}")
    connection.close()


def _batches(part: Sequence[Written]) -> list[list[UUID]]:
    return [[UUID(each.id) for each in part[n : n + BATCH]] for n in range(0, len(part), BATCH)]
