"""Writes the database and the keys into one encrypted file while the server goes on."""

import os
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.keys.exporting import SHORTEST_PASSPHRASE, PassphraseWeak
from chotxanh.keys.sealed_files import PassphraseUnreadable
from chotxanh.site.backups.history import name_at
from chotxanh.site.backups.taking import KeysRotated, forget_old, take_backup

PASSPHRASE = "CHOTXANH_BACKUP_PASSPHRASE"  # noqa: S105 -- a name


class Command(BaseCommand):
    """`backup FILE`, or `backup FOLDER --keep-days N`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where to, and for how long."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--keep-days", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it, or say in one sentence why not."""
        now, days = timezone.now(), options["keep_days"]
        if days is not None and days < 1:
            raise CommandError(
                f"--keep-days {days} would keep no backup: name 1 or more. Nothing was written."
            )
        place: Path = options["file"].absolute()
        file = place / name_at(now) if place.is_dir() else place
        try:
            size = take_backup(file, os.environ.get(PASSPHRASE, ""), now)
        except PassphraseWeak:
            raise CommandError(
                f"{PASSPHRASE} needs at least {SHORTEST_PASSPHRASE} characters: nothing was written."
            ) from None
        except PassphraseUnreadable:
            raise CommandError(f"{PASSPHRASE} is not UTF-8: nothing was written.") from None
        except KeysRotated:
            raise CommandError("Keys were renewed meanwhile: take the backup again.") from None
        except FileExistsError:
            raise CommandError(f"{file} is there already: nothing was written.") from None
        except OSError as error:
            raise CommandError(f"The backup cannot be written: {error}") from None
        self.stdout.write(f"{file}: {size:,} bytes. Keep the passphrase elsewhere.")
        if days is not None and place.is_dir():
            self._forget(place, days, now)

    def _forget(self, folder: Path, days: int, now: datetime) -> None:
        forgotten = forget_old(folder, days, now)
        if forgotten is None:
            self.stdout.write(
                "No backup was forgotten: before this one there was none for more than a week, or most are dated "
                "later than now, so that the clock may be wrong. Once it is right, one of the next nights forgets."
            )
        for old in forgotten or ():
            self.stdout.write(f"{old.name} was forgotten.")
