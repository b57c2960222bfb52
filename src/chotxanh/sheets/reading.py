"""Reads a sheet that somebody sent.

As a program (`python -m chotxanh.sheets.reading`) it does so for a `SheetProcess`, one after the other.
"""

from io import BytesIO
from typing import IO

from openpyxl import Workbook

from chotxanh.apart.serving import RoomApart, serve
from chotxanh.domain.problems import Problem
from chotxanh.sheets.cells import Found, Grid
from chotxanh.sheets.guard import is_workbook
from chotxanh.sheets.separated import read_separated
from chotxanh.sheets.workbooks import read_workbook

PROBLEMS = frozenset(
    {
        None,
        *("sheet_empty", "sheet_locked", "sheet_not_utf8", "sheet_of_another_kind", "sheet_too_many_columns"),
        *("sheet_too_many_rows", "sheet_unpacks_too_large", "sheet_unreadable"),
    }
)
# A sheet of 2,000 rows takes a second of a processor and 60 MB.
ROOM = RoomApart(most_bytes=1 << 29, most_seconds=8)


def read_sheet(content: bytes) -> Grid:
    """Return the sheet in a file: a workbook (.xlsx, .xlsm) or separated text. Raises Problem: one of `PROBLEMS`."""
    return read_workbook(content) if is_workbook(content) else read_separated(content)


def found_in(sheet: IO[bytes]) -> Found:
    """Return likewise, with a problem as it travels. What needs more memory than there is is too large."""
    try:
        return Found(read_sheet(sheet.read()))
    except Problem as problem:
        return Found(problem=problem.code, params=problem.params)
    except MemoryError:
        return Found(problem="sheet_unpacks_too_large")


def read_one_of_each() -> None:
    """Load what openpyxl and the decoders load when they are first needed."""
    book, stream = Workbook(), BytesIO()
    book.active.append(["a", 1])
    book.save(stream)
    for content in (stream.getvalue(), "a;ơ".encode("utf-8-sig"), "a\tơ".encode("utf-16")):
        read_sheet(content)
    found_in(BytesIO(b"PK\x03\x04"))


def main() -> None:
    """Read sheets from standard input."""
    serve(found_in, ROOM, read_one_of_each)


if __name__ == "__main__":
    main()
