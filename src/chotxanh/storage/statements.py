"""Runs one written-out statement on either database, prepared on PostgreSQL."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections

from chotxanh.storage.line import ARRAY, UNTOLD, Statement
from chotxanh.storage.prepared import Ahead, changed_by, read_ahead, run, run_ahead
from chotxanh.storage.rows import adapt_for_sqlite
from chotxanh.storage.vendors import is_postgresql

_READ = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)')
_KINDS = {
    str: "text",
    bool: "boolean",
    int: "bigint",
    bytes: "bytea",
    UUID: "uuid",
    datetime: "timestamp with time zone",
    date: "date",
    type(None): UNTOLD,
}


def ask(
    statement: str, values: Sequence[Any] = (), *, database: str = DEFAULT_DB_ALIAS
) -> list[tuple[Any, ...]]:
    """Return the rows that a statement (a constant of the program) gives; `%s` stands for each value.

    `database` is the file on SQLite; PostgreSQL has but one database.
    """
    if is_postgresql():
        return run(_statement(statement, tuple(map(_kind, values))), values)
    with connections[database].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def ask_ahead(
    statement: str, values: Sequence[Any] = (), *, database: str = DEFAULT_DB_ALIAS
) -> Ahead[list[tuple[Any, ...]]]:
    """Ask likewise, but wait for the rows only when they are asked for (on PostgreSQL, in `sending_together`)."""
    if is_postgresql():
        return run_ahead(_statement(statement, tuple(map(_kind, values))), values)
    rows = ask(statement, values, database=database)
    return lambda: rows


def read_statement_ahead(statement: str, values: Sequence[Any] = ()) -> Ahead[list[tuple[Any, ...]]]:
    """Ask likewise by a statement that only reads and locks nothing: what is known in the block is not asked again."""
    if is_postgresql():
        asked = _statement(statement, tuple(map(_kind, values)))
        return read_ahead(asked, values, tables=_tables_read(statement))
    return ask_ahead(statement, values)


def carry_out(statement: str, values: Sequence[Any] = (), *, database: str = DEFAULT_DB_ALIAS) -> int:
    """Run a statement that gives no rows; return how many it changed."""
    if is_postgresql():
        return changed_by(_statement(statement, tuple(map(_kind, values))), values)
    with connections[database].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def say(statement: str, values: Sequence[Any] = (), *, database: str = DEFAULT_DB_ALIAS) -> None:
    """Run a statement whose answer nobody waits for: on PostgreSQL with the next one, in `sending_together`."""
    if is_postgresql():
        run_ahead(_statement(statement, tuple(map(_kind, values))), values)
    else:
        carry_out(statement, values, database=database)


def as_column(value: datetime | UUID) -> Any:
    """Return a time (UTC) or a UUID as a statement compares it with a column: SQLite keeps both as texts."""
    return value if is_postgresql() else adapt_for_sqlite(value)


def as_uuid(value: Any) -> UUID:
    """Return a UUID that a statement gave: SQLite keeps them as texts."""
    return value if isinstance(value, UUID) else UUID(value)


def as_time(value: Any) -> datetime:
    """Return a time (UTC) that a statement gave: SQLite keeps it without its zone."""
    assert isinstance(value, datetime)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _kind(value: Any) -> str:
    known = _KINDS.get(type(value))
    if known is not None:
        return known
    if isinstance(value, list | tuple):
        return next((_kind(each) for each in value if each is not None), "text") + ARRAY
    return next(kind for wide, kind in _KINDS.items() if isinstance(value, wide))


@lru_cache(maxsize=512)
def _tables_read(text: str) -> frozenset[str]:
    """Return the tables that a SELECT names, without the quotes it may put them in."""
    return frozenset(_READ.findall(text))


@lru_cache(maxsize=512)
def _statement(text: str, kinds: tuple[str, ...]) -> Statement:
    parts = text.split("%s")
    numbered = "".join(f"{part}${number}" for number, part in enumerate(parts[:-1], start=1))
    return Statement((numbered + parts[-1]).replace("%%", "%"), kinds)
