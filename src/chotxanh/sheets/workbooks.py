"""Reads the first sheet of a workbook that people see: its values by openpyxl, after an own pass has measured it.

openpyxl alone would believe the size that a sheet states, and tells nothing of hidden rows.
"""

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from chotxanh.domain.problems import Problem
from chotxanh.sheets.cells import LONGEST_CELL, Cell, Grid, Kind, Line, Notes
from chotxanh.sheets.guard import check_archive

MOST_ROWS, MOST_COLUMNS = 2000, 60
LAST_ROW = 20_000  # whoever leaves rows empty between others may leave so many
MOST_EMPTY_CELLS = 500_000  # borders and colours without a value
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_TRUE = ("1", "true")
_VALUES = ("v", "is", "f")


@dataclass
class _Measured:
    """What lies where in a sheet."""

    last_row: int = 0
    last_column: int = 0
    rows: int = 0
    empty_cells: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    has_merged_cells: bool = False

    def refuse_too_much(self) -> None:
        """Raises Problem: `sheet_too_many_rows`, `sheet_too_many_columns`, `sheet_unpacks_too_large`."""
        if self.rows > MOST_ROWS + 1 or self.last_row > LAST_ROW:
            raise Problem("sheet_too_many_rows", most=MOST_ROWS, last=LAST_ROW)
        if self.last_column > MOST_COLUMNS:
            raise Problem("sheet_too_many_columns", most=MOST_COLUMNS)
        if self.empty_cells > MOST_EMPTY_CELLS:
            raise Problem("sheet_unpacks_too_large")


def read_workbook(content: bytes) -> Grid:
    """Return the first sheet that is not hidden. Macros, links and pictures are not looked at.

    Raises Problem: as `guard.check_archive` does, and `sheet_too_many_rows`, `sheet_too_many_columns`.
    """
    check_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about what it does not keep
            return _read(content)
    except (Problem, MemoryError):
        raise
    except (DefusedXmlException, InvalidFileException, zipfile.BadZipFile, ElementTree.ParseError):
        raise Problem("sheet_unreadable") from None
    except Exception:
        raise Problem("sheet_unreadable") from None


def _read(content: bytes) -> Grid:
    book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not shown:
        raise Problem("sheet_empty")
    sheet = shown[0]
    measured = _measure(content, sheet._worksheet_path)
    lines = []
    if measured.last_row:
        rows = sheet.iter_rows(
            min_row=1, max_row=measured.last_row, min_col=1, max_col=max(1, measured.last_column)
        )
        lines = [line for number, row in enumerate(rows, start=1) if (line := _line(number, row)).cells]
    notes = Notes(
        measured.hidden_rows,
        measured.hidden_columns,
        [each.title for each in book.worksheets if each is not sheet],
        measured.has_merged_cells,
    )
    return Grid(lines, notes)


def _measure(content: bytes, part: str) -> _Measured:
    """Go through a sheet once, and stop where it is too much."""
    found, hidden = _Measured(), set[int]()
    with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(part.lstrip("/")) as stream:
        for _, element in ElementTree.iterparse(stream, events=("end",)):
            name = element.tag.rpartition("}")[2]
            if name == "row":
                _measure_row(element, found)
                element.clear()
            elif name == "col" and element.get("hidden") in _TRUE:
                first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                hidden.update(range(first, min(last, MOST_COLUMNS) + 1))
            elif name == "mergeCell":
                found.has_merged_cells = True
    found.hidden_columns = [get_column_letter(each) for each in sorted(hidden) if each <= found.last_column]
    return found


def _measure_row(row: Any, found: _Measured) -> None:
    """Note where the values of one row end; as in openpyxl what states no place follows what stands before it."""
    number = int(row.get("r") or found.last_row + 1)
    column, last = 0, 0
    for cell in row:
        place = _PLACE.fullmatch(cell.get("r") or "")
        column = _column_number(place[1]) if place else column + 1
        if any(each.tag.rpartition("}")[2] in _VALUES for each in cell):
            last = max(last, column)
        else:
            found.empty_cells += 1
    if last:
        found.rows += 1
        found.last_row = max(found.last_row, number)
        found.last_column = max(found.last_column, last)
        if row.get("hidden") in _TRUE:
            found.hidden_rows.append(number)
    found.refuse_too_much()


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _line(number: int, row: Iterable[Any]) -> Line:
    read = ((column, _cell(each)) for column, each in enumerate(row, start=1) if each.value is not None)
    return Line(number, {column: cell for column, cell in read if cell.text or cell.kind != Kind.TEXT})


def _cell(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Cell("", Kind.FORMULA)
    if cell.data_type == "e":
        return Cell("", Kind.ERROR)
    value = cell.value
    if isinstance(value, dt.datetime | dt.date):
        return Cell(_day(value), Kind.DAY)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(_number(value), Kind.NUMBER)
    return text_cell(str(value))


def text_cell(written: str) -> Cell:
    """Return what was written as a cell, without the blanks around it."""
    text = written.replace("\0", "").strip()
    return Cell(text) if len(text) <= LONGEST_CELL else Cell(text[:LONGEST_CELL], Kind.LONG)


def _day(value: dt.date) -> str:
    day = f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    is_whole = not isinstance(value, dt.datetime) or value.time() == dt.time()
    return day if is_whole else f"{value:%H:%M} {day}"


def _number(value: float) -> str:
    """Return a number as people write it: whole ones without a point, and never with an exponent."""
    return str(int(value)) if float(value).is_integer() else f"{value:f}".rstrip("0")
