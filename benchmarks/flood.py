"""`flood`: what stations notice of a flood on the pages, and people of one on the API: each has processes of its own.

Through nginx as it is delivered, people ask for the form and stations send batches of fifty three times over: alone,
beside 400 requests a second for pages, and beside as many to the API, from 200 addresses each. Those who flood run on
the same machine and take their share of it.
"""

import time
from collections.abc import Sequence
from typing import Literal

from benchmarks.attackers import Attack
from benchmarks.figures import Figure, bound
from benchmarks.noticing import (
    SECONDS,
    STATIONS,
    Felt,
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

ROUNDS = 3
MOST_TIMES_SLOWER, MOST_REFUSED = 2.0, 0.0


def measure(place: Place) -> list[Figure]:
    """Return how much longer each side waits while the other is flooded, and what share of it is refused."""
    stations = [Desk(place.application, f"flooded-{number}") for number in range(STATIONS)]
    bodies = [bodies_of(station, ROUNDS) for station in stations]
    settle_database()
    with proxied(place.setting) as (_, port, _):
        each = len(bodies[0]) // ROUNDS
        rounds = [[own[number * each : (number + 1) * each] for own in bodies] for number in range(ROUNDS)]
        calm = felt_by(port, rounds[0])
        tell_of("alone", calm)
        check_calm(calm)
        beside_pages = _beside(port, "pages", rounds[1])
        beside_api = _beside(port, "api", rounds[2])
    slower_batches = p95(beside_pages.batches) / p95(calm.batches)
    slower_forms = p95(beside_api.forms) / p95(calm.forms)
    return [
        bound("flood.pages.batch", slower_batches, "times p95", MOST_TIMES_SLOWER),
        bound("flood.api.form", slower_forms, "times p95", MOST_TIMES_SLOWER),
        bound("flood.pages.batch.refused", beside_pages.refused_batches, "batches", MOST_REFUSED),
        bound("flood.api.form.refused", beside_api.refused_forms, "forms", MOST_REFUSED),
    ]


def _beside(port: int, floods: Literal["pages", "api"], bodies: Sequence[Sequence[bytes]]) -> Felt:
    with attacking(Attack(port, SECONDS + 5, floods)):
        time.sleep(2)
        felt = felt_by(port, bodies)
    tell_of(floods, felt)
    return felt
