"""SQLite: each file copied by its own backup, and put in the place of one that holds nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.db import connections

from chotxanh.site.backups.switching import Switch

FOLDER = "sqlite/"
BESIDE_IT = ("", "-wal", "-shm")


def copied(folder: Path) -> Iterator[tuple[str, Path]]:
    """Copy each file while the server goes on; yields its name in the backup with the copy, which is the caller's."""
    for alias in connections:
        copy = folder / f"{alias}.sqlite3"
        with closing(sqlite3.connect(file_of(alias))) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
        yield f"{FOLDER}{alias}", copy


def are_whole(folder: Path) -> bool:
    """Say whether every file is there and each of its pages is as SQLite wrote it."""
    return all(_is_whole(folder / FOLDER / alias) for alias in connections)


def bring(switch: Switch, folder: Path) -> None:
    """Bring the copies beside their places; what lies there will be kept under its name with the mark."""
    connections.close_all()  # the last one takes its log along
    for alias in connections:
        place = Path(file_of(alias))
        for suffix in BESIDE_IT[1:]:
            switch.set_aside(place.with_name(f"{place.name}{suffix}"), suffix)
        switch.put(folder / FOLDER / alias, place)


def file_of(alias: str) -> str:
    """Return where a database lies."""
    return str(connections[alias].settings_dict["NAME"])


def _is_whole(copy: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
            return list(database.execute("PRAGMA integrity_check")) == [("ok",)]
    except sqlite3.Error:
        return False
