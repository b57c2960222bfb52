"""Runs prepared statements over Django's own connection to PostgreSQL, past its cursors and psycopg's.

A batch of one entry is a dozen small statements, so what one costs is what the batch costs: a statement sent by libpq
with values already in binary takes a third of the CPU that a cursor takes, on both sides of the line. What only writes
or locks has no answer to wait for: in a block of `sending_together` it goes with the next statement that asks.
"""

import selectors
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from chotxanh.storage.binary import KINDS, encoded, encoded_array

ARRAY = "[]"
UNTOLD = ""  # a null whose type the statement itself tells


def _number_of(kind: str) -> int:
    if kind == UNTOLD:
        return 0
    return KINDS[kind.removesuffix(ARRAY)].array_oid if kind.endswith(ARRAY) else KINDS[kind].oid


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
    """One connection to the database, the statements prepared on it, and those that were not sent yet."""

    def __init__(self, libpq: PGconn) -> None:
        self._libpq = libpq
        self._prepared: set[bytes] = set()
        self._unsent: list[tuple[Statement, Any]] = []
        self._reader = Transformer(_Decoding())

    def add(self, statement: Statement, values: Sequence[Any], *, in_transaction: bool) -> None:
        """Note a statement for the next `send`; with `in_transaction` one is begun if none is open."""
        ready = self._ready(statement, values)
        if in_transaction and not self._unsent and self._libpq.transaction_status == TransactionStatus.IDLE:
            self._unsent.append(self._ready(_BEGIN, ()))
        self._unsent.append(ready)

    def send(self) -> PGresult | None:
        """Run what was noted, in that order and in one trip; return the last answer. Raises psycopg's errors."""
        unsent, self._unsent = self._unsent, []
        if len(unsent) > 1:
            results = self._sent_together(unsent)
        else:
            results = [
                self._libpq.exec_prepared(statement.name, sent, statement.formats, Format.BINARY)
                for statement, sent in unsent
            ]
        for result in results:
            self._check(result)
        return results[-1] if results else None

    def forget_unsent(self) -> None:
        """Send nothing of what was noted: its transaction is taken back."""
        self._unsent = []

    def rows_of(self, result: PGresult) -> list[tuple[Any, ...]]:
        """Return the rows of a result; none if the statement gives none."""
        if result.status != ExecStatus.TUPLES_OK:
            return []
        self._reader.set_pgresult(result, format=Format.BINARY)
        return self._reader.load_rows(0, result.ntuples, tuple)

    def _ready(self, statement: Statement, values: Sequence[Any]) -> tuple[Statement, Any]:
        if statement.name not in self._prepared:
            self._check(self._libpq.prepare(statement.name, statement.text, statement.types))
            self._prepared.add(statement.name)
        return statement, statement.written(values)

    def _sent_together(self, unsent: Sequence[tuple[Statement, Any]]) -> list[PGresult]:
        """Send several in libpq's pipeline mode: each has its own answer, and what follows a failure is not run."""
        libpq = self._libpq
        libpq.enter_pipeline_mode()
        try:
            for statement, sent in unsent:
                libpq.send_query_prepared(statement.name, sent, statement.formats, Format.BINARY)
            libpq.pipeline_sync()
            results = [self._next_answer() for _ in unsent]
            self._next_answer(is_last=True)
        finally:
            if libpq.status != ConnStatus.BAD:
                libpq.exit_pipeline_mode()
        return results

    def _next_answer(self, *, is_last: bool = False) -> PGresult:
        """Take one answer; behind each but that of the whole stands a nothing."""
        self._await_answer()
        result = self._libpq.get_result()
        if not is_last:
            self._libpq.get_result()
        if result is None:
            raise psycopg.OperationalError("connection lost")
        return result

    def _await_answer(self) -> None:
        """Wait until there is an answer to take, and let other threads run meanwhile.

        psycopg's `get_result` waits without letting them: whoever holds the lock that is waited for may be one of them.
        """
        while self._libpq.is_busy():
            with selectors.DefaultSelector() as waiting:
                waiting.register(self._libpq.socket, selectors.EVENT_READ)
                waiting.select()
            self._libpq.consume_input()

    def _check(self, result: PGresult) -> None:
        if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            return
        if self._libpq.status == ConnStatus.BAD:
            raise psycopg.OperationalError(result.error_message.decode(errors="replace") or "connection lost")
        raise psycopg.errors.error_from_result(result)


class _JsonLoader(Loader):
    """Leaves JSON as text in UTF-8: who wants it decoded knows its type."""

    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        """Drop the version that stands before the text."""
        return bytes(data)[1:]


class _Decoding:
    """How psycopg's reader makes values of what the database sends; times are in UTC."""

    connection = None
    adapters = AdaptersMap(psycopg.adapters)


_Decoding.adapters.register_loader("jsonb", _JsonLoader)
_lines: WeakKeyDictionary[psycopg.Connection[Any], Line] = WeakKeyDictionary()
_BEGIN = Statement("BEGIN", [])


def run(statement: Statement, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement inside Django's open transaction, if there is one; return its rows."""
    line, result = _run(statement, values)
    return line.rows_of(result)


def changed_by(statement: Statement, values: Sequence[Any]) -> int:
    """Run a statement likewise; return how many rows it changed."""
    _, result = _run(statement, values)
    return result.command_tuples or 0


def run_unheard(statement: Statement, values: Sequence[Any]) -> None:
    """Run a statement whose answer nobody waits for: in a block of `sending_together`, with the next that asks."""
    database = connections[DEFAULT_DB_ALIAS]
    line = _line_of(database)
    with database.wrap_database_errors:
        line.add(statement, values, in_transaction=not database.connection.autocommit)
        if _send_unsent not in database.execute_wrappers:
            line.send()


@contextmanager
def sending_together() -> Iterator[None]:
    """Within the block, inside a transaction of PostgreSQL, let what nobody waits for go with what follows it.

    Everything has been run when the block ends, or nothing more of it where the block raises. Django's own statements
    find everything run that was said before them.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        yield
        return
    with database.execute_wrapper(_send_unsent):
        try:
            yield
        except BaseException:
            _line_of(database).forget_unsent()
            raise
        _send(database)


def _send_unsent(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    """Stand before each of Django's own statements (its hook for those)."""
    _send(context["connection"])
    return execute(sql, params, many, context)


def _send(database: BaseDatabaseWrapper) -> None:
    with database.wrap_database_errors:
        _line_of(database).send()


def _run(statement: Statement, values: Sequence[Any]) -> tuple[Line, PGresult]:
    # Asked once: Django's proxy looks the thread up at every attribute.
    database = connections[DEFAULT_DB_ALIAS]
    line = _line_of(database)
    with database.wrap_database_errors:
        line.add(statement, values, in_transaction=not database.connection.autocommit)
        result = line.send()
    assert result is not None
    return line, result


def _line_of(database: Any) -> Line:
    if database.connection is None:
        database.ensure_connection()
    raw = database.connection
    line = _lines.get(raw)
    if line is None:
        line = _lines[raw] = Line(raw.pgconn)
    return line
