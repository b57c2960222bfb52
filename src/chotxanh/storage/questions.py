"""Reads across tables in one written-out statement, where looking up one table after the other would cost several."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Generic, TypeAlias, TypeVar, get_args, get_type_hints
from uuid import UUID

import msgspec

from chotxanh.storage.prepared import Ahead, is_foresight_useful
from chotxanh.storage.rows import as_json
from chotxanh.storage.statements import read_statement_ahead
from chotxanh.storage.vendors import is_postgresql

Row = TypeVar("Row", bound=tuple[Any, ...])
Convert: TypeAlias = Callable[[Any], Any]
AMONG = "AMONG"


@dataclass(frozen=True)
class Question(Generic[Row]):
    """A SELECT (a constant of the program) whose columns make `row`, a NamedTuple with plain types.

    `AMONG` stands once, after the column whose values are asked for.
    """

    statement: str
    row: type[Row]


def answers(question: Question[Row], values: Collection[Any]) -> list[Row]:
    """Return the rows for these values (texts or UUIDs, or one digest), in no order; without values none."""
    return answers_ahead(question, values)()


def answers_ahead(question: Question[Row], values: Collection[Any]) -> Ahead[list[Row]]:
    """Ask likewise, but wait for the rows only when they are asked for (on PostgreSQL, in `sending_together`)."""
    if not values:
        return list
    is_single = len(values) == 1  # one value as it is: an array costs as much again as asking
    if is_postgresql():
        wanted: Any = next(iter(values)) if is_single else list(values)
    else:
        adapted = [value.hex if isinstance(value, UUID) else value for value in values]
        wanted = adapted[0] if is_single else as_json(adapted)
    statement = question.statement
    asked = read_statement_ahead(_asked(statement, is_single=is_single), [wanted] * statement.count(AMONG))
    return lambda: _rows_of(question.row, asked())


def foresee_answers(question: Question[Any], values: Collection[Any]) -> None:
    """Let a question that will be asked go with the next statement that is waited for, where that saves a trip."""
    if is_foresight_useful():
        answers_ahead(question, values)


def _rows_of(row_type: type[Row], rows: list[tuple[Any, ...]]) -> list[Row]:
    converts = _converts(row_type)
    make: Callable[[Any], Row] = row_type._make  # type: ignore[attr-defined]
    return [make(_converted(row, converts)) if converts else make(row) for row in rows]


@cache
def _asked(statement: str, *, is_single: bool) -> str:
    if is_single:
        return statement.replace(AMONG, "= %s")
    return statement.replace(
        AMONG, "= ANY(%s)" if is_postgresql() else "IN (SELECT value FROM json_each(%s))"
    )


def _converted(row: tuple[Any, ...], converts: tuple[tuple[int, Convert], ...]) -> list[Any]:
    values = list(row)
    for place, convert in converts:
        if values[place] is not None:
            values[place] = convert(values[place])
    return values


@cache
def _converts(row: type[Any]) -> tuple[tuple[int, Convert], ...]:
    """Return what makes a driver's values into the row's types, by their places."""
    found = []
    for place, hint in enumerate(get_type_hints(row).values()):
        is_optional = type(None) in get_args(hint)
        convert = _convert(
            next(each for each in get_args(hint) if each is not type(None)) if is_optional else hint
        )
        if convert is not None:
            found.append((place, convert))
    return tuple(found)


def _convert(type_: Any) -> Convert | None:
    if type_ is dict or getattr(type_, "__origin__", None) is dict:
        return msgspec.json.decode
    if is_postgresql():
        return None
    of_sqlite: dict[Any, Convert] = {UUID: UUID, datetime: _in_utc, bool: bool}
    return of_sqlite.get(type_)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
