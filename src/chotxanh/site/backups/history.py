"""When a backup was last taken here: a file in the home folder, which no backup holds."""

from datetime import datetime

import msgspec
from django.conf import settings

from chotxanh.configuration import replace_file

FILE = "last-backup.json"


class LastBackup(msgspec.Struct, frozen=True):
    """When it was taken (UTC)."""

    made_at: datetime


def remember_backup(now: datetime) -> None:
    """Write down that a backup was taken."""
    replace_file(settings.HOME / FILE, msgspec.json.encode(LastBackup(now)))


def last_backup() -> datetime | None:
    """Return when the last one was taken, None where none is known."""
    try:
        return msgspec.json.decode((settings.HOME / FILE).read_bytes(), type=LastBackup).made_at
    except (FileNotFoundError, msgspec.DecodeError):
        return None
