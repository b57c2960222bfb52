"""Finds the columns that are wanted in a sheet: by their headings, folded, in any order and in either language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from chotxanh.domain.name_damage import is_damaged
from chotxanh.domain.names import fold
from chotxanh.domain.problems import Problem
from chotxanh.sheets.cells import Cell, Grid, Kind, Line, Notes

HEADING_WITHIN = 30  # titles may stand above the headings, in so many lines
FEWEST_HEADINGS = 2
DAMAGED_SHARE = 3  # where each third line has letters of an old character set, the sheet has
_NOT_WORDS = re.compile("[^0-9a-z]+")
_IN_BRACKETS = re.compile(r"\([^)]*\)")


class Sort(StrEnum):
    """How the cells of a column are written: numbers are texts there, so that zeros in front stay."""

    TEXT = "text"
    PHONE = "phone"
    ID_NUMBER = "id_number"


@dataclass(frozen=True)
class Column:
    """One column. `title` heads it, `also` are other headings that mean it; `hint` explains it in the template.

    `options` are offered in a list; with `is_open` others may be written, several of them too. Without `is_needed` the
    sheet may do without it.
    """

    name: str
    title: str
    also: tuple[str, ...] = ()
    hint: str = ""
    sort: Sort = Sort.TEXT
    options: tuple[str, ...] = ()
    is_open: bool = False
    is_needed: bool = True
    width: int = 18


class Row(msgspec.Struct, frozen=True, array_like=True):
    """One row of the sheet by its number there, and its cells by the names of the columns."""

    number: int
    cells: dict[str, Cell]


class Table(msgspec.Struct, frozen=True):
    """The rows below the headings; `unknown` are the headings that mean nothing here."""

    rows: list[Row]
    unknown: list[str]
    notes: Notes


def table_of(grid: Grid, columns: Sequence[Column]) -> Table:
    """Return the rows below the line of the headings.

    Raises Problem: `sheet_legacy_encoding`, `sheet_headings_missing` (with `headings`), `sheet_heading_twice` (with
    `heading`), `sheet_empty`.
    """
    if _is_damaged(grid):
        raise Problem("sheet_legacy_encoding")
    by_heading = {_key(heading): each for each in columns for heading in (each.title, *each.also)}
    headings, below = _heading_line(grid.lines, by_heading)
    if headings is None:
        raise Problem("sheet_headings_missing", headings=_titles(each for each in columns if each.is_needed))
    places, unknown = _places(headings, by_heading)
    found = {each.name for each in places.values()}
    if missing := [each for each in columns if each.is_needed and each.name not in found]:
        raise Problem("sheet_headings_missing", headings=_titles(missing))
    rows = [row for line in below if (row := _row(line, places)).cells]
    if not rows:
        raise Problem("sheet_empty")
    return Table(rows, unknown, grid.notes)


def text_of(cell: Cell, sort: Sort) -> str:
    """Return what a cell says. A number that was typed into an unprepared cell lost its zeros in front: they come back.

    A mobile number has ten digits, a landline eleven (02...), a citizen's number twelve and never three zeros in front,
    that of an old card nine.
    """
    text = cell.text
    if cell.kind != Kind.NUMBER or not text.isdigit():
        return text
    if sort == Sort.PHONE and (len(text) == 9 or (len(text) == 10 and text.startswith("2"))):
        return f"0{text}"
    if sort == Sort.ID_NUMBER and len(text) in (8, 10, 11):
        return text.zfill(9 if len(text) == 8 else 12)
    return text


def check_cell(cell: Cell) -> None:
    """Refuse what holds no text of its own. Raises Problem: `cell_formula`, `cell_error`, `field_too_long`."""
    if cell.kind == Kind.FORMULA:
        raise Problem("cell_formula")
    if cell.kind == Kind.ERROR:
        raise Problem("cell_error")
    if cell.kind == Kind.LONG:
        raise Problem("field_too_long", longest=len(cell.text))


def _heading_line(
    lines: Sequence[Line], by_heading: Mapping[str, Column]
) -> tuple[Line | None, Sequence[Line]]:
    """Return the line that names most columns, and the lines below it."""
    counts = [
        len({_key(cell.text) for cell in line.cells.values()} & by_heading.keys())
        for line in lines[:HEADING_WITHIN]
    ]
    most = max(counts, default=0)
    if most < min(FEWEST_HEADINGS, len(by_heading)):
        return None, ()
    place = counts.index(most)
    return lines[place], lines[place + 1 :]


def _places(headings: Line, by_heading: Mapping[str, Column]) -> tuple[dict[int, Column], list[str]]:
    places: dict[int, Column] = {}
    unknown = []
    for number, cell in headings.cells.items():
        column = by_heading.get(_key(cell.text))
        if column is None:
            unknown.append(cell.text)
        elif column in places.values():
            raise Problem("sheet_heading_twice", heading=column.title)
        else:
            places[number] = column
    return places, unknown


def _row(line: Line, places: Mapping[int, Column]) -> Row:
    return Row(line.number, {places[each].name: cell for each, cell in line.cells.items() if each in places})


def _key(heading: str) -> str:
    return _NOT_WORDS.sub(" ", fold(_IN_BRACKETS.sub("", heading))).strip()


def _titles(columns: Iterator[Column] | Sequence[Column]) -> str:
    return ", ".join(f"“{each.title}”" for each in columns)


def _is_damaged(grid: Grid) -> bool:
    """Whether the sheet was written in TCVN3 (.VnTime) or VNI: then no word of it is what it seems."""
    damaged = sum(any(is_damaged(cell.text) for cell in line.cells.values()) for line in grid.lines)
    return damaged * DAMAGED_SHARE > len(grid.lines)
