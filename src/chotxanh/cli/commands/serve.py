"""Serves a province's pages, or its stations, in earnest: one process tree that a service manager watches."""

import argparse
import os

from chotxanh.cli import front_end, server
from chotxanh.cli.commands.up import environment_of, port
from chotxanh.cli.in_use import hold_home
from chotxanh.cli.paths import ROOT
from chotxanh.cli.preparation import prepare_database


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh serve", description=__doc__)
    options.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    options.add_argument("--port", type=port, default=8000, help="the port to listen at (8000)")
    options.add_argument(
        "--stations",
        action="store_true",
        help="serve stations, beside a server of pages that prepared the database",
    )
    options.add_argument(
        "--prepare", action="store_true", help="only build what is missing and bring the database up to date"
    )
    options.set_defaults(database_url=None, no_demo=True)
    return options


def run(arguments: list[str]) -> int:
    """Prepare, then become the server: whoever started this watches that. Never returns but with `--prepare`."""
    options = parser().parse_args(arguments)
    environment = environment_of(options)
    hold_home()
    if not options.stations:
        front_end.build_if_changed()
        prepare_database(environment, with_demo=False)
    if options.prepare:
        return 0
    address = server.Address(options.host, options.port)
    server.check_free(address)
    command, environment = server.alone(address, environment, is_first=not options.stations)
    os.chdir(ROOT)
    return os.execve(command[0], command, environment)  # noqa: S606 -- our own interpreter
