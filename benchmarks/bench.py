"""Runs benchmarks, prints each figure beside its limit, and ends with one JSON object."""

import argparse
import pkgutil
from collections.abc import Callable
from typing import Any

from benchmarks.catalogue import BENCHMARKS, chosen
from benchmarks.figures import Failure, Figure, as_json
from benchmarks.place import Place
from benchmarks.product import Setting
from benchmarks.progress import tell

LONGEST_REASON = 300


def run(options: argparse.Namespace, setting: Setting) -> int:
    """Run the benchmarks named, or all of them; return 1 if a bar is missed or a figure failed."""
    outcomes: list[Figure | Failure] = []
    with Place(setting, options.people) as place:
        tell(f"  v = {place.calibrator.seconds * 1e6:.1f} µs, the CPU of one P-256 verify")
        for name in chosen(options.names):
            for outcome in measured(name, pkgutil.resolve_name(BENCHMARKS[name]), place):
                outcomes.append(outcome)
                tell(outcome.line())
        calibrator = place.calibrator
    tell(f"  v = {calibrator.seconds * 1e6:.1f} µs at its fastest, spread {calibrator.spread:.0%}")
    print(as_json(calibrator.seconds * 1e6, outcomes))
    return 0 if all(isinstance(each, Figure) and each.is_met for each in outcomes) else 1


def measured(
    name: str, measure: Callable[[Any], list[Figure]], place: Place | None
) -> list[Figure | Failure]:
    """Return a benchmark's figures, or why there are none: what was measured before is kept."""
    try:
        return [*measure(place)]
    except Exception as error:
        return [Failure(name, _reason(error))]


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:LONGEST_REASON]
