"""Says how far this server's clock is behind what was written last; `--was-ahead REASON` puts that right."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.ledger.clock_put_right import ServerClockPutRight
from chotxanh.ledger.models import Entry
from chotxanh.ledger.server_clock import MOST_BEHIND, forget, receipt_time
from chotxanh.ledger.server_log import Deed, record_deeds
from chotxanh.ledger.worker.errands import bring_back
from chotxanh.ledger.worker.loop import LEASE

LONGEST_REASON = 300


class Command(BaseCommand):
    """`manage clock`: for whoever has looked at the clock, and knows that it is right now."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--was-ahead",
            metavar="REASON",
            help="the clock is right now and was ahead: what was received meanwhile holds nothing up",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how far it is behind; record the word, if it was given."""
        forget()
        now = timezone.now()
        newest = receipt_time(now)
        if newest - now <= MOST_BEHIND:
            self.stdout.write("The clock is not behind what was written last: nothing is to be put right.")
            return
        received = Entry.objects.filter(received_at__gt=now).count()
        self.stdout.write(
            f"The clock is {newest - now} behind what was written last; {received} entries are dated later."
        )
        reason = options["was_ahead"]
        if reason is None:
            return
        if not 0 < len(reason) <= LONGEST_REASON:
            raise CommandError(f"Say why in at most {LONGEST_REASON} characters.")
        record_deeds([Deed(ServerClockPutRight(now, newest, reason))], now)
        bring_back(now, LEASE)  # what is meant for at once, and what a worker held that was killed meanwhile
        self.stdout.write(
            "Put right: papers are issued again within a minute. Look at what was recorded meanwhile."
        )
