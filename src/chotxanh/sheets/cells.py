"""What is left of a sheet once it was read: lines of plain cells, and what its sender should know of it."""

from enum import StrEnum
from typing import Any

import msgspec

LONGEST_CELL = 500  # characters


class Kind(StrEnum):
    """What a cell holds; the first three have a text that may be taken."""

    TEXT = "t"
    NUMBER = "n"
    DAY = "d"
    FORMULA = "f"
    ERROR = "e"
    LONG = "l"  # more characters than anybody writes into a cell


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """One cell: a number without its zeros in front, a day as `05/03/1990`; of formulas and errors no text is kept."""

    text: str
    kind: Kind = Kind.TEXT


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One row that says something, by its number in the sheet; cells by the number of their column; both from 1."""

    number: int
    cells: dict[int, Cell]


class Notes(msgspec.Struct, frozen=True):
    """What is no mistake but should be said: what was hidden and read all the same, and what was not read."""

    hidden_rows: list[int] = []
    hidden_columns: list[str] = []
    sheets_left_out: list[str] = []
    has_merged_cells: bool = False


class Grid(msgspec.Struct, frozen=True):
    """One sheet."""

    lines: list[Line]
    notes: Notes = Notes()


class Found(msgspec.Struct, frozen=True):
    """A sheet as the process apart answers it, or the problem with it and its parameters."""

    grid: Grid | None = None
    problem: str | None = None
    params: dict[str, Any] = {}
