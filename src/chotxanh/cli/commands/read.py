"""Says what the forms read in a text: one JSON object for each line of standard input, a JSON string."""

import argparse
import json
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

import django

from chotxanh.cli import json_lines
from chotxanh.domain.problems import Problem

LONGEST_LINE = 65_536  # bytes
KINDS = ("name", "birth", "phone", "id_number", "plate", "tube")
READING = "chotxanh.cli.reading"  # needs Django set up before it is imported

Reader = Callable[[str], tuple[object, Sequence[str]]]  # the value and its warnings


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh read", description=__doc__)
    options.add_argument("kind", choices=KINDS, metavar="KIND", help=f"which reader: {', '.join(KINDS)}")
    return options


def run(arguments: list[str]) -> int:
    """Answer every line as it comes."""
    options = parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chotxanh.settings")
    django.setup()
    reader = import_module(READING).READERS[options.kind]
    return json_lines.answer_each(lambda line: answer(reader, line), longest=LONGEST_LINE)


def answer(reader: Reader, line: bytes) -> json_lines.Answer:
    """What `reader` makes of one line; `value` is None where it refuses, and `problem` says why."""
    try:
        value, warnings = reader(_text(line))
    except Problem as problem:
        return {"value": None, "problem": problem.code, "warnings": []}
    return {"value": value, "problem": None, "warnings": warnings}


def _text(line: bytes) -> str:
    """The JSON string on a line. Raises Problem: `too_large`, `request_unreadable`."""
    if len(line) > LONGEST_LINE:
        raise Problem("too_large")
    try:
        text = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Problem("request_unreadable") from None
    if not isinstance(text, str):
        raise Problem("request_unreadable")
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
