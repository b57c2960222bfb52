"""`python -m benchmarks replay|bench|faults`: reads the options, lays a fresh product out, measures in it."""

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence

import django

from benchmarks.catalogue import chosen
from benchmarks.faults.catalogue import PURE, place_of, runner_of
from benchmarks.product import fresh_setting
from benchmarks.progress import tell
from chotxanh.cli.stopped import Stopped

# One tenth of the national sampling platform in 2021: 675,765 people, 81,796 tubes, 420,000 results returned.
PEOPLE, TUBES, RETURNED = 67_577, 8_180, 42_000
ROUNDS, SECONDS = 10, 4.0
MOST_ACTS, DRAWN, WORKERS = 4, 1_000_000, 2
PROVINCE = 300_000
MODULES = {"replay": "benchmarks.replay", "bench": "benchmarks.bench"}


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="./chotxanh", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    replay = commands.add_parser("replay", help="replay a campaign through the HTTP API")
    replay.add_argument("--people", type=int, default=PEOPLE)
    replay.add_argument("--tubes", type=int, default=TUBES)
    replay.add_argument("--returned", type=int, default=RETURNED, help="how many people open their page")
    replay.add_argument("--seed", type=int, default=2021)
    place = replay.add_mutually_exclusive_group()
    place.add_argument("--database-url", help="a fresh database; else a private SQLite file")
    place.add_argument("--postgresql", action="store_true", help="a private PostgreSQL server")
    bench = commands.add_parser("bench", help="measure, each figure beside its limit")
    bench.add_argument("names", nargs="*", metavar="NAME", help="such as ledger.ingest; all without one")
    bench.add_argument("--people", type=int, default=PROVINCE, help="how many people growth loads")
    bench.set_defaults(database_url=None, postgresql=True)
    faults = commands.add_parser("faults", help="break the product under traffic")
    faults.add_argument("name", metavar="NAME", help="what breaks, such as workers")
    faults.add_argument("--rounds", type=int, default=ROUNDS, help="how often it breaks")
    faults.add_argument("--seconds", type=float, default=SECONDS, help="how long a round's traffic flows")
    faults.add_argument("--seed", type=int, default=2021)
    faults.add_argument("--sqlite", action="store_false", dest="postgresql", help="a private SQLite file")
    pure = faults.add_argument_group("histories")
    pure.add_argument("--most", type=int, default=MOST_ACTS, help="how many acts every history has at most")
    pure.add_argument("--drawn", type=int, default=DRAWN, help="how many more are drawn in a round")
    pure.add_argument("--workers", type=int, default=WORKERS, help="in how many processes")
    faults.set_defaults(database_url=None)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Run one command; Django is set up only once the environment names the fresh product."""
    options = options_of(arguments)
    try:
        _check_names(options)
        if options.command == "faults" and options.name in PURE:
            return int(importlib.import_module(PURE[options.name]).run(options))
        with fresh_setting(options.database_url, postgresql=options.postgresql) as setting:
            django.setup()
            module = runner_of(options.name) if options.command == "faults" else MODULES[options.command]
            status: int = importlib.import_module(module).run(options, setting)
    except Stopped as reason:
        tell(str(reason))
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _check_names(options: argparse.Namespace) -> None:
    """Refuse an unknown name before anything is laid out for it. Raises Stopped."""
    if options.command == "bench":
        chosen(options.names)
    elif options.command == "faults":
        place_of(options.name)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
