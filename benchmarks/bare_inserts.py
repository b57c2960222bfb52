"""The limit of `ledger.ingest`: the rows the product wrote, written again by bare INSERT ... SELECT unnest.

A second database of the same server holds the same tables with the same indexes. The rows come beforehand as the
binary arrays that the server itself makes of them, so that nothing but the INSERTs and their commits is timed; the
connections are plain libpq.
"""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus, Format

from chotxanh.cli.postgres import PrivatePostgres
from chotxanh.cli.preparation import prepare_database
from chotxanh.declarations.models import Declaration
from chotxanh.ledger.models import Entry, FeedCard
from chotxanh.people.models import Registration
from chotxanh.vehicles.models import Vehicle

# Each table with the column by which a batch's rows are found: entries' numbers, vehicles, or person codes.
TABLES = (
    (Entry._meta.db_table, "id"),
    (Registration._meta.db_table, "id"),
    (Vehicle._meta.db_table, "named_by"),
    (Declaration._meta.db_table, "id"),
    (FeedCard._meta.db_table, "key"),
)
_COLUMNS = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


@dataclass(frozen=True)
class Statement:
    """One prepared INSERT with its encoded arrays."""

    name: bytes
    parameters: tuple[bytes, ...]


class BareDatabase:
    """The second database, and `connections` open ones to it."""

    def __init__(self, server: PrivatePostgres, connections: int) -> None:
        url = server.create_database("bare")
        prepare_database(os.environ | {"CHOTXANH_DATABASE_URL": url}, with_demo=False)
        self._source = psycopg.connect(os.environ["CHOTXANH_DATABASE_URL"], autocommit=True)
        self._targets = [psycopg.connect(url, autocommit=True) for _ in range(connections)]
        self._columns = {table: self._source.execute(_COLUMNS, [table]).fetchall() for table, _ in TABLES}
        for target in self._targets:
            for table, _ in TABLES:
                self._prepare(target, table)

    def write(self, batches: Sequence[Sequence[Sequence[UUID]]]) -> float:
        """Write the rows of these entries, for each connection batch after batch; return the seconds."""
        work = [[self._statements(ids) for ids in own] for own in batches]
        began = time.perf_counter()
        with ThreadPoolExecutor(len(self._targets)) as threads:
            list(threads.map(_write, self._targets, work))
        return time.perf_counter() - began

    def close(self) -> None:
        """Close every connection."""
        for connection in [self._source, *self._targets]:
            connection.close()

    def _prepare(self, target: psycopg.Connection[Any], table: str) -> None:
        columns = self._columns[table]
        query = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest({}) {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
            sql.SQL(", ").join(
                sql.SQL(f"${number}::{kind}[]") for number, (_, kind) in enumerate(columns, start=1)
            ),
            # A vehicle met again was renamed after a smaller entry: its row was written in an earlier round.
            sql.SQL("ON CONFLICT DO NOTHING" if table == Vehicle._meta.db_table else ""),
        )
        target.pgconn.prepare(table.encode(), query.as_bytes(target))

    def _statements(self, ids: Sequence[UUID]) -> list[Statement]:
        codes = self._source.execute(
            "SELECT person_code FROM people_registration WHERE id = ANY(%s)", [list(ids)]
        ).fetchall()
        keys = {"key": [code for (code,) in codes]}
        statements = []
        for table, column in TABLES:
            names = [name for name, _ in self._columns[table]]
            query = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s)").format(
                sql.SQL(", ").join(sql.SQL("array_agg({})").format(sql.Identifier(name)) for name in names),
                sql.Identifier(table),
                sql.Identifier(column),
            )
            arrays = self._source.execute(query, [keys.get(column, list(ids))], binary=True).pgresult
            if arrays is not None and arrays.get_value(0, 0) is not None:
                values = (arrays.get_value(0, number) for number in range(len(names)))
                statements.append(Statement(table.encode(), tuple(value or b"" for value in values)))
        return statements


def _write(target: psycopg.Connection[Any], work: Sequence[Sequence[Statement]]) -> None:
    for statements in work:
        _expect(target.pgconn.exec_(b"BEGIN"))
        for statement in statements:
            formats = [Format.BINARY] * len(statement.parameters)
            _expect(target.pgconn.exec_prepared(statement.name, statement.parameters, formats))
        _expect(target.pgconn.exec_(b"COMMIT"))


def _expect(result: Any) -> None:
    if result.status != ExecStatus.COMMAND_OK:
        raise psycopg.DatabaseError(result.error_message.decode(errors="replace"))
