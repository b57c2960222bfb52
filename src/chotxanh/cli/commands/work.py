"""Runs errands, daily jobs and sums beside the server; `up` starts it by itself."""

import argparse

from chotxanh.cli.in_use import hold_home
from chotxanh.cli.with_django import run_command


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh work", description=__doc__)
    options.add_argument("--once", action="store_true", help="do what is due now, then end")
    options.add_argument(
        "--lease", type=seconds, default=60.0, help="seconds an errand is kept from others (60)"
    )
    return options


def run(arguments: list[str]) -> int:
    """Work until a signal says to stop; what is in hand then is finished."""
    options = parser().parse_args(arguments)
    hold_home()
    run_command("work", once=options.once, lease=options.lease)
    return 0


def seconds(words: str) -> float:
    """Read a length of time above zero. Raises ValueError, which argparse turns into its own sentence."""
    number = float(words)
    if not 0 < number < float("inf"):
        raise ValueError(words)
    return number
