"""Moves the facts of entries older than 90 days into a signed archive file, or brings them back from one."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.ledger.archiving import YOUNGEST, ArchiveBroken, ArchiveInUse, archive_entries, restore_entries


class Command(BaseCommand):
    """`manage archive`: writes FILE and FILE.sig; keep both, and several copies of them."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--before", help="YYYY-MM-DD; without it, 90 days ago")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument(
            "--into", type=Path, metavar="FILE", help="the archive to write (gzip of JSON lines)"
        )
        way.add_argument("--restore", type=Path, metavar="FILE", help="the archive to bring back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Move, then say how many."""
        try:
            if options["restore"]:
                self.stdout.write(f"{restore_entries(options['restore'])} entries restored")
            else:
                self.stdout.write(
                    f"{archive_entries(_before(options['before']), options['into'])} entries archived"
                )
        except (ArchiveBroken, OSError) as broken:
            raise CommandError(str(broken)) from None
        except ArchiveInUse:
            raise CommandError("Another process archives or restores just now: try again later.") from None


def _before(text: str | None) -> datetime:
    latest = timezone.now() - YOUNGEST
    if text is None:
        return latest
    try:
        before = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise CommandError(f"{text} is not a day as YYYY-MM-DD.") from None
    if before > latest:
        raise CommandError("Entries younger than 90 days stay in the database.")
    return before
