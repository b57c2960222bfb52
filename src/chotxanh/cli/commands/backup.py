"""Writes database and keys into one encrypted file, while the server goes on."""

import argparse

from chotxanh.cli.with_django import run_command


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh backup", description=__doc__)
    options.add_argument("file", help="a file that is not there yet, or a folder of backups")
    options.add_argument(
        "--keep-days", type=int, help="in a folder: delete the backups that are older than so many days"
    )
    return options


def run(arguments: list[str]) -> int:
    """Take a backup; the passphrase is CHOTXANH_BACKUP_PASSPHRASE."""
    options = parser().parse_args(arguments)
    run_command("backup", options.file, keep_days=options.keep_days)
    return 0
