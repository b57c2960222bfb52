"""Puts a backup back into a database that holds nothing; stations then send again what came after it."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from chotxanh.keys.sealed_files import PassphraseUnreadable
from chotxanh.language.formats import show_time
from chotxanh.site.backups.restoring import RestoreRefused, restore
from chotxanh.site.management.commands.backup import PASSPHRASE


class Command(BaseCommand):
    """`restore FILE`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Put it back, or say in one sentence why not."""
        try:
            manifest, aside = restore(options["file"], os.environ.get(PASSPHRASE, ""), timezone.now())
        except RestoreRefused as refused:
            raise CommandError(f"{refused} Nothing was touched.") from None
        except PassphraseUnreadable:
            raise CommandError(f"{PASSPHRASE} is not UTF-8. Nothing was touched.") from None
        except OSError as error:
            raise CommandError(
                f"The backup cannot be put back: {error}. All that lay here lies here as before."
            ) from None
        self.stdout.write(
            f"The database is as it was at {show_time(manifest.made_at)}, with its keys. Now start the server: "
            "stations send again what they keep of the last seven days. What was declared on the web or done in "
            "the office after that moment must be done again."
        )
        for file in aside:
            self.stdout.write(f"Another archive of that name lay there: see {file}, and keep it.")
