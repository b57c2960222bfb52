"""A line to PostgreSQL: the statements prepared on one connection, and how several of them go in one trip."""

import selectors
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from chotxanh.storage.binary import KINDS, encoded_array

ARRAY = "[]"
UNTOLD = ""  # a null whose type the statement itself tells


class Statement:
    """An SQL text with `$1`, `$2` ... and the kinds of its values: `uuid`, or `uuid[]` for a column of them."""

    _numbers = count()

    def __init__(self, text: str, kinds: Sequence[str]) -> None:
        self.name = f"statement_{next(self._numbers)}".encode()
        self.text = text.encode()
        self.formats = [Format.BINARY] * len(kinds)
        self.types = list(map(_number_of, kinds))
        self._writers = list(map(_writer_of, kinds))

    def written(self, values: Sequence[Any]) -> list[Any]:
        """Write the values as the statement takes them; None is null."""
        return [
            None if value is None else write(value)
            for write, value in zip(self._writers, values, strict=True)
        ]


class Noted:
    """A statement noted on a line with its values, and its result once it was sent."""

    __slots__ = ("result", "statement", "values")

    def __init__(self, statement: Statement, values: list[Any]) -> None:
        self.statement, self.values = statement, values
        self.result: PGresult | None = None


class Line:
    """One connection to the database, the statements prepared on it, and those that were not sent yet."""

    def __init__(self, libpq: PGconn) -> None:
        self._libpq = libpq
        self._prepared: set[bytes] = set()
        self._unsent: list[Noted] = []
        self._reader = Transformer(_Decoding())
        # Made once: a selector costs as much as the statement it waits for.
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(libpq.socket, selectors.EVENT_READ)

    def add(self, statement: Statement, values: Sequence[Any], *, in_transaction: bool) -> Noted:
        """Note a statement for the next `send`; with `in_transaction` one is begun if none is open."""
        noted = self._noted(statement, values)
        if in_transaction and not self._unsent and self._libpq.transaction_status == TransactionStatus.IDLE:
            self._unsent.append(self._noted(_BEGIN, ()))
        self._unsent.append(noted)
        return noted

    def send(self, *, commits: bool = False) -> None:
        """Run what was noted, in that order and in one trip; raises psycopg's errors.

        With `commits` the transaction ends with it. Where nothing was noted nothing is done.
        """
        if not self._unsent:
            return
        if commits:
            self._unsent.append(self._noted(_COMMIT, ()))
        unsent, self._unsent = self._unsent, []
        results = self._sent_together(unsent) if len(unsent) > 1 else [self._sent_alone(unsent[0])]
        for noted, result in zip(unsent, results, strict=True):
            self._check(result)
            noted.result = result

    def forget_unsent(self) -> None:
        """Send nothing of what was noted: its transaction is taken back."""
        self._unsent = []

    def rows_of(self, result: PGresult) -> list[tuple[Any, ...]]:
        """Return the rows of a result; none if the statement gives none."""
        if result.status != ExecStatus.TUPLES_OK:
            return []
        self._reader.set_pgresult(result, format=Format.BINARY)
        return self._reader.load_rows(0, result.ntuples, tuple)

    def _noted(self, statement: Statement, values: Sequence[Any]) -> Noted:
        if statement.name not in self._prepared:
            self._check(self._libpq.prepare(statement.name, statement.text, statement.types))
            self._prepared.add(statement.name)
        return Noted(statement, statement.written(values))

    def _sent_alone(self, noted: Noted) -> PGresult:
        statement = noted.statement
        return self._libpq.exec_prepared(statement.name, noted.values, statement.formats, Format.BINARY)

    def _sent_together(self, unsent: Sequence[Noted]) -> list[PGresult]:
        """Send several in libpq's pipeline mode: each has its own answer, and what follows a failure is not run."""
        libpq = self._libpq
        libpq.enter_pipeline_mode()
        try:
            for noted in unsent:
                statement = noted.statement
                libpq.send_query_prepared(statement.name, noted.values, statement.formats, Format.BINARY)
            libpq.pipeline_sync()
            self._send_all()
            results = [self._next_answer() for _ in unsent]
            self._next_answer(is_last=True)
        finally:
            if libpq.status != ConnStatus.BAD:
                libpq.exit_pipeline_mode()
        return results

    def _send_all(self) -> None:
        """Send whatever is left: what the sockets do not hold goes only as the server reads, and it answers meanwhile.

        psycopg's connections do not block: libpq keeps the rest ("Asynchronous Command Processing", `PQflush`).
        """
        while self._libpq.flush():
            with selectors.DefaultSelector() as either:
                either.register(self._libpq.socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
                either.select()
            self._libpq.consume_input()

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
            self._waiting.select()
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


def _number_of(kind: str) -> int:
    if kind == UNTOLD:
        return 0
    return KINDS[kind.removesuffix(ARRAY)].array_oid if kind.endswith(ARRAY) else KINDS[kind].oid


def _writer_of(kind: str) -> Callable[[Any], bytes]:
    if kind == UNTOLD:
        return bytes  # never asked: only a null is untold
    if kind.endswith(ARRAY):
        return partial(encoded_array, kind.removesuffix(ARRAY))
    return KINDS[kind].encode


_Decoding.adapters.register_loader("jsonb", _JsonLoader)
_BEGIN, _COMMIT = Statement("BEGIN", []), Statement("COMMIT", [])
