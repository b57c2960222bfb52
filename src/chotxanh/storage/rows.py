"""Writes many rows in one statement on PostgreSQL and SQLite, and says which of them were new.

The ORM's bulk_create cannot tell who won an ON CONFLICT, and costs 1.8 times more CPU.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from django.db import connection, connections, models, router

from chotxanh.storage.binary import kind_of
from chotxanh.storage.line import ARRAY, Statement
from chotxanh.storage.prepared import Ahead, run_ahead
from chotxanh.storage.vendors import is_postgresql

Row = TypeVar("Row", bound=tuple[Any, ...])
SQLITE_PARAMETERS = 30_000
RETURNING = "RETURNING"


@dataclass(frozen=True, eq=False)  # a constant of the program: found by itself, not by its columns
class Table(Generic[Row]):
    """A model's table with the columns that a reader or a writer knows: the fields of `row`, a NamedTuple.

    Values are named where a row is made, so that no two of them can change places unseen.
    """

    model: type[models.Model]
    row: type[Row]

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the row's fields, which are those of the model."""
        return self.row._fields  # type: ignore[attr-defined,no-any-return]


class Known(NamedTuple):
    """Only the number of a row."""

    id: UUID


def insert(table: Table[Row], rows: Sequence[Row]) -> None:
    """Insert rows that must all be new."""
    _insert(table, rows, "")


def insert_missing(table: Table[Row], rows: Sequence[Row]) -> set[Any]:
    """Insert the rows that break no unique constraint; return the first-column values of those that were new."""
    return insert_missing_ahead(table, rows)()


def insert_missing_ahead(table: Table[Row], rows: Sequence[Row]) -> Ahead[set[Any]]:
    """Insert likewise, but wait for which were new only when they are asked for (on PostgreSQL)."""
    inserted = _insert(table, rows, _leaving(table))
    return lambda: set(inserted())


def add_missing(table: Table[Row], rows: Sequence[Row]) -> None:
    """Insert likewise where nobody asks which were new: on PostgreSQL nobody waits for it either."""
    _insert(table, rows, "ON CONFLICT DO NOTHING")


def upsert(table: Table[Row], rows: Sequence[Row], *, least: Sequence[str] = ()) -> None:
    """Insert rows or replace those with the same first column.

    Columns in `least` keep the smaller value, so that the outcome does not depend on who came first.
    """
    _insert(table, rows, _replacing(table, tuple(least)))


@cache
def _leaving(table: Table[Any]) -> str:
    return f'ON CONFLICT DO NOTHING {RETURNING} "{_columns(table)[0]}"'


@cache
def _replacing(table: Table[Any], least: tuple[str, ...]) -> str:
    columns = _columns(table)
    smaller = "LEAST" if is_postgresql() else "MIN"
    kept = {_field(table, name).column for name in least}
    changes = ", ".join(
        f'"{column}" = {smaller}({table.name}."{column}", EXCLUDED."{column}")'
        if column in kept
        else f'"{column}" = EXCLUDED."{column}"'
        for column in columns[1:]
    )
    return f'ON CONFLICT ("{columns[0]}") DO UPDATE SET {changes}'


def _insert(table: Table[Row], rows: Sequence[Row], tail: str) -> Ahead[list[Any]]:
    if not rows:
        return list
    if is_postgresql():
        return _insert_postgresql(table, rows, tail)
    returned = _insert_sqlite(table, rows, tail)
    return lambda: returned


def _insert_postgresql(table: Table[Row], rows: Sequence[Row], tail: str) -> Ahead[list[Any]]:
    # One row as plain values: unnesting its columns costs the database as much again.
    is_one = len(rows) == 1
    statement = _statement_of_one(table, tail) if is_one else _statement_of_many(table, tail)
    values = rows[0] if is_one else list(zip(*rows, strict=True))
    asked = run_ahead(statement, values, writes=table.name)
    return lambda: [row[0] for row in asked()]


def _insert_sqlite(table: Table[Row], rows: Sequence[Row], tail: str) -> list[Any]:
    head = f'INSERT INTO "{table.name}" ({_quoted(table)}) VALUES '
    one = f"({', '.join(['%s'] * len(table.columns))})"
    returned: list[Any] = []
    with connections[router.db_for_write(table.model)].cursor() as cursor:
        for part in _parts(rows, SQLITE_PARAMETERS // len(table.columns)):
            values = [adapt_for_sqlite(value) for row in part for value in row]
            cursor.execute(f"{head}{', '.join([one] * len(part))} {tail}", values)
            if RETURNING in tail:
                returned += [_from_sqlite(table, row[0]) for row in cursor.fetchall()]
    return returned


@cache
def _statement_of_one(table: Table[Any], tail: str) -> Statement:
    kinds = _kinds(table)
    values = ", ".join(f"${number}" for number in range(1, len(kinds) + 1))
    return Statement(f'INSERT INTO "{table.name}" ({_quoted(table)}) VALUES ({values}) {tail}', kinds)


@cache
def _statement_of_many(table: Table[Any], tail: str) -> Statement:
    kinds = _kinds(table)
    arrays = ", ".join(f"${number}" for number in range(1, len(kinds) + 1))
    text = f'INSERT INTO "{table.name}" ({_quoted(table)}) SELECT * FROM unnest({arrays}) {tail}'
    return Statement(text, [kind + ARRAY for kind in kinds])


def _kinds(table: Table[Any]) -> list[str]:
    return [kind_of(_field(table, name).db_type(connection) or "") for name in table.columns]


def adapt_for_sqlite(value: Any) -> Any:
    """Return a value as Django writes it to SQLite: UUIDs and times become texts."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return (
            value.astimezone(UTC)
            .replace(tzinfo=None)
            .isoformat(" ", "microseconds" if value.microsecond else "auto")
        )
    return value


def _from_sqlite(table: Table[Row], value: Any) -> Any:
    is_uuid = isinstance(_field(table, table.columns[0]), models.UUIDField)
    return UUID(value) if is_uuid and value is not None else value


@cache
def _columns(table: Table[Any]) -> tuple[str, ...]:
    return tuple(str(_field(table, name).column) for name in table.columns)


def _quoted(table: Table[Any]) -> str:
    return ", ".join(f'"{column}"' for column in _columns(table))


def _field(table: Table[Row], name: str) -> "models.Field[Any, Any]":
    field = table.model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _parts(rows: Sequence[Row], size: int) -> Iterable[Sequence[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def as_json(value: Any) -> str:
    """Write a value for a JSON column; both databases take the text."""
    return msgspec.json.encode(value).decode()
