"""Looks at this deployment and says each fault in one sentence."""

import sys
from argparse import ArgumentParser
from typing import Any

import msgspec
from django.core.management.base import BaseCommand
from django.utils import timezone

from chotxanh.language.texts import text, use_language
from chotxanh.site.watch.faults import faults
from chotxanh.site.watch.waking import ask_to_wake, wake_now


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
        if options["wake"] and not any(
            fault.code in ("database_away", "migrations_missing") for fault in found
        ):
            ask_to_wake(found, now)
            wake_now(now)
        if options["json"]:
            listed = [{"code": fault.code, "sentence": fault.sentence} for fault in found]
            self.stdout.write(msgspec.json.encode(listed).decode())
        else:
            for fault in found:
                self.stdout.write(f"✗ {fault.sentence}")
            if not found:
                self.stdout.write(f"✓ {text('check.none')}")
        if found:
            sys.exit(1)
