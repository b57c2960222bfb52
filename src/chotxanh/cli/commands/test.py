"""Runs every check, all of them even if one fails; `--fast` only the quick ones, `--branches` counts branches too."""

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
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
    options.add_argument(
        "--branches",
        action="store_true",
        help="count the branches that tests reach, as CI does",
    )
    return options


def run(arguments: list[str]) -> int:
    """Run the checks and close with a table and the line `N passed, N failed`."""
    options = parser().parse_args(arguments)
    began = time.monotonic()
    with checks.Workshop() as workshop:
        stages = (
            checks.quick(workshop) if options.fast else checks.whole(workshop, with_branches=options.branches)
        )
        outcomes = [outcome for stage in stages for outcome in carry_out_side_by_side(stage)]
    say(table(outcomes, time.monotonic() - began))
    failed = sum(not outcome.has_passed for outcome in outcomes)
    say(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


def carry_out_side_by_side(stage: checks.Stage) -> list[Outcome]:
    """Run the lanes at the same time; what the first says is seen at once, what another says once it is through."""
    with ThreadPoolExecutor() as pool:
        others = [pool.submit(carry_out_unseen, lane) for lane in stage.lanes[1:]]
        outcomes = [carry_out(check) for check in stage.lanes[0]]
        for other in others:
            said, carried_out = other.result()
            tell(said)
            outcomes += carried_out
    return outcomes


def carry_out_unseen(lane: checks.Lane) -> tuple[str, list[Outcome]]:
    """Run the checks of a lane one after the other; return what they said, each under its heading, and what became."""
    said, outcomes = [], []
    for check in lane:
        with tempfile.TemporaryFile() as output:
            outcomes.append(carry_out(check, output))
            output.seek(0)
            said += [heading(check), output.read().decode(errors="replace")]
    return "\n".join(said), outcomes


def carry_out(check: checks.Check, output: checks.Output = None) -> Outcome:
    """Run one check under its heading; what is missing on the machine counts as failed, with its sentence."""
    if output is None:
        tell(heading(check))
    began = time.monotonic()
    try:
        has_passed = check.passes(output)
    except Stopped as reason:
        if output is None:
            tell(str(reason))
        else:
            output.write(f"{reason}\n".encode())
        has_passed = False
    return Outcome(check.title, has_passed, time.monotonic() - began)


def heading(check: checks.Check) -> str:
    """Return the check's title between two rules."""
    return f"\n{RULE}\n{check.title}\n{RULE}"


def table(outcomes: list[Outcome], seconds: float) -> str:
    """Return one line a check: sign, title, seconds; and for how long all of them were awaited."""
    lines = [f"  {'✓' if o.has_passed else '✗'} {o.title:<40}{o.seconds:>8.1f} s" for o in outcomes]
    return "\n".join([f"\n{RULE}", *lines, f"    {'together':<40}{seconds:>8.1f} s", RULE])
