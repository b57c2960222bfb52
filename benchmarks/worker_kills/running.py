"""The campaign as `./chotxanh faults worker` runs it: one JSON object of the same shape as every campaign's."""

import argparse
import time

import msgspec

from benchmarks.faults.run import Outcome
from benchmarks.product import Setting
from benchmarks.worker_kills import kill_workers

# Beside a worker's life, what a round costs at most: starting the next one on a busy machine.
START_SECONDS = 10


def run(options: argparse.Namespace, setting: Setting) -> int:
    """Kill workers in an empty database of the campaign's own; return 1 if anything was lost or doubled."""
    began = time.monotonic()
    database_url = setting.postgres.create_database("kills") if setting.postgres else None
    found = kill_workers(options.rounds, options.rounds * (options.seconds + START_SECONDS), database_url)
    lost, doubled = found["lost"] + found["wrong"], found["doubled"]
    outcome = Outcome(
        campaign=options.name,
        database="postgresql" if setting.postgres else "sqlite",
        rounds=found["rounds"],
        seconds=round(time.monotonic() - began, 1),
        acknowledged=found["errands"] + found["days"],
        lost=lost,
        doubled=doubled,
        interrupted=found["rounds"],
        restarts=found["rounds"],
    )
    print(msgspec.json.encode(outcome).decode())
    return 1 if lost or doubled else 0
