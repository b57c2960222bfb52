"""Rebuilds every table that is read from the entries of the ledger, in this database or from another one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.ledger.archiving import has_archived_entries
from chotxanh.ledger.worker.loop import Worker
from chotxanh.site.rebuilding import copy_registers_and_entries, fingerprints, rebuild_tables


class Command(BaseCommand):
    """`manage rebuild`: empty the tables that are read and apply every entry again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--from", dest="source", help="URL of the database whose ledger is copied first")
        parser.add_argument("--fingerprints", action="store_true", help="only print a digest of every table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, then print each table's digest, so that two databases can be compared."""
        if not options["fingerprints"]:
            if options["source"]:
                copy_registers_and_entries(options["source"])
            if has_archived_entries():
                raise CommandError(
                    "Facts are archived: bring them back first with `manage archive --restore FILE`."
                )
            count = rebuild_tables(timezone.now())
            worker = Worker(timezone.now)
            while worker.catch_up_levels():
                pass
            self.stdout.write(f"{count} entries applied")
        for table, (rows, digest) in fingerprints().items():
            self.stdout.write(f"{table} {rows} {digest}")
