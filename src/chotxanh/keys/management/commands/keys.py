"""Writes this server's keys into one encrypted file, or puts them back from it."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chotxanh.configuration import write_once
from chotxanh.keys.checks import check_keys
from chotxanh.keys.exporting import (
    SHORTEST_PASSPHRASE,
    ExportUnreadable,
    KeysInTheWay,
    PassphraseWeak,
    export_keys,
    import_keys,
)
from chotxanh.keys.faults import KeysAtFault
from chotxanh.keys.signers import AUTHORITY_FILE

PASSPHRASE = "CHOTXANH_PASSPHRASE"  # noqa: S105 -- a name


class Command(BaseCommand):
    """`manage keys export FILE`, `manage keys import FILE`; the passphrase is CHOTXANH_PASSPHRASE."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what can be done."""
        parser.add_argument("act", choices=["export", "import"])
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--authority", action="store_true", help="export the signing authority alone, to keep it apart"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        file: Path = options["file"]
        try:
            if options["act"] == "export":
                self._export(file, is_authority_alone=options["authority"])
            else:
                self._import(file)
        except PassphraseWeak:
            raise CommandError(f"{PASSPHRASE} needs at least {SHORTEST_PASSPHRASE} characters.") from None
        except ExportUnreadable:
            raise CommandError(f"{file} does not open: another passphrase, or not whole.") from None
        except KeysInTheWay as other:
            raise CommandError(
                f"Another {other.args[0]} lies in the folder of keys: move it away first."
            ) from None
        except (KeysAtFault, OSError) as fault:
            raise CommandError(str(fault)) from None

    def _export(self, file: Path, *, is_authority_alone: bool) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already: nothing was written.")
        write_once(file, export_keys(_passphrase(), is_authority_alone=is_authority_alone))
        self.stdout.write(f"Keys written to {file}. Keep the passphrase elsewhere.")
        if is_authority_alone:
            self.stdout.write(f"Now take {AUTHORITY_FILE} from this server: no start needs it.")

    def _import(self, file: Path) -> None:
        names = import_keys(file.read_bytes(), _passphrase())
        self.stdout.write(f"{len(names)} put back: {', '.join(names)}")
        check_keys()
        self.stdout.write("They are those of this database.")


def _passphrase() -> str:
    return os.environ.get(PASSPHRASE, "")
