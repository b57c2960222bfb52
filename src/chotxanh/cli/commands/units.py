"""Finds administrative units by their names, and says what became of them: JSON."""

import argparse
from collections.abc import Sequence

from chotxanh.cli import json_lines
from chotxanh.cli.stopped import Stopped
from chotxanh.domain.units import Scheme, Unit
from chotxanh.units import tables
from chotxanh.units.tables import Option


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh units", description=__doc__)
    tasks = options.add_subparsers(dest="task", required=True, metavar="TASK")
    finding = tasks.add_parser("find", help="at most ten units of both schemes, the likeliest first")
    finding.add_argument("text", nargs="+", metavar="TEXT")
    for task, said in (("now", "what a unit is since 01/07/2025"), ("then", "which units of 2021 lie in it")):
        following = tasks.add_parser(task, help=said)
        following.add_argument("scheme", metavar="SCHEME", help=" or ".join(Scheme))
        following.add_argument("code", metavar="CODE", nargs="?")
    tasks.add_parser("count", help="how many there are, by scheme and level")
    return options


def run(arguments: list[str]) -> int:
    """Answer one question with one JSON value. Raises Stopped for a unit that is not known."""
    options = parser().parse_args(arguments)
    if options.task == "find":
        json_lines.write([_told(unit) for unit in tables.find(" ".join(options.text))])
    elif options.task == "count":
        json_lines.write(tables.count())
    else:
        unit = _unit(options.scheme, options.code)
        follow = {"now": tables.now, "then": tables.then}[options.task]
        json_lines.write(_told(unit) | {options.task: _options(follow(unit))})
    return 0


def _unit(scheme: str, code: str | None) -> Unit:
    if code is None:
        raise Stopped(f"Name a scheme, {' or '.join(Scheme)}, and a code: a code alone says nothing.")
    try:
        return tables.unit_of(scheme, code)
    except KeyError:
        raise Stopped(f"There is no unit {code} of the scheme {scheme}.") from None


def _told(unit: Unit) -> dict[str, object]:
    return {"scheme": unit.scheme, "code": unit.code, "level": unit.level, "name": unit.name}


def _options(options: Sequence[Option]) -> list[dict[str, object]]:
    return [
        {
            "scheme": each.unit.scheme,
            "code": each.unit.code,
            "name": each.unit.name,
            "default": each.is_default,
        }
        for each in options
    ]
