"""Looks at this deployment as a careful administrator would, and says each fault in one sentence."""

import argparse

from chotxanh.cli.with_django import run_command


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh check", description=__doc__)
    options.add_argument("--json", action="store_true", help='print a list of {"code", "sentence"}')
    options.add_argument("--language", choices=["vi", "en"], default="vi", help="of the sentences (vi)")
    options.add_argument(
        "--wake", action="store_true", help="tell the department's gateway of each fault, once a day"
    )
    return options


def run(arguments: list[str]) -> int:
    """Look; the status is 1 while there is a fault."""
    options = parser().parse_args(arguments)
    run_command("deployment", json=options.json, language=options.language, wake=options.wake)
    return 0
