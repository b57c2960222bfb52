"""Runs one campaign: traffic, a fault in each round, and the count of what was lost or doubled."""

import argparse
import pkgutil
import random
import threading
import time
from dataclasses import dataclass

import msgspec

from benchmarks.checking import Findings
from benchmarks.faults.catalogue import place_of
from benchmarks.faults.counting import count_losses
from benchmarks.faults.flowing import Traffic, forget_connections, traffic_on
from benchmarks.faults.stage import staged
from benchmarks.faults.strikes import Strike
from benchmarks.faults.traffic import Line
from benchmarks.product import Setting
from benchmarks.progress import Bar, tell

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


def run(options: argparse.Namespace, setting: Setting) -> int:
    """Run the campaign named, print the outcome, and return 1 if anything was lost or doubled."""
    campaign: type[Strike] = pkgutil.resolve_name(place_of(options.name))
    began = time.monotonic()
    with staged(setting) as stage:
        line = Line(stage.port, stage.station_port, campaign.lost_answers)
        traffic = traffic_on(line, campaign.station, has_citizens=campaign.has_citizens)
        with traffic.flowing():
            _strike_in_rounds(campaign(stage, traffic, random.Random(options.seed)), options, traffic)
        traffic.finish()
        findings = _count(traffic, campaign.harmless)
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


def _count(traffic: Traffic, harmless: frozenset[str]) -> Findings:
    forget_connections()
    findings = count_losses(traffic.claims, harmless)
    for sentence in [*findings.lost, *findings.duplicated][:MOST_TOLD]:
        tell(f"  ! {sentence}")
    return findings
