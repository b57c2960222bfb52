"""Looks at this deployment and says each fault in one sentence."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from chotxanh.language.formats import show_number
from chotxanh.language.texts import text, use_language
from chotxanh.site.watch.faults import Fault, faults
from chotxanh.site.watch.waking import ask_to_wake, wake_now

WITHOUT_OUTBOX = (
    "database_away",
    "migrations_missing",
)  # of these nobody is woken: the outbox lies in the database


class Command(BaseCommand):
    """`deployment`; ends with status 1 while there is a fault."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--language", default="vi")
        parser.add_argument("--wake", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the faults; a fault of the database alone keeps nobody from being told of the others."""
        use_language(options["language"])
        now = timezone.now()
        found = faults(now)
        if options["json"]:
            listed = [{"code": fault.code, "sentence": fault.sentence} for fault in found]
            self.stdout.write(msgspec.json.encode(listed).decode())
        else:
            for fault in found:
                self.stdout.write(f"✗ {fault.sentence}")
            if not found:
                self.stdout.write(f"✓ {text('check.none')}")
        self.stdout.flush()
        if options["wake"]:
            self._wake(found, now)
        if found:
            sys.exit(1)

    def _wake(self, found: Sequence[Fault], now: datetime) -> None:
        """Tell the gateway, after the faults were printed: whatever becomes of it hides none of them."""
        if any(fault.code in WITHOUT_OUTBOX for fault in found):
            return
        try:
            ask_to_wake(found, now)
            failed = wake_now(now)
        except (DatabaseError, OSError) as error:
            self.stderr.write(text("wake.hindered", error=type(error).__name__))
            return
        if failed:
            self.stderr.write(text("wake.not_taken", count=show_number(failed)))
