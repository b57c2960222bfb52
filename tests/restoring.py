"""Takes a backup of the tests' own database and puts it back, as an administrator would: all of it, nothing else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql

SUFFIX = "_backup"


class Backup:
    """A copy of the database as it stood when this was made."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "backup.sqlite3"
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self._file)) as copy:
                connection.ensure_connection()
                connection.connection.backup(copy)
        else:
            self._copy(_name(), _name() + SUFFIX)

    def restore(self) -> None:
        """Put the copy in the place of the database."""
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(self._file)) as copy:
                connection.ensure_connection()
                copy.backup(connection.connection)
        else:
            self._copy(_name() + SUFFIX, _name())

    def forget(self) -> None:
        """Leave nothing behind."""
        if connection.vendor == "postgresql":
            with _administrator() as administrator:
                administrator.execute(_drop(_name() + SUFFIX))

    def _copy(self, source: str, target: str) -> None:
        with _administrator() as administrator:
            administrator.execute(_drop(target))
            administrator.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(target), sql.Identifier(source)
                )
            )


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _drop(database: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))


@contextmanager
def _administrator() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Connect beside the database, which nobody may use meanwhile."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    described = connection.settings_dict
    with psycopg.connect(
        host=described["HOST"],
        port=described["PORT"],
        user=described["USER"],
        password=described["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as administrator:
        yield administrator
