"""Erases what identifies people in a category of entries before a day: `manage erase journeys 2026-08-01`."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.language.formats import VIETNAM
from chotxanh.ledger.entries import ErasureBasis
from chotxanh.ledger.erasing import LEAST_KEPT
from chotxanh.site.keeping import CATEGORIES, erase_before


class Command(BaseCommand):
    """`manage erase CATEGORY DAY`; the day is Viet Nam's, and itself is kept."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is erased and why."""
        parser.add_argument("category", choices=sorted(CATEGORIES))
        parser.add_argument("before", type=date.fromisoformat, metavar="DAY")
        parser.add_argument("--basis", choices=get_args(ErasureBasis), default="period_over")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record the orders. Raises CommandError for a day that is too recent."""
        now = timezone.now()
        before = datetime.combine(options["before"], time(), tzinfo=VIETNAM).astimezone(UTC)
        if before > now - LEAST_KEPT:
            raise CommandError(f"What is younger than {LEAST_KEPT.days} days is kept: name an earlier day.")
        count = erase_before(options["category"], before, options["basis"], now)
        self.stdout.write(f"{count} erased")
