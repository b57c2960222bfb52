"""Puts a backup back, keys included, into a database that holds nothing."""

import argparse

from chotxanh.cli.in_use import home_alone
from chotxanh.cli.orphans import living
from chotxanh.cli.stopped import Stopped
from chotxanh.cli.with_django import run_command


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh restore", description=__doc__)
    options.add_argument("file", help="what `./chotxanh backup` wrote")
    return options


def run(arguments: list[str]) -> int:
    """Restore, while nothing else runs in this home folder; the passphrase is CHOTXANH_BACKUP_PASSPHRASE."""
    options = parser().parse_args(arguments)
    with home_alone() as is_alone:
        if living():
            raise Stopped("`./chotxanh up` runs here: stop it first. Nothing was touched.")
        if not is_alone:
            raise Stopped("A server or a worker runs here: stop the services first. Nothing was touched.")
        run_command("restore", options.file)
    return 0
