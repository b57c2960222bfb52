"""Reads rows by their keys without building a query each time.

The ORM spends about 0.4 ms of CPU on composing one query; a batch needs a handful of look-ups that mostly find nothing.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from django.db import connection, models

from chotxanh.storage.binary import kind_of
from chotxanh.storage.line import ARRAY, Statement
from chotxanh.storage.prepared import Ahead, is_foresight_useful, read_ahead, run_ahead
from chotxanh.storage.rows import Row, Table
from chotxanh.storage.statements import read_statement_ahead
from chotxanh.storage.vendors import is_postgresql

LARGEST_PART = 900  # SQLite's older builds bind at most 999 values
LOCKING = "FOR UPDATE"
Convert: TypeAlias = Callable[[Any], Any]


def lookup(table: Table[Row], key: str, values: Collection[Any], *, tail: str = "") -> list[Row]:
    """Return every row whose column `key` is among `values`, in no order.

    `tail` is what follows the condition in SQL: a constant of the program.
    """
    return lookup_ahead(table, key, values, tail=tail)()


def lookup_ahead(table: Table[Row], key: str, values: Collection[Any], *, tail: str = "") -> Ahead[list[Row]]:
    """Look up likewise, but wait for the rows only when they are asked for (on PostgreSQL, in `sending_together`)."""
    if not values:
        return list
    if is_postgresql():
        asked = _asked_of_postgresql(table, key, list(values), tail)
        return lambda: made_of(table, asked())
    rows = _asked_of_sqlite(table, key, list(values), tail)
    return lambda: made_of(table, rows)


def foresee(table: Table[Any], key: str, values: Collection[Any]) -> None:
    """Let a look-up that will be made go with the next statement that is waited for, where that saves a trip."""
    if values and is_foresight_useful():
        _asked_of_postgresql(table, key, list(values), "")


def as_read(table: Table[Any]) -> tuple[tuple[Any, ...], ...]:
    """Return every row of a small table as the driver gives it, in no order: equal as long as nothing changes."""
    return as_read_ahead(table)()


def as_read_ahead(table: Table[Any]) -> Ahead[tuple[tuple[Any, ...], ...]]:
    """Read likewise, but wait for the rows only when they are asked for (on PostgreSQL, in `sending_together`)."""
    asked = read_statement_ahead(_selection(table))
    return lambda: tuple(asked())


def made_of(table: Table[Row], rows: Iterable[tuple[Any, ...]]) -> list[Row]:
    """Return what `as_read` gave as rows of the table."""
    make: Callable[[Any], Row] = table.row._make  # type: ignore[attr-defined]
    converts = _converts(table)
    return [make(_converted(row, converts) if converts else row) for row in rows]


def _asked_of_postgresql(
    table: Table[Any], key: str, values: list[Any], tail: str
) -> Ahead[list[tuple[Any, ...]]]:
    # One value as it is: its plan is cheaper than that of an array.
    is_one = len(values) == 1
    statement = _statement_by_one(table, key, tail) if is_one else _statement_by_many(table, key, tail)
    wanted = values if is_one else [values]
    if LOCKING in tail:
        return run_ahead(statement, wanted)
    return read_ahead(statement, wanted, tables=frozenset({table.name}))


def _asked_of_sqlite(table: Table[Any], key: str, values: list[Any], tail: str) -> list[tuple[Any, ...]]:
    wanted = [value.hex if isinstance(value, UUID) else value for value in values]
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), LARGEST_PART):
            part = wanted[start : start + LARGEST_PART]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f'{_selection(table)} WHERE "{key}" IN ({marks}) {tail}', part)
            found += cursor.fetchall()
    return found


def _converted(row: tuple[Any, ...], converts: tuple[tuple[int, Convert], ...]) -> list[Any]:
    values = list(row)
    for place, convert in converts:
        if values[place] is not None:
            values[place] = convert(values[place])
    return values


@cache
def _statement_by_one(table: Table[Any], key: str, tail: str) -> Statement:
    return Statement(f'{_selection(table)} WHERE "{key}" = $1 {tail}', [_kind(table, key)])


@cache
def _statement_by_many(table: Table[Any], key: str, tail: str) -> Statement:
    return Statement(f'{_selection(table)} WHERE "{key}" = ANY($1) {tail}', [_kind(table, key) + ARRAY])


def _kind(table: Table[Any], key: str) -> str:
    return kind_of(table.model._meta.get_field(key).db_type(connection) or "")


@cache
def _selection(table: Table[Any]) -> str:
    columns = ", ".join(f'"{_column(table, name)}"' for name in table.columns)
    return f'SELECT {columns} FROM "{table.name}"'


def _column(table: Table[Any], name: str) -> str:
    return str(table.model._meta.get_field(name).column)  # type: ignore[union-attr]


@cache
def _converts(table: Table[Any]) -> tuple[tuple[int, Convert], ...]:
    """Return what makes a driver's values into the model's, by their places in a row."""
    found = []
    for place, name in enumerate(table.columns):
        convert = _convert(table.model._meta.get_field(name))
        if convert is not None:
            found.append((place, convert))
    return tuple(found)


def _convert(field: Any) -> Convert | None:
    if isinstance(field, models.JSONField):
        return msgspec.json.decode
    if is_postgresql():
        return None
    if isinstance(field, models.UUIDField):
        return UUID
    if isinstance(field, models.DateTimeField):
        return _in_utc
    return bool if isinstance(field, models.BooleanField) else None


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
