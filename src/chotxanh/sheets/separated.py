"""Reads separated text (CSV): as Excel and its like save it, in UTF-8, between semicolons, commas or tabs."""

import codecs
import csv
import re
from io import StringIO

from chotxanh.domain.problems import Problem
from chotxanh.sheets.cells import Cell, Grid, Kind, Line
from chotxanh.sheets.workbooks import LAST_ROW, MOST_COLUMNS, MOST_ROWS, text_cell

_SEPARATORS = ";,\t"
_STATED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # how Excel is told
_WHOLE_NUMBER = re.compile("[1-9][0-9]*")  # saved from a cell with a number, its zeros in front are gone
_KEPT_AS_TEXT = re.compile('="([^"]*)"')  # how some programs keep the zeros
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def read_separated(content: bytes) -> Grid:
    """Return its lines. Raises Problem: `sheet_not_utf8`, `sheet_of_another_kind`, `sheet_too_many_rows` and so on."""
    written = _decoded(content)
    if _CONTROL.search(written):
        raise Problem("sheet_of_another_kind")
    separator = _separator(written)
    written = _STATED.sub("", written, count=1) if _STATED.match(written) else written
    lines: list[Line] = []
    try:
        for number, row in enumerate(
            csv.reader(StringIO(written), delimiter=separator, strict=True), start=1
        ):
            if line := _line(number, row):
                lines.append(line)
            if len(lines) > MOST_ROWS + 1 or number > LAST_ROW:
                raise Problem("sheet_too_many_rows", most=MOST_ROWS, last=LAST_ROW)
    except csv.Error:
        raise Problem("sheet_unreadable") from None
    return Grid(lines)


def _decoded(content: bytes) -> str:
    is_of_two_bytes = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # Excel's "Unicode text"
    try:
        return content.decode("utf-16" if is_of_two_bytes else "utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("sheet_not_utf8") from None


def _separator(written: str) -> str:
    if stated := _STATED.match(written):
        return stated[1] if stated[1] in _SEPARATORS else ";"
    beginning = next((line for line in written.splitlines() if line.strip()), "")
    unquoted = re.sub('"[^"]*"', "", beginning)
    return max(_SEPARATORS, key=unquoted.count)


def _line(number: int, row: list[str]) -> Line | None:
    cells = {column: _cell(each) for column, each in enumerate(row, start=1) if each.strip()}
    if not cells:
        return None
    if max(cells) > MOST_COLUMNS:
        raise Problem("sheet_too_many_columns", most=MOST_COLUMNS)
    return Line(number, cells)


def _cell(written: str) -> Cell:
    text = written.strip()
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        return text_cell(kept[1])
    if text.startswith("="):
        return Cell("", Kind.FORMULA)
    if _WHOLE_NUMBER.fullmatch(text):
        return Cell(text, Kind.NUMBER)
    return text_cell(text)
