"""Begins a new sealing key, seals everything again and drops the old keys; `--blind` also renews the blind index."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from chotxanh.keys.checks import begin_seal_key, renew_blind_key
from chotxanh.keys.ring import key_ring
from chotxanh.ledger.archiving import has_archived_entries
from chotxanh.ledger.resealing import drop_older_keys, reseal_all


class Command(BaseCommand):
    """`manage rotate_keys`: can be stopped at any moment and called again."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--blind", action="store_true", help="also begin a new blind-index key and rebuild"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate. With two keys on the ring an earlier rotation was stopped: go on with it."""
        if options["blind"] and has_archived_entries():
            raise CommandError(
                "Facts are archived: bring them back first with `manage archive --restore FILE`."
            )
        if len(key_ring().seals) == 1:
            begin_seal_key()
        self.stdout.write(f"{reseal_all()} sealed again")
        drop_older_keys()
        self.stdout.write(f"key {key_ring().active} alone is on the ring")
        if options["blind"]:
            renew_blind_key()
            call_command("rebuild", stdout=self.stdout)
