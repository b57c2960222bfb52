"""Rebuilds the ledger in a database aside with this release, and lists whose outcome of the last days changes."""

import subprocess
import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.ledger.archiving import has_archived_entries
from chotxanh.site.rehearsing import Change, rebuild_and_compare, rehearse

DAYS = 7


class Command(BaseCommand):
    """`manage rehearse`: before an update is switched to. Nothing is changed here."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--days", type=int, default=DAYS, help="how many days back (7)")
        parser.add_argument(
            "--aside", action="store_true", help="this is the one aside; the live one's URL is read"
        )
        parser.add_argument("--since", type=datetime.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        """List the changes, a line each; as JSON where this is the one aside."""
        now = timezone.now()
        if options["aside"]:
            changes = rebuild_and_compare(sys.stdin.read(), options["since"], now)
            self.stdout.write(msgspec.json.encode(changes).decode())
            return
        if has_archived_entries():
            raise CommandError(
                "Facts are archived: bring them back first with `manage archive --restore FILE`."
            )
        try:
            changes = rehearse(now - timedelta(days=options["days"]))
        except subprocess.CalledProcessError as failed:
            last = failed.stderr.decode().strip().splitlines()[-1:] or ["no word"]
            raise CommandError(f"This release cannot rebuild the ledger: {last[0]}") from None
        for change in changes:
            self.stdout.write(line_of(change))
        self.stdout.write(f"{len(changes)} outcomes of the last {options['days']} days change.")


def line_of(change: Change) -> str:
    """Say one change; a test of a tube has no person and no paper."""
    line = f"{change.tube} {change.person}".strip() + f": {change.before} -> {change.after}"
    return f"{line}, paper {change.paper_before} -> {change.paper_after}" if change.person else line
