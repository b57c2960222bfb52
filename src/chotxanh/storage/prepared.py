"""Runs prepared statements over Django's own connection to PostgreSQL, past its cursors and psycopg's.

A batch of one entry is a dozen small statements, so what one costs is what the batch costs: a statement sent by libpq
with values already in binary takes a third of the CPU that a cursor takes, on both sides of the line. In a block of
`sending_together` what is asked ahead, and what only writes or locks, goes with the next statement that is waited for.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from chotxanh.storage.line import Line, Noted, Statement
from chotxanh.storage.memory import Memory, name_of
from chotxanh.storage.vendors import is_postgresql

T = TypeVar("T")
# What was asked ahead: called, it gives the answer, for which everything noted is sent if it was not yet.
Ahead: TypeAlias = Callable[[], T]


@dataclass(frozen=True)
class _Talk:
    """Django's connection with the line over it, and what was read over it and still holds."""

    database: Any
    line: Line
    memory: Memory = field(default_factory=Memory)

    def note(self, statement: Statement, values: Sequence[Any], *, is_awaited: bool) -> Noted:
        """Note a statement inside Django's open transaction, if there is one; send it if somebody waits for it."""
        with self.database.wrap_database_errors:
            in_transaction = not self.database.connection.autocommit
            noted = self.line.add(statement, values, in_transaction=in_transaction)
            if is_awaited:
                self.line.send()
        return noted

    def send(self, *, commits: bool = False) -> None:
        """Send what was noted."""
        with self.database.wrap_database_errors:
            self.line.send(commits=commits)

    def rows(self, noted: Noted) -> list[tuple[Any, ...]]:
        """Return what a statement gave; what was not sent yet is sent."""
        if noted.result is None:
            self.send()
        assert noted.result is not None, "it was taken back with its transaction"
        return self.line.rows_of(noted.result)


_lines: WeakKeyDictionary[psycopg.Connection[Any], Line] = WeakKeyDictionary()
# That of the block of `sending_together`: Django's proxy looks the thread up at every statement.
_together: ContextVar[_Talk | None] = ContextVar("talk_of_sending_together", default=None)


def run(statement: Statement, values: Sequence[Any], *, writes: str | None = None) -> list[tuple[Any, ...]]:
    """Run a statement inside Django's open transaction, if there is one; return its rows.

    `writes` is the one table that it writes to; without it everything is held to have changed.
    """
    talk = _together.get() or _talk()
    talk.memory.forget(writes)
    return talk.rows(talk.note(statement, values, is_awaited=True))


def run_ahead(
    statement: Statement, values: Sequence[Any], *, writes: str | None = None
) -> Ahead[list[tuple[Any, ...]]]:
    """Run a statement likewise, but wait for its rows only when they are asked for, if ever.

    In a block of `sending_together` it goes with the next one that is waited for, elsewhere at once.
    """
    together = _together.get()
    talk = together or _talk()
    talk.memory.forget(writes)
    noted = talk.note(statement, values, is_awaited=together is None)
    return lambda: talk.rows(noted)


def read_ahead(
    statement: Statement, values: Sequence[Any], *, tables: frozenset[str]
) -> Ahead[list[tuple[Any, ...]]]:
    """Run a statement that only reads these tables, and locks nothing, likewise.

    What was read in the same block, and cannot have changed, is not asked again.
    """
    talk = _together.get()
    if talk is None:
        return run_ahead(statement, values)
    name = name_of(statement, values)
    noted = talk.memory.recall(name)
    if noted is None:
        noted = talk.note(statement, values, is_awaited=False)
        talk.memory.keep(name, noted, tables)
    answered = noted
    return lambda: talk.rows(answered)


def is_foresight_useful() -> bool:
    """Say whether what is read before it is needed goes with another statement: in `sending_together`."""
    return _together.get() is not None


def changed_by(statement: Statement, values: Sequence[Any]) -> int:
    """Run a statement likewise; return how many rows it changed."""
    talk = _together.get() or _talk()
    talk.memory.forget(None)
    result = talk.note(statement, values, is_awaited=True).result
    return (result and result.command_tuples) or 0


@contextmanager
def sending_together(*, commits: bool = False) -> Iterator[None]:
    """Within the block, on PostgreSQL, let what nobody waits for yet go with what follows it.

    Everything has been run when the outermost block ends, or nothing more of it where a block raises. Django's own
    statements find everything run that was said before them. With `commits` COMMIT goes with the last of it: the block
    is the whole of a transaction, which is over when it ends.
    """
    if not is_postgresql():
        yield
        return
    outer = _together.get()
    if outer is not None and not commits:
        with _forgetting(outer):
            yield
        return
    talk = _together.get() or _talk()
    token = _together.set(talk)
    try:
        with talk.database.execute_wrapper(_send_before), _forgetting(talk):
            yield
    finally:
        _together.reset(token)
    talk.send(commits=commits)


@contextmanager
def _forgetting(talk: _Talk) -> Iterator[None]:
    try:
        yield
    except BaseException:
        talk.line.forget_unsent()
        talk.memory.forget(None)
        raise


def _send_before(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    """Stand before each of Django's own statements (its hook for those): what they change is not known."""
    talk = _together.get() or _talk_over(context["connection"])
    talk.send()
    talk.memory.forget(None)
    return execute(sql, params, many, context)


def _talk() -> _Talk:
    return _talk_over(connections[DEFAULT_DB_ALIAS])


def _talk_over(database: Any) -> _Talk:
    if database.connection is None:
        database.ensure_connection()
    raw = database.connection
    line = _lines.get(raw)
    if line is None:
        line = _lines[raw] = Line(raw.pgconn)
    return _Talk(database, line)
