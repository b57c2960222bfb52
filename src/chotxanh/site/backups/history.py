"""When a backup was last taken here, and into which folders: a file in the home folder, which no backup holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings

from chotxanh.configuration import replace_file

FILE = "last-backup.json"
NAME = "chotxanh-%Y%m%d-%H%M%S.backup"
_NAMED = len("chotxanh-20210725-010000.backup")


class LastBackup(msgspec.Struct, frozen=True):
    """When it was taken (UTC), and every folder that any was ever written into from here."""

    made_at: datetime
    folders: tuple[str, ...] = ()


def remember_backup(now: datetime, folder: Path | None = None) -> None:
    """Write down that a backup was taken."""
    known = _read()
    folders = set(known.folders if known else ()) | ({str(folder.resolve())} if folder else set())
    replace_file(settings.HOME / FILE, msgspec.json.encode(LastBackup(now, tuple(sorted(folders)))))


def last_backup() -> datetime | None:
    """Return when the last one was taken, None where none is known."""
    known = _read()
    return known.made_at if known else None


def kept_too_long(days: int, now: datetime) -> list[Path]:
    """Return the backups (`*.backup`, drafts too) older than so many days, in each folder that one was written into.

    A folder that is not there now is passed over: a disk may be elsewhere. Raises OSError of one that cannot be read.
    """
    known = _read()
    folders = [folder for name in (known.folders if known else ()) if (folder := Path(name)).is_dir()]
    files = [file for folder in folders for file in folder.iterdir() if ".backup" in file.suffixes]
    return sorted(file for file in files if now - _taken_at(file) > timedelta(days=days))


def name_at(now: datetime) -> str:
    """Return how a backup in a folder of backups is called (UTC)."""
    return now.strftime(NAME)


def _taken_at(file: Path) -> datetime:
    """Return when a backup was taken: by its name, or where it has another by when it was written (UTC)."""
    try:
        return datetime.strptime(file.name[:_NAMED], NAME).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _read() -> LastBackup | None:
    try:
        return msgspec.json.decode((settings.HOME / FILE).read_bytes(), type=LastBackup)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
