"""Runs one campaign: traffic, a fault in each round, and the count of what was lost or doubled."""

import argparse
import pkgutil
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from django.db import connections
from django.utils import timezone

from benchmarks.checking import Findings
from benchmarks.faults.catalogue import place_of
from benchmarks.faults.counting import Claims, count_losses
from benchmarks.faults.stage import Stage, staged
from benchmarks.faults.strikes import Strike
from benchmarks.faults.traffic import PLACE, Citizens, Lane, Line
from benchmarks.product import Setting
from benchmarks.progress import Bar, tell
from chotxanh.domain.tubes import tube_key
from chotxanh.registers.devices.enrolment import new_enrolment_code

LANES = 3
MOST_TOLD = 20


@dataclass(frozen=True)
class Outcome:
    """The JSON object at the end. `acknowledged` counts entries and forms, `interrupted` requests sent again."""

    campaign: str
    database: str
    rounds: int
    seconds: float
    acknowledged: int
    lost: int
    doubled: int
    interrupted: int
    restarts: int


@dataclass
class Traffic:
    """Everyone who goes on while things break."""

    line: Line
    lanes: list[Lane]
    citizens: Citizens

    @property
    def acknowledged(self) -> int:
        """How much the server has acknowledged so far."""
        entries = sum(len(lane.station.written) - len(lane.station.outbox) for lane in self.lanes)
        return entries + len(self.citizens.secrets)

    @property
    def claims(self) -> Claims:
        """What must be in the database once everything is acknowledged."""
        pools = {
            tube_key(PLACE.facility, barcode): pool
            for lane in self.lanes
            for barcode, pool in lane.tubes.items()
        }
        codes = [code for lane in self.lanes for code in lane.codes]
        return Claims([lane.station for lane in self.lanes], codes, pools, self.citizens.secrets)


def run(options: argparse.Namespace, setting: Setting) -> int:
    """Run the campaign named, print the outcome, and return 1 if anything was lost or doubled."""
    campaign: type[Strike] = pkgutil.resolve_name(place_of(options.name))
    began = time.monotonic()
    with staged(setting) as stage:
        traffic = _traffic(stage, campaign.lost_answers)
        with _flowing(traffic):
            _strike_in_rounds(campaign(stage, random.Random(options.seed)), options, traffic)
        for lane in traffic.lanes:
            lane.finish()
        traffic.citizens.finish()
        findings = _count(traffic)
    outcome = Outcome(
        options.name,
        "postgresql" if setting.postgres else "sqlite",
        options.rounds,
        round(time.monotonic() - began, 1),
        traffic.acknowledged,
        len(findings.lost),
        len(findings.duplicated),
        traffic.line.interrupted,
        stage.restarts,
    )
    print(msgspec.json.encode(outcome).decode())
    return 1 if findings.lost or findings.duplicated else 0


def _traffic(stage: Stage, lost_answers: float) -> Traffic:
    line = Line(stage.port, stage.station_port, lost_answers)
    now = timezone.now()
    codes = [new_enrolment_code(None, "faults", now) for _ in range(LANES)]
    lanes = [Lane(line, number, code) for number, code in enumerate(codes)]
    _forget_connections()
    return Traffic(line, lanes, Citizens(line))


@contextmanager
def _flowing(traffic: Traffic) -> Iterator[None]:
    """Let everyone work while the block runs; what stopped one of them is raised at its end."""
    works: list[Callable[[], None]] = [*(lane.work for lane in traffic.lanes), traffic.citizens.work]
    with ThreadPoolExecutor(len(works)) as threads:
        working: list[Future[None]] = [threads.submit(work) for work in works]
        try:
            yield
        finally:
            traffic.line.ended.set()
    for each in working:
        each.result()


def _strike_in_rounds(strike: Strike, options: argparse.Namespace, traffic: Traffic) -> None:
    """Let the traffic flow for a round's seconds, and strike at a random moment of them."""
    pause = threading.Event()
    with Bar(options.name, options.rounds) as bar:
        for number in range(options.rounds):
            before = strike.draw.uniform(0.2, 0.8) * options.seconds
            pause.wait(before)
            strike.strike()
            pause.wait(options.seconds - before)
            bar.advance()
            if not bar.is_terminal:
                tell(f"  round {number + 1}: {traffic.acknowledged} acknowledged")


def _count(traffic: Traffic) -> Findings:
    _forget_connections()
    findings = count_losses(traffic.claims)
    for sentence in [*findings.lost, *findings.duplicated][:MOST_TOLD]:
        tell(f"  ! {sentence}")
    return findings


def _forget_connections() -> None:
    """Close this process's connections: their server may be killed before they are needed again."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
