"""Replays a synthetic campaign through the real HTTP API and counts what was lost or doubled on the way."""

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.utils import timezone

from benchmarks import checking
from benchmarks.campaign import LENGTH, Campaign, expectations, plan_campaign
from benchmarks.delivery import Crew, Faults, send
from benchmarks.product import Serving, Setting, serving
from benchmarks.progress import Bar, tell
from benchmarks.rights import allow_rt_pcr
from benchmarks.stages import (
    Known,
    Road,
    declare_at_stations,
    declare_on_the_web,
    left_over,
    open_road,
    pair_tubes,
    read_page,
    record_results,
    web_people,
)
from chotxanh.cli.stopped import Stopped
from chotxanh.ledger.models import Log
from chotxanh.people.models import Registration
from chotxanh.registers.devices.enrolment import new_enrolment_code
from chotxanh.results.models import PersonResult
from chotxanh.site.scenario import CHECKPOINTS

DEVICES = len(CHECKPOINTS) + 1
MOST_TOLD = 20
BATCH = 45


@dataclass(frozen=True)
class Outcome:
    """The JSON object at the end; `results` counts people's own results, `seconds` is by stage."""

    people: int
    tubes: int
    results: int
    returned: int
    lost: int
    duplicated: int
    seconds: dict[str, float]


def run(options: argparse.Namespace, setting: Setting) -> int:
    """Replay, print the outcome, and return 1 if anything was lost or doubled."""
    if Log.objects.exists() or Registration.objects.exists():  # the office's registers are entries too
        raise Stopped("This database already holds entries of stations or people: replay needs a fresh one.")
    try:
        campaign = plan_campaign(options.people, options.tubes, options.seed)
    except ValueError as impossible:
        raise Stopped(f"This campaign cannot be: {impossible}.") from None
    with serving(setting) as served:
        returned = min(options.returned, options.people)
        outcome, findings, refused = _replay(campaign, served, returned)
    for sentence in [*refused, *findings.lost, *findings.duplicated][:MOST_TOLD]:
        tell(f"  ! {sentence}")
    print(msgspec.json.encode(outcome).decode())
    return 1 if outcome.lost or outcome.duplicated or refused else 0


def _replay(
    campaign: Campaign, served: Serving, returned: int
) -> tuple[Outcome, checking.Findings, list[str]]:
    faults, known = Faults(), Known([""] * campaign.people, [""] * campaign.people)
    citizens, crew = Crew(served.port), Crew(served.station_port)
    now = timezone.now()
    begin = time.time_ns() // 1_000_000 - LENGTH
    allow_rt_pcr(now)
    codes = [new_enrolment_code(None, "replay", now) for _ in range(DEVICES)]
    road = open_road(served.station_port, codes, begin, campaign.seed)
    expected = expectations(campaign)
    seconds: dict[str, float] = {}
    batches = campaign.people // BATCH
    with Bar("declare", len(web_people(campaign)) + batches) as bar:
        web = iter(web_people(campaign))
        citizens.work_through(
            web, lambda line, number: declare_on_the_web(line, campaign, number, known), bar.advance
        )
        crew.work_through(declare_at_stations(campaign, road, known, faults), send, bar.advance)
    seconds["declare"] = bar.seconds
    with Bar("pair", len(campaign.tubes) // BATCH) as bar:
        crew.work_through(pair_tubes(campaign, road, known, faults), send, bar.advance)
    seconds["pair"] = bar.seconds
    with Bar("result", len(campaign.tubes) // BATCH) as bar:
        crew.work_through(record_results(campaign, road, faults), send, bar.advance)
        crew.work_through(left_over(road), send, bar.advance)
    seconds["result"] = bar.seconds
    with Bar("return", returned) as bar:
        readers = iter(_readers(campaign, returned))
        citizens.work_through(
            readers,
            lambda line, n: read_page(line, n, known, expected[n].state, expected[n].certificates),
            bar.advance,
        )
    seconds["return"] = bar.seconds
    findings = checking.Findings(lost=[*known.unread])
    with Bar("check", 4) as bar:
        _check(campaign, road, known, findings, bar)
        reader = checking.FeedReader(road.stations)
        crew.work_through(iter(reader.stations), reader.read, bar.advance)
        crew.work_through(iter(reader.codes_held_nowhere(known)), reader.look_up, bar.advance)
        findings.lost += reader.missing(known, expected)
    seconds["check"] = bar.seconds
    counts = (PersonResult.objects.count(), returned - len(known.unread))
    lost, doubled = len(findings.lost), len(findings.duplicated)
    people, tubes = campaign.people, len(campaign.tubes)
    return Outcome(people, tubes, *counts, lost, doubled, seconds), findings, known.refused


def _check(campaign: Campaign, road: Road, known: Known, findings: checking.Findings, bar: Bar) -> None:
    """Compare what is in the database with the plan."""
    checking.check_entries(road.everyone, findings)
    bar.advance()
    checking.check_tubes(campaign, road, findings)
    bar.advance()
    checking.check_people(campaign, known, findings)
    bar.advance()


def _readers(campaign: Campaign, returned: int) -> Sequence[int]:
    """Choose who opens their page."""
    return random.Random(f"return/{campaign.seed}").sample(range(campaign.people), returned)
