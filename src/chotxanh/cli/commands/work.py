"""Runs errands, daily jobs and sums beside the server; `up` starts it by itself."""

import argparse
import os

import django
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from chotxanh.cli.stopped import Stopped


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
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    django.setup()
    try:
        call_command("work", once=options.once, lease=options.lease)
    except CommandError as error:
        raise Stopped(str(error)) from error
    except DatabaseError as error:
        raise Stopped(f"The database cannot be used: {' '.join(str(error).split())}") from error
    return 0


def seconds(words: str) -> float:
    """Read a length of time above zero. Raises ValueError, which argparse turns into its own sentence."""
    number = float(words)
    if not 0 < number < float("inf"):
        raise ValueError(words)
    return number
