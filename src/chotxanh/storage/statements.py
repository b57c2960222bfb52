"""Runs one written-out statement on either database, prepared on PostgreSQL once it was run a few times."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from chotxanh.storage.rows import server_cursor


def ask(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows that a statement (a constant of the program) gives; `%s` stands for each value."""
    if is_postgresql():
        with server_cursor() as cursor:
            cursor.execute(statement.encode(), values)
            return cursor.fetchall()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def carry_out(statement: str, values: Sequence[Any] = ()) -> int:
    """Run a statement that gives no rows; return how many it changed."""
    if is_postgresql():
        with server_cursor() as cursor:
            return cursor.execute(statement.encode(), values).rowcount
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def is_postgresql() -> bool:
    """Say whether the database is PostgreSQL; otherwise it is SQLite."""
    return connection.vendor == "postgresql"
