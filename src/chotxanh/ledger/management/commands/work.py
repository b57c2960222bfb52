"""Runs errands, daily jobs and the deferred level until it is told to stop."""

import signal
from argparse import ArgumentParser
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from chotxanh.keys.checks import check_keys
from chotxanh.keys.faults import KeysAtFault
from chotxanh.ledger.worker.loop import LEASE, Worker

ENDINGS = ("SIGTERM", "SIGINT", "SIGHUP")  # Windows has no SIGHUP


class Command(BaseCommand):
    """`work`: the loop, or with `--once` what is due now."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true")
        parser.add_argument("--lease", type=float, default=LEASE.total_seconds())

    def handle(self, *args: Any, **options: Any) -> None:
        """Work; a signal to stop lets what is in hand be finished.

        Raises CommandError for an old database, or keys that are not its own.
        """
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError(
                "The database is behind this version: run `./chotxanh serve --prepare` first, or `./chotxanh up`."
            )
        try:
            check_keys()
        except KeysAtFault as fault:
            raise CommandError(str(fault)) from None
        worker = Worker(timezone.now, timedelta(seconds=options["lease"]))

        def end(signal_number: int, frame: FrameType | None) -> None:
            del signal_number, frame
            worker.stop()

        for name in ENDINGS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), end)
        if options["once"]:
            worker.work_until_idle()
        else:
            self.stdout.write("The worker is at work. Ctrl-C ends it.")
            self.stdout.flush()
            worker.work()
