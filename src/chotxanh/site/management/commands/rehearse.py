"""Rebuilds the ledger aside with this release, or with rules that are meant, and lists whose outcome changes."""

import subprocess
import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.domain.problems import Problem
from chotxanh.language.formats import show_time
from chotxanh.ledger.archiving import has_archived_entries
from chotxanh.site.meant_rules import MeantRule, read_meant_rules
from chotxanh.site.rehearsing import Change, Rehearsal, rebuild_and_compare, rehearse

DAYS = 7


class Command(BaseCommand):
    """`manage rehearse`: before an update is switched to, or a rule is enacted. Nothing is changed here."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--days", type=int, default=DAYS, help="how many days back (7)")
        parser.add_argument(
            "--aside", action="store_true", help="this is the one aside; the live one's URL is read"
        )
        parser.add_argument("--rules", type=Path, help="a file of rules that are only meant")

    def handle(self, *args: Any, **options: Any) -> None:
        """List the changes, a line each; as JSON where this is the one aside."""
        now = timezone.now()
        if options["aside"]:
            meant = msgspec.json.decode(sys.stdin.buffer.read(), type=Rehearsal)
            changes = rebuild_and_compare(meant, now)
            self.stdout.write(msgspec.json.encode(changes).decode())
            return
        if has_archived_entries():
            raise CommandError(
                "Facts are archived: bring them back first with `manage archive --restore FILE`."
            )
        try:
            changes = rehearse(now - timedelta(days=options["days"]), _rules_in(options["rules"]))
        except subprocess.CalledProcessError as failed:
            last = failed.stderr.decode().strip().splitlines()[-1:] or ["no word"]
            raise CommandError(f"This release cannot rebuild the ledger: {last[0]}") from None
        for change in changes:
            self.stdout.write(line_of(change))
        self.stdout.write(f"{len(changes)} outcomes of the last {options['days']} days change.")


def _rules_in(file: Path | None) -> list[MeantRule]:
    if file is None:
        return []
    try:
        return read_meant_rules(file.read_bytes())
    except (OSError, Problem) as fault:
        raise CommandError(f"{file} holds no rules that could be enacted or repealed: {fault}") from None


def line_of(change: Change) -> str:
    """Say one change; a test of a tube has no person, and what stands for a person no tube and no paper."""
    line = f"{change.tube} {change.person}".strip() + f": {change.before} -> {change.after}"
    if change.tube and change.person:
        line += f", paper {change.paper_before} -> {change.paper_after}"
    if change.until_before != change.until_after:
        line += f", until {_time(change.until_before)} -> {_time(change.until_after)}"
    return line


def _time(until: datetime | None) -> str:
    return show_time(until) if until else "none"
