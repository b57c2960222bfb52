"""What is read of a sheet that somebody made honestly: each cell as it was meant, or named as what it is."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest

from chotxanh.domain.problems import Problem
from chotxanh.sheets.cells import LONGEST_CELL, Cell, Grid, Kind, Line
from chotxanh.sheets.columns import Column, Sort, check_cell, table_of, text_of
from chotxanh.sheets.reading import found_in, read_sheet
from chotxanh.sheets.taking import SheetProcess
from tests.sheets import with_parts, workbook

NAME = Column("name", "Họ và tên", ("Full name",))
PHONE = Column("phone", "Số điện thoại", ("Phone",), sort=Sort.PHONE)
NOTE = Column("note", "Ghi chú", is_needed=False)
NOON = dt.datetime(2021, 7, 25, 12)  # noqa: DTZ001 -- a sheet knows no zones
COLUMNS = (NAME, PHONE, NOTE)


def cells(content: bytes, row: int = 0) -> dict[int, tuple[str, Kind]]:
    line = read_sheet(content).lines[row]
    return {column: (cell.text, cell.kind) for column, cell in line.cells.items()}


def table(*rows: Sequence[Any], **how: Any) -> Any:
    return table_of(read_sheet(workbook(*rows, **how)), COLUMNS)


def test_texts_numbers_days_formulas_and_errors_are_told_apart() -> None:
    def arrange(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(0, 2, dt.date(1990, 3, 5), day)
        sheet.write_formula(0, 3, "=1+1", None, 2)
        sheet.write_formula(0, 4, "=1/0", None, "#DIV/0!")
        sheet.write_datetime(0, 5, NOON, book.add_format({"num_format": "dd/mm/yy hh:mm"}))
        sheet.write_boolean(0, 6, True)
        sheet.write_number(0, 7, 0.5)

    assert cells(workbook([" An ", 912345678], arrange=arrange)) == {
        1: ("An", Kind.TEXT),
        2: ("912345678", Kind.NUMBER),
        3: ("05/03/1990", Kind.DAY),
        4: ("", Kind.FORMULA),
        5: ("", Kind.FORMULA),
        6: ("12:00 25/07/2021", Kind.DAY),
        7: ("True", Kind.TEXT),
        8: ("0.5", Kind.NUMBER),
    }


def test_an_error_that_was_pasted_as_a_value_is_an_error() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    )
    sheet += b'<c r="A1" t="e"><v>#N/A</v></c></row></sheetData></worksheet>'
    assert cells(with_parts(workbook(["a"]), {"xl/worksheets/sheet1.xml": sheet})) == {1: ("", Kind.ERROR)}


def test_large_numbers_keep_every_digit() -> None:
    assert cells(workbook([77085000123, 79071000789.0]))[1] == ("77085000123", Kind.NUMBER)


def test_a_text_that_never_ends_is_cut_and_named() -> None:
    cell = read_sheet(workbook(["x" * 3000])).lines[0].cells[1]
    assert (len(cell.text), cell.kind) == (LONGEST_CELL, Kind.LONG)
    with pytest.raises(Problem, match="field_too_long"):
        check_cell(cell)


@pytest.mark.parametrize(
    ("cell", "sort", "text"),
    [
        (Cell("912345678", Kind.NUMBER), Sort.PHONE, "0912345678"),
        (Cell("912345678", Kind.TEXT), Sort.PHONE, "912345678"),
        (Cell("2543852111", Kind.NUMBER), Sort.PHONE, "02543852111"),
        (Cell("19003228", Kind.NUMBER), Sort.PHONE, "19003228"),
        (Cell("84912345678", Kind.NUMBER), Sort.PHONE, "84912345678"),
        (Cell("77085000123", Kind.NUMBER), Sort.ID_NUMBER, "077085000123"),
        (Cell("1085000123", Kind.NUMBER), Sort.ID_NUMBER, "001085000123"),
        (Cell("12345678", Kind.NUMBER), Sort.ID_NUMBER, "012345678"),
        (Cell("123456789", Kind.NUMBER), Sort.ID_NUMBER, "123456789"),
        (Cell("1990", Kind.NUMBER), Sort.TEXT, "1990"),
    ],
)
def test_zeros_that_a_number_lost_come_back_and_none_is_invented(cell: Cell, sort: Sort, text: str) -> None:
    assert text_of(cell, sort) == text


def test_headings_are_found_in_any_order_below_titles_in_either_language_and_without_accents() -> None:
    rows: list[list[Any]] = [
        ["DANH SÁCH LÁI XE"],
        [],
        ["STT", "PHONE", "ho va ten (*)", ""],
        [1, 912345678, "An"],
        [None, None, None, None],
        [2, "0987654321", "Bình"],
    ]
    found = table(*rows)
    assert found.unknown == ["STT"]
    assert [row.number for row in found.rows] == [4, 6]
    assert [row.cells["name"].text for row in found.rows] == ["An", "Bình"]


def test_missing_and_doubled_headings_are_named() -> None:
    with pytest.raises(Problem) as missing:
        table(["Họ và tên", "Ghi chú"], ["An", "x"])
    assert (missing.value.code, missing.value.params) == (
        "sheet_headings_missing",
        {"headings": "“Số điện thoại”"},
    )
    with pytest.raises(Problem) as none:
        table(["An", "Bình"], ["Chi", "Dung"])
    assert none.value.params == {"headings": "“Họ và tên”, “Số điện thoại”"}
    with pytest.raises(Problem, match="sheet_heading_twice"):
        table(["Họ và tên", "Full name", "Phone"], ["An", "x", "1"])
    with pytest.raises(Problem, match="sheet_empty"):
        table(["Họ và tên", "Phone"])


def test_what_is_hidden_is_read_and_said_and_other_sheets_are_said() -> None:
    def arrange(book: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(30, 30, None, None, {"hidden": True})
        sheet.merge_range(5, 0, 5, 1, "gộp")
        book.add_worksheet("Lương").hide()

    found = table(["Họ và tên", "Phone"], ["An", "1"], ["Bình", "2"], arrange=arrange)
    assert [row.cells["name"].text for row in found.rows] == ["An", "Bình", "gộp"]
    assert found.notes.hidden_rows == [3]
    assert found.notes.hidden_columns == ["B"]
    assert found.notes.sheets_left_out == ["Lương"]
    assert found.notes.has_merged_cells


def test_the_first_sheet_that_people_see_is_the_one_that_is_read() -> None:
    def arrange(book: Any, sheet: Any) -> None:
        shown = book.add_worksheet("Hai")
        for column, value in enumerate(["Họ và tên", "Phone"]):
            shown.write(0, column, value)
            shown.write(1, column, f"{value} 1")
        shown.activate()
        sheet.hide()

    assert table(["a", "b"], arrange=arrange).rows[0].cells["phone"].text == "Phone 1"


@pytest.mark.parametrize(
    "written",
    [
        "Họ và tên;Phone\r\nAn;912345678\r\n".encode("utf-8-sig"),
        b"sep=;\r\n" + "Họ và tên;Phone\nAn;912345678".encode(),
        'Họ và tên,Phone\n"An",912345678'.encode(),
        "Họ và tên\tPhone\nAn\t912345678".encode("utf-16"),
        'Họ và tên;Phone\nAn;="912345678"'.encode(),
    ],
)
def test_separated_text_is_read_as_programs_save_it(written: bytes) -> None:
    row = table_of(read_sheet(written), COLUMNS).rows[0]
    assert (row.cells["name"].text, row.cells["phone"].text) == ("An", "912345678")


def test_in_separated_text_zeros_come_back_likewise_and_formulas_are_named() -> None:
    row = table_of(read_sheet("Họ và tên;Phone;Ghi chú\nAn;912345678;=1+1".encode()), COLUMNS).rows[0]
    assert text_of(row.cells["phone"], Sort.PHONE) == "0912345678"
    with pytest.raises(Problem, match="cell_formula"):
        check_cell(row.cells["note"])


@pytest.mark.parametrize(
    "names", [["NguyÔn V¨n §øc", "TrÇn ThÞ B×nh"], ["Nguyeãn Vaên Ñöùc", "Traàn Thò Bình"]]
)
def test_a_sheet_in_an_old_font_is_refused_as_a_whole(names: list[str]) -> None:
    lines = [Line(1, {1: Cell("Ho va ten"), 2: Cell("Phone")})]
    lines += [Line(number, {1: Cell(name)}) for number, name in enumerate(names, start=2)]
    with pytest.raises(Problem, match="sheet_legacy_encoding"):
        table_of(Grid(lines), COLUMNS)


def test_one_damaged_name_is_the_mistake_of_its_row_alone() -> None:
    lines = [Line(1, {1: Cell("Ho va ten"), 2: Cell("Phone")})]
    lines += [Line(number, {1: Cell("Nguyễn Văn Đức")}) for number in range(2, 9)]
    assert len(table_of(Grid([*lines, Line(9, {1: Cell("TrÇn ThÞ B×nh")})]), COLUMNS).rows) == 8


def test_macros_are_not_looked_at() -> None:
    macros = with_parts(workbook(["a", "b"]), {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 anything"})
    assert cells(macros) == {1: ("a", Kind.TEXT), 2: ("b", Kind.TEXT)}


def test_the_process_apart_reads_what_this_one_would_and_knows_no_file() -> None:
    process, content = SheetProcess(), workbook(["Họ và tên", "Phone"], ["An", 1])
    for sent in (content, "a;ơ".encode("utf-8-sig"), "a\tơ".encode("utf-16"), b"%PDF", content[:100]):
        assert process.ask(io.BytesIO(sent)) == found_in(io.BytesIO(sent))
