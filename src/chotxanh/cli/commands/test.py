"""Runs every check that CI runs, all of them even if one fails; `--fast` only the quick ones."""

import argparse
import time
from dataclasses import dataclass

from chotxanh.cli import checks
from chotxanh.cli.progress import say, tell
from chotxanh.cli.stopped import Stopped

RULE = "─" * 78


@dataclass(frozen=True)
class Outcome:
    """What became of one check."""

    title: str
    has_passed: bool
    seconds: float


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh test", description=__doc__)
    options.add_argument("--fast", action="store_true", help="only what takes under a minute together")
    return options


def run(arguments: list[str]) -> int:
    """Run the checks and close with a table and the line `N passed, N failed`."""
    options = parser().parse_args(arguments)
    with checks.Workshop() as workshop:
        chosen = checks.quick(workshop) if options.fast else checks.whole(workshop)
        outcomes = [carry_out(check) for check in chosen]
    say(table(outcomes))
    failed = sum(not outcome.has_passed for outcome in outcomes)
    say(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


def carry_out(check: checks.Check) -> Outcome:
    """Run one check under its heading; what is missing on the machine counts as failed, with its sentence."""
    tell(f"\n{RULE}\n{check.title}\n{RULE}")
    began = time.monotonic()
    try:
        has_passed = check.passes()
    except Stopped as reason:
        tell(str(reason))
        has_passed = False
    return Outcome(check.title, has_passed, time.monotonic() - began)


def table(outcomes: list[Outcome]) -> str:
    """Return one line a check: sign, title, seconds."""
    lines = [f"  {'✓' if o.has_passed else '✗'} {o.title:<40}{o.seconds:>8.1f} s" for o in outcomes]
    total = sum(outcome.seconds for outcome in outcomes)
    return "\n".join([f"\n{RULE}", *lines, f"    {'together':<40}{total:>8.1f} s", RULE])
