"""Sheets that were made to break their reader, or are no sheets at all: refused in a sentence, each by its code."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from chotxanh.domain.problems import Problem
from chotxanh.sheets import guard, workbooks
from chotxanh.sheets.reading import PROBLEMS, found_in, read_sheet
from chotxanh.sheets.workbooks import LAST_ROW, MOST_COLUMNS, MOST_ROWS
from tests.sheets import with_parts, workbook

SHEET = "xl/worksheets/sheet1.xml"
XML = '<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{rows}</worksheet>'
PLAIN = workbook(["Họ tên", "Tuổi"], ["An", 30])
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<!DOCTYPE z [<!ENTITY a0 "ha">{ENTITIES}]>'


def sheet_of(rows: str, doctype: str = "") -> bytes:
    """A workbook whose sheet says `rows`."""
    xml = XML.format(doctype=doctype, rows=f"<sheetData>{rows}</sheetData>")
    return with_parts(PLAIN, {SHEET: xml.encode()})


def code_of(content: bytes) -> str:
    with pytest.raises(Problem) as refused:
        read_sheet(content)
    assert refused.value.code in PROBLEMS
    return refused.value.code


def zipped(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return stream.getvalue()


def test_a_bomb_is_refused_by_what_it_says_before_anything_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = with_parts(PLAIN, {"xl/media/a.bin": bytes(guard.MOST_PART_BYTES + 1)})
    assert len(bomb) < 200_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    assert code_of(bomb) == "sheet_unpacks_too_large"


def test_many_parts_that_are_small_each_are_too_large_together() -> None:
    half = bytes(guard.MOST_UNPACKED_BYTES // 2)
    assert code_of(with_parts(PLAIN, {"xl/a": half, "xl/b": half, "xl/c": b"."})) == "sheet_unpacks_too_large"
    many = {f"xl/media/{number}": b"" for number in range(guard.MOST_PARTS)}
    assert code_of(with_parts(PLAIN, many)) == "sheet_unpacks_too_large"


def test_a_part_that_lies_about_its_size_is_unreadable() -> None:
    """Declared are four bytes; what is there would unpack to a million."""
    honest, rows = zipped((SHEET, bytes(1_000_000)), ("xl/workbook.xml", b"<a/>")), 1_000_000
    lying = honest.replace(struct.pack("<L", rows), struct.pack("<L", 4))
    assert lying != honest
    lying = with_book(lying)
    assert code_of(lying) == "sheet_unreadable"


def with_book(content: bytes) -> bytes:
    """Put the lying sheet where a whole workbook has its own: byte for byte, sizes as they lie."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lying = archive.getinfo(SHEET)
        packed = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = packed.compress(bytes(1_000_000)) + packed.flush()
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            if name != SHEET:
                after.writestr(name, before.read(name))
        info = zipfile.ZipInfo(SHEET)
        info.compress_type = zipfile.ZIP_STORED
        after.writestr(info, body)
    raw = stream.getvalue()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        at = archive.getinfo(SHEET)
    local = bytearray(raw)
    struct.pack_into("<H", local, at.header_offset + 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<L", local, at.header_offset + 22, lying.file_size)
    central = raw.rindex(SHEET.encode()) - 46
    struct.pack_into("<H", local, central + 10, zipfile.ZIP_DEFLATED)
    struct.pack_into("<L", local, central + 24, lying.file_size)
    return bytes(local)


def test_a_part_that_is_there_twice_is_refused() -> None:
    """Two programs would read two sheets."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        double = zipped(("xl/workbook.xml", b"<a/>"), ("XL/workbook.xml", b"<b/>"), ("xl/workbook.xml", b""))
    assert code_of(double) == "sheet_unreadable"
    assert code_of(zipped(("xl/workbook.xml", b"<a/>"), ("XL/Workbook.xml", b"<b/>"))) == "sheet_unreadable"


def test_what_needs_memory_that_the_file_chooses_is_refused() -> None:
    assert code_of(zipped(("xl/workbook.xml", b"<a/>"), method=zipfile.ZIP_LZMA)) == "sheet_unreadable"


def test_a_password_is_named_in_a_new_file_and_in_an_old_one() -> None:
    locked = bytearray(PLAIN)
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        first = archive.infolist()[0]
    struct.pack_into(
        "<H", locked, PLAIN.rindex(first.filename.encode()) - 46 + 8, 1
    )  # in the central directory
    locked[PLAIN.index(b"PK\x01\x02") + 8] = 1
    assert code_of(bytes(locked)) == "sheet_locked"
    assert code_of(OLD_EXCEL + "EncryptedPackage".encode("utf-16-le")) == "sheet_locked"


@pytest.mark.parametrize("place", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_an_entity_bomb_is_refused_wherever_it_lies(place: str) -> None:
    bomb = f'<?xml version="1.0"?>{BILLION_LAUGHS}<worksheet xmlns="http://schemas.openxmlformats.org/'
    bomb += 'spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    assert (
        code_of(with_parts(PLAIN, {place: f"{bomb}</sheetData></worksheet>".encode()})) == "sheet_unreadable"
    )


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("XFD1", "sheet_too_many_columns"),
        ("A1048576", "sheet_too_many_rows"),
        ("XFD1048576", "sheet_too_many_rows"),
        (f"A{LAST_ROW + 1}", "sheet_too_many_rows"),
    ],
)
def test_one_cell_that_lies_far_away_costs_nothing_and_is_refused(place: str, code: str) -> None:
    row = "".join(filter(str.isdigit, place))
    assert code_of(sheet_of(f'<row r="{row}"><c r="{place}"><v>1</v></c></row>')) == code


def test_rows_and_columns_are_counted_before_their_values_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 6))
    assert code_of(sheet_of(rows)) == "sheet_too_many_rows"
    wide = "".join("<c><v>1</v></c>" for _ in range(MOST_COLUMNS + 1))  # none of them says where it is
    assert code_of(sheet_of(f"<row>{wide}</row>")) == "sheet_too_many_columns"


def test_empty_cells_with_colours_fill_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_EMPTY_CELLS", 10)
    assert code_of(sheet_of("<row>" + "<c/>" * 11 + "</row>")) == "sheet_unpacks_too_large"


def test_a_whole_column_that_was_only_coloured_is_no_mistake() -> None:
    far = '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="A1048576" s="1"/></row>'
    assert [line.number for line in read_sheet(sheet_of(far)).lines] == [1]


def test_a_stated_size_is_not_believed() -> None:
    row = '<sheetData><row r="1"><c r="A1"><v>7</v></c></row></sheetData>'
    xml = XML.format(doctype="", rows=f'<dimension ref="A1:XFD1048576"/>{row}')
    stated = with_parts(PLAIN, {SHEET: xml.encode()})
    assert [line.cells[1].text for line in read_sheet(stated).lines] == ["7"]


@pytest.mark.parametrize(
    "content",
    [
        OLD_EXCEL,
        zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")),
        zipped(("word/document.xml", b"<a/>")),
        zipped(("xl/workbook.bin", b"...")),
        b"%PDF-1.7 ...",
        b"{\\rtf1 ...}",
        b"<html><table><tr><td>An</td></tr></table></html>",
        b"\xef\xbb\xbf <?xml version='1.0'?><Workbook/>",
        b"\x89PNG\r\n\x1a\n",
        b"a;b\x00\x01;c",
    ],
)
def test_files_of_another_kind_are_refused_with_what_to_do(content: bytes) -> None:
    assert code_of(content) == "sheet_of_another_kind"


@pytest.mark.parametrize(
    "change", [lambda c: c[: len(c) // 2], lambda c: c[:4] + bytes(50), lambda c: c[:-30]]
)
def test_half_a_file_is_unreadable(change: Callable[[bytes], bytes]) -> None:
    assert code_of(change(PLAIN)) == "sheet_unreadable"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", SHEET, "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
@pytest.mark.parametrize("says", [b"", b"<", b"<a/>", b"\xff\xfe\x00"])
def test_broken_parts_end_in_a_problem_and_never_in_a_fault(part: str, says: bytes) -> None:
    found = found_in(io.BytesIO(with_parts(PLAIN, {part: says})))
    assert found.problem in PROBLEMS


def test_old_files_that_are_no_utf_8_say_how_to_save_them() -> None:
    without_mark = "Họ tên;Tuổi\nĐặng;3".encode("utf-16-le")
    assert code_of(without_mark) == "sheet_not_utf8"
    assert code_of("Hä tªn;x\nNguyÔn;3".encode("cp1252")) == "sheet_not_utf8"


@pytest.mark.parametrize("content", [b"", b"  \r\n ", b"\xef\xbb\xbf"])
def test_nothing_at_all_is_said_as_such(content: bytes) -> None:
    found: Any = found_in(io.BytesIO(content))
    assert found.problem == "sheet_empty" or found.grid.lines == []


def test_separated_text_has_the_same_bounds() -> None:
    assert code_of(b"a\n" * (MOST_ROWS + 2)) == "sheet_too_many_rows"
    assert code_of(b";".join([b"a"] * (MOST_COLUMNS + 1))) == "sheet_too_many_columns"
    assert code_of(b'"never closed') == "sheet_unreadable"
    assert code_of(b'a;"' + b"x" * 200_000 + b'"') == "sheet_unreadable"
