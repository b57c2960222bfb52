"""Puts a backup back into a database that holds nothing: all of it is opened before anything is touched."""

import tarfile
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, cast

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from chotxanh.configuration import replace_file
from chotxanh.keys.sealed_files import FileDoesNotOpen, SealedReader
from chotxanh.ledger.feed.head import feed_head
from chotxanh.ledger.feed.witness import FILE as WITNESS
from chotxanh.ledger.feed.witness import begin_new_life
from chotxanh.ledger.models import Entry
from chotxanh.site.backups import archives, postgresql, sqlite
from chotxanh.site.backups.manifest import KEYS, MANIFEST, Manifest, migrations_unknown
from chotxanh.site.backups.switching import Switch
from chotxanh.site.unsealed import unsealed_folder
from chotxanh.storage.vendors import is_postgresql


class RestoreRefused(Exception):
    """Nothing was touched. As a text it is the sentence that says why."""


class Restored(NamedTuple):
    """What the backup says of itself, and the archives that lie beside others now."""

    manifest: Manifest
    archives_aside: list[Path]


def restore(file: Path, passphrase: str, now: datetime) -> Restored:
    """Put database and keys back, and begin a new life of the node.

    Raises RestoreRefused; and OSError of what cannot be written: then all that lay here lies here again.
    """
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with unsealed_folder("restore-") as place:
        manifest = _opened(file, passphrase, place)
        _check(manifest, place)
        archives_aside = _put_back(place, manifest, Switch(now.strftime("before-restore-%Y%m%d-%H%M%S")))
    for alias in connections:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    begin_new_life(feed_head().node_epoch)
    return Restored(manifest, archives_aside)


def _put_back(folder: Path, manifest: Manifest, switch: Switch) -> list[Path]:
    """Switch once everything is beside its place; return which archives lie beside others."""
    try:
        archives_aside = archives.bring(switch, folder)
        _bring_keys(switch, folder / KEYS)
        if not is_postgresql():
            sqlite.bring(switch, folder)
        with switch.switched():
            if is_postgresql():
                postgresql.put_back(folder, manifest)
    finally:
        switch.clear()
    return archives_aside


def _opened(file: Path, passphrase: str, folder: Path) -> Manifest:
    """Open the whole backup into `folder`: what was altered or cut off anywhere ends it here."""
    try:
        opened = file.open("rb")
    except OSError as error:
        raise RestoreRefused(f"The backup cannot be read: {error}.") from None
    try:
        with opened as stream:
            reader = SealedReader(stream, passphrase)
            with tarfile.open(fileobj=cast(IO[bytes], reader), mode="r|") as archive:
                for member in archive:
                    _take_out(archive, member, folder)
            reader.read()
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (FileDoesNotOpen, tarfile.TarError, msgspec.DecodeError, KeyError) as broken:
        raise RestoreRefused(
            f"{file} does not open: it is not whole, was altered, or the passphrase is another."
        ) from broken


def _take_out(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one member; its name was sealed with its content, and is believed no further than this folder."""
    name = PurePosixPath(member.name)
    content = archive.extractfile(member)
    if content is None or name.is_absolute() or ".." in name.parts:
        raise FileDoesNotOpen
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as stream:
        while part := content.read(1 << 20):
            stream.write(part)
    target.chmod(0o600)


def _check(manifest: Manifest, folder: Path) -> None:
    if manifest.vendor != connection.vendor:
        raise RestoreRefused(f"The backup is of {manifest.vendor}, this database is {connection.vendor}.")
    if unknown := migrations_unknown(manifest):
        raise RestoreRefused(
            f"A newer release made the backup: {unknown[0]} is not known here. Update first."
        )
    is_whole = postgresql.are_whole(folder, manifest) if is_postgresql() else sqlite.are_whole(folder)
    if not is_whole:
        raise RestoreRefused("The backup lacks a part of the database: it was taken of a damaged one.")
    if is_postgresql() and postgresql.others_connected():
        raise RestoreRefused("Others use the database: stop the server and its worker first.")
    if is_postgresql() and (others := postgresql.tables_of_others(manifest)):
        raise RestoreRefused(
            f"The database has tables that are not of this product ({others[0]}), and restoring drops every table: "
            "name one of its own (CHOTXANH_DATABASE_URL)."
        )
    if _holds_entries():
        raise RestoreRefused(
            "The database holds entries, and nothing is put over them: name an empty one "
            "(CHOTXANH_DATABASE_URL), or with SQLite move its files away."
        )


def _holds_entries() -> bool:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return Entry._meta.db_table in tables and Entry.objects.exists()


def _bring_keys(switch: Switch, folder: Path) -> None:
    """Let the keys be put in their place; others there are kept beside it. The witness stays: it knows more."""
    keys = Path(settings.KEYS_DIRECTORY)
    folder.mkdir(exist_ok=True, mode=0o700)
    draft = switch.put(folder, keys)
    if (keys / WITNESS).exists():
        replace_file(draft / WITNESS, (keys / WITNESS).read_bytes())
