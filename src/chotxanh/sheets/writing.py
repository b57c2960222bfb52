"""Writes sheets: a template to be filled in, and the answer to a sheet that was sent. Nothing becomes a formula.

They are made in memory: what stands in them identifies people, and no file on the disk would be sealed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chotxanh.sheets.columns import Column
from chotxanh.sheets.workbooks import MOST_ROWS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MADE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_GREEN, _PALE, _LINE, _AMBER = "#0B5D3B", "#E7F1EC", "#B8C4BE", "#FFF3D6"
_FONT = {"font_name": "Arial", "font_size": 11, "valign": "top"}
_LONGEST_LIST = 255  # characters of a list that stands in the cell itself
_LONGEST_INPUT_TITLE, _LONGEST_INPUT = 32, 255  # Excel's own bounds
_RESULT_WIDTH = 60


@dataclass(frozen=True)
class Words:
    """What a template says around its columns, in the reader's language."""

    sheet: str
    example_sheet: str
    lists_sheet: str
    about: tuple[str, ...]
    list_title: str
    list_refused: str


@dataclass(frozen=True)
class AnswerRow:
    """One row of an answer: what became of it, codes it was given, and its cells as they were sent."""

    result: str
    given: tuple[str, ...]
    cells: tuple[str, ...]
    is_good: bool


def template(words: Words, columns: Sequence[Column], examples: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook: the sheet to fill in, one with examples and how it is filled in, one with long lists."""
    stream = BytesIO()
    book = Workbook(stream, _MADE)
    sheet, example = book.add_worksheet(words.sheet), book.add_worksheet(words.example_sheet)
    lists = _write_lists(book, words, columns)
    for each in (sheet, example):
        _write_headings(book, each, columns)
    for number, column in enumerate(columns):
        if column.hint:
            sheet.write_comment(0, number, column.hint, {"x_scale": 2.2, "y_scale": 1.2, "author": ""})
        if column.options:
            _offer(sheet, number, column, lists.get(column.name), words)
    body = book.add_format({**_FONT, "num_format": "@", "text_wrap": True})
    for row, cells in enumerate(examples, start=1):
        for number, text in enumerate(cells):
            example.write_string(row, number, text, body)
    quiet = book.add_format({**_FONT, "italic": True, "font_color": "#44524B"})
    for row, sentence in enumerate(words.about, start=len(examples) + 2):
        example.write_string(row, 0, sentence, quiet)
    book.close()
    return stream.getvalue()


def answer(
    title: str, result: Column, given: Sequence[Column], columns: Sequence[Column], rows: Sequence[AnswerRow]
) -> bytes:
    """Return the rows as they were sent, the first column saying what became of each; it can be sent again."""
    stream = BytesIO()
    book = Workbook(stream, _MADE)
    sheet = book.add_worksheet(title)
    _write_headings(book, sheet, [result, *given, *columns])
    sheet.set_column(0, 0, _RESULT_WIDTH)
    good = book.add_format({**_FONT, "num_format": "@", "text_wrap": True})
    bad = book.add_format({**_FONT, "num_format": "@", "text_wrap": True, "bg_color": _AMBER})
    for number, row in enumerate(rows, start=1):
        style = good if row.is_good else bad
        for column, text in enumerate((row.result, *row.given, *row.cells)):
            if text:
                sheet.write_string(number, column, text, style)
            else:
                sheet.write_blank(number, column, None, style)
    sheet.autofilter(0, 0, len(rows), len(given) + len(columns))
    book.close()
    return stream.getvalue()


def _write_headings(book: Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Write the first line, and let every column be of texts: a phone number keeps its zero."""
    text = book.add_format({**_FONT, "num_format": "@"})
    needed, other = _heading(book, is_needed=True), _heading(book, is_needed=False)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, text)
        sheet.write_string(0, number, column.title, needed if column.is_needed else other)
    sheet.set_row(0, 34)
    sheet.freeze_panes(1, 1)


def _heading(book: Workbook, *, is_needed: bool) -> Format:
    look = {"bold": True, "text_wrap": True, "border": 1, "border_color": _LINE, "valign": "vcenter"}
    colours = (
        {"bg_color": _GREEN, "font_color": "#FFFFFF"}
        if is_needed
        else {"bg_color": _PALE, "font_color": _GREEN}
    )
    return book.add_format({**_FONT, **look, **colours})


def _write_lists(book: Workbook, words: Words, columns: Sequence[Column]) -> dict[str, str]:
    """Write the lists that are too long for a cell on a sheet of their own; return where each stands."""
    long = [each for each in columns if len(",".join(each.options)) > _LONGEST_LIST or _has_comma(each)]
    if not long:
        return {}
    sheet, places = book.add_worksheet(words.lists_sheet), {}
    _write_headings(book, sheet, long)
    for number, column in enumerate(long):
        sheet.set_column(number, number, 40)
        for row, option in enumerate(column.options, start=1):
            sheet.write_string(row, number, option)
        letter = chr(ord("A") + number)
        places[column.name] = f"='{words.lists_sheet}'!${letter}$2:${letter}${len(column.options) + 1}"
    return places


def _has_comma(column: Column) -> bool:
    return any("," in option for option in column.options)


def _offer(sheet: Worksheet, number: int, column: Column, place: str | None, words: Words) -> None:
    """Offer the options of a column; what is not among them is refused at once, unless others may be written."""
    sheet.data_validation(
        1,
        number,
        MOST_ROWS,
        number,
        {
            "validate": "list",
            "source": place or list(column.options),
            "error_type": "information" if column.is_open else "stop",
            "show_error": not column.is_open,
            "error_title": words.list_title[:_LONGEST_INPUT_TITLE],
            "error_message": words.list_refused[:_LONGEST_INPUT],
            "input_title": column.title[:_LONGEST_INPUT_TITLE],
            "input_message": column.hint[:_LONGEST_INPUT],
        },
    )
