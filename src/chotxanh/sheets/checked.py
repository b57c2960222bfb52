"""Rows of a sheet as they were read: what stands in the cells, and of each row whether it can be recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chotxanh.domain.problems import Problem
from chotxanh.sheets.cells import Cell
from chotxanh.sheets.columns import Column, Row, check_cell, text_of

T = TypeVar("T")
_EMPTY = Cell("")


@dataclass(frozen=True)
class Checked(Generic[T]):
    """One row: what it is about as it was written, what must be mended, what should be looked at, and what it says.

    `read` is None where there are mistakes. `is_done` says that it carries what an earlier recording gave it.
    """

    number: int
    title: str
    mistakes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    read: T | None = None
    is_done: bool = False


def cells_read(row: Row, columns: Sequence[Column]) -> tuple[dict[str, str], Mapping[str, Problem]]:
    """Return the texts of a row by column, and the problems of the cells that have none."""
    texts, problems = {}, {}
    for column in columns:
        cell = row.cells.get(column.name, _EMPTY)
        texts[column.name] = text_of(cell, column.sort)
        try:
            check_cell(cell)
        except Problem as problem:
            problems[column.name] = problem
    return texts, problems
