"""Runs prepared statements over Django's own connection to PostgreSQL, past its cursors and psycopg's.

A batch of one entry is a dozen small statements, so what one costs is what the batch costs: a statement sent by libpq
with values already in binary takes a third of the CPU that a cursor takes, on both sides of the line.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from chotxanh.storage.binary import KINDS, encoded, encoded_array

ARRAY = "[]"
UNTOLD = ""  # a null whose type the statement itself tells


class Statement:
    """An SQL text with `$1`, `$2` ... and the kinds of its values: `uuid`, or `uuid[]` for a column of them."""

    _numbers = count()

    def __init__(self, text: str, kinds: Sequence[str]) -> None:
        self.name = f"statement_{next(self._numbers)}".encode()
        self.text = text.encode()
        self.arrays = tuple(kind.endswith(ARRAY) for kind in kinds)
        self.kinds = tuple(kind.removesuffix(ARRAY) for kind in kinds)
        self.formats = [Format.BINARY] * len(self.kinds)
        self.types = list(map(_number_of, kinds))

    def written(self, values: Sequence[Any]) -> list[bytes | None]:
        """Write the values as the statement takes them."""
        return [
            encoded_array(kind, value) if is_array else encoded(kind, value)
            for kind, is_array, value in zip(self.kinds, self.arrays, values, strict=True)
        ]


class Line:
    """One connection to the database, and the statements prepared on it."""

    def __init__(self, libpq: PGconn) -> None:
        self._libpq = libpq
        self._prepared: set[bytes] = set()
        self._reader = Transformer(_Reading())

    def run(self, statement: Statement, values: Sequence[Any], *, in_transaction: bool) -> PGresult:
        """Run a statement; with `in_transaction` one is begun if none is open. Raises psycopg's errors."""
        libpq = self._libpq
        if in_transaction and libpq.transaction_status == TransactionStatus.IDLE:
            self._checked(libpq.exec_(b"BEGIN"))
        if statement.name not in self._prepared:
            self._checked(libpq.prepare(statement.name, statement.text, statement.types))
            self._prepared.add(statement.name)
        sent: Any = statement.written(values)  # psycopg's own types forget that a value may be null
        return self._checked(libpq.exec_prepared(statement.name, sent, statement.formats, Format.BINARY))

    def rows_of(self, result: PGresult) -> list[tuple[Any, ...]]:
        """Return the rows of a result; none if the statement gives none."""
        if result.status != ExecStatus.TUPLES_OK:
            return []
        self._reader.set_pgresult(result, format=Format.BINARY)
        return self._reader.load_rows(0, result.ntuples, tuple)

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            return result
        if self._libpq.status == ConnStatus.BAD:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace") or "connection lost")
        raise psycopg.errors.error_from_result(result)


class _JsonLoader(Loader):
    """Leaves JSON as text in UTF-8: who wants it decoded knows its type."""

    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        """Drop the version that stands before the text."""
        return bytes(data)[1:]


class _Reading:
    """How psycopg's reader makes values of what the database sends; times are in UTC."""

    connection = None
    adapters = AdaptersMap(psycopg.adapters)


_Reading.adapters.register_loader("jsonb", _JsonLoader)
_lines: WeakKeyDictionary[psycopg.Connection[Any], Line] = WeakKeyDictionary()


def run(statement: Statement, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement inside Django's open transaction, if there is one; return its rows."""
    line, result = _run(statement, values)
    return line.rows_of(result)


def changed_by(statement: Statement, values: Sequence[Any]) -> int:
    """Run a statement likewise; return how many rows it changed."""
    _, result = _run(statement, values)
    return result.command_tuples or 0


def _run(statement: Statement, values: Sequence[Any]) -> tuple[Line, PGresult]:
    # Asked once: Django's proxy looks the thread up at every attribute.
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    raw = database.connection
    line = _lines.get(raw)
    if line is None:
        line = _lines[raw] = Line(raw.pgconn)
    with database.wrap_database_errors:
        return line, line.run(statement, values, in_transaction=not raw.autocommit)


def _number_of(kind: str) -> int:
    if kind == UNTOLD:
        return 0
    return KINDS[kind.removesuffix(ARRAY)].array_oid if kind.endswith(ARRAY) else KINDS[kind].oid
