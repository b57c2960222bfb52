"""Takes a backup while the server goes on: one file, which its owner alone can read."""

import io
import os
import tarfile
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, cast

import msgspec
from django.conf import settings

from chotxanh.keys.sealed_files import SealingWriter
from chotxanh.ledger.feed.witness import FILE as WITNESS
from chotxanh.ledger.server_clock import MOST_BEHIND, behind_by
from chotxanh.site.backups import postgresql, sqlite
from chotxanh.site.backups.history import name_at, remember_backup
from chotxanh.site.backups.manifest import ARCHIVE, KEYS, MANIFEST, Manifest, migrations_applied
from chotxanh.site.backups.switching import DRAFT
from chotxanh.site.unsealed import sweep, unsealed_folder
from chotxanh.storage.vendors import is_postgresql

PART = ".part"  # a file that is being written
BACKUPS, DRAFTS = "chotxanh-*.backup", "chotxanh-*.backup.*"
ONE_DAY = timedelta(days=1)
MOST_MISSED = 7 * ONE_DAY
ENOUGH_NIGHTS = 5


class KeysRotated(Exception):
    """Keys were renewed while the backup was taken: what it holds may be sealed by either."""


def take_backup(file: Path, passphrase: str, now: datetime) -> int:
    """Write database and keys into `file`, and return its bytes.

    Raises PassphraseWeak, KeysRotated, and FileExistsError where something lies there already.
    """
    if file.exists():
        raise FileExistsError(file)
    descriptor, draft = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            _write(stream, passphrase, now)
            stream.flush()
            os.fsync(stream.fileno())
        _name(Path(draft), file)
    finally:
        Path(draft).unlink(missing_ok=True)
    remember_backup(now, file.parent)
    return file.stat().st_size


def forget_old(folder: Path, days: int, now: datetime) -> list[Path] | None:
    """Delete the backups of a folder that are older than so many days (1 at least), drafts of them too; return them.

    Where the clock may be wrong nothing is deleted nor named anew, and None returned: good ones would go. What is dated
    in the future is as old as today, so that it is forgotten in its time.
    """
    finished = sorted(folder.glob(BACKUPS))
    future = [file for file in finished if file.name > name_at(now + ONE_DAY)]
    if behind_by(now) > MOST_BEHIND or not _is_clock_believed(finished, len(future), now):
        return None
    for file in future:
        _name_anew(file, now)
    oldest = name_at(now - max(timedelta(days=days), ONE_DAY))
    old = [file for file in sorted([*folder.glob(BACKUPS), *folder.glob(DRAFTS)]) if file.name < oldest]
    for file in old:
        file.unlink()
    return old


def _is_clock_believed(finished: list[Path], in_future: int, now: datetime) -> bool:
    """Say whether the nights before speak for the clock: one of the last week, and as many as are dated after it.

    After more than a week without a backup the clock may be ahead. Where most are dated after it, it may be behind.
    """
    before = [file.name for file in finished if file.name < name_at(now - ONE_DAY / 2)]
    recent = [name for name in before if name >= name_at(now - MOST_MISSED)]
    return (bool(recent) or not before) and len(recent) >= min(in_future, ENOUGH_NIGHTS)


def _name_anew(file: Path, now: datetime) -> None:
    """Give a backup the first name from `now` on that nothing has."""
    second = 0
    while (named := file.with_name(name_at(now + timedelta(seconds=second)))).exists():
        second += 1
    file.rename(named)


def _name(draft: Path, file: Path) -> None:
    """Give the finished backup its name. Raises FileExistsError where something has it."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:  # a share of another machine may know no second names
        file.touch(mode=0o600, exist_ok=False)
        draft.replace(file)


def _write(stream: IO[bytes], passphrase: str, now: datetime) -> None:
    """Write all of it. What lies unsealed for a moment lies in the home, as the database does, never beside backups."""
    home = Path(settings.HOME)
    sealing = SealingWriter(stream, passphrase)
    with tarfile.open(fileobj=cast(IO[bytes], sealing), mode="w|") as archive:
        if is_postgresql():
            tables = postgresql.tables()
            manifest = Manifest("postgresql", now, migrations_applied(), tables)
        else:
            tables, manifest = [], Manifest("sqlite", now, migrations_applied())
        _add_bytes(archive, MANIFEST, msgspec.json.encode(manifest))
        keys = _keys()
        for name, content in keys.items():
            _add_bytes(archive, f"{KEYS}{name}", content)
        if is_postgresql():
            sweep()  # of a restore or a rehearsal; here nothing lies unsealed
            for name, rows in postgresql.copied(home, tables):
                _add(archive, name, rows)
        else:
            _add_sqlite(archive)
        _add_archive(archive, home / ARCHIVE)
        if _keys() != keys:
            raise KeysRotated
    sealing.close()


def _add_sqlite(archive: tarfile.TarFile) -> None:
    with unsealed_folder("backup-") as place:
        for name, copy in sqlite.copied(place):
            with copy.open("rb") as content:
                _add(archive, name, content)
            copy.unlink()


def _add_archive(archive: tarfile.TarFile, folder: Path) -> None:
    """Add what has left the database: looked at after it, so that nothing that moves meanwhile is in neither."""
    for old in sorted(folder.glob("*")):
        if old.suffix not in (PART, DRAFT):
            with old.open("rb") as facts:
                _add(archive, f"{ARCHIVE}/{old.name}", facts)


def _keys() -> dict[str, bytes]:
    """Return all but the witness, by their names: that must remember what the backup does not."""
    folder = Path(settings.KEYS_DIRECTORY)
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != WITNESS]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    _add(archive, name, io.BytesIO(content))


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.mode = 0o600
    member.size = content.seek(0, os.SEEK_END)
    content.seek(0)
    archive.addfile(member, content)
