"""What a file is, told by its content, and whether it may be unpacked at all: nobody can be trusted to have made it.

A workbook is a ZIP archive. Python's `zipfile` ends at the size that a part declares, so the sum of these cannot lie.
"""

import zipfile
from io import BytesIO

from chotxanh.domain.problems import Problem

MIB = 1 << 20
MOST_PARTS, MOST_UNPACKED_BYTES, MOST_PART_BYTES = 1000, 64 * MIB, 48 * MIB
_PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others need memory that the file chooses
_IS_ENCRYPTED = 0x1
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # a workbook with a password lies in a file of the old kind
# Other things that people send: PDF, RTF, pages of the web that are named .xls, XML, pictures.
_OTHERS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_MARKUP = (b"<",)


def is_workbook(content: bytes) -> bool:
    """Whether a file is to be read as a workbook, or else as separated text.

    Raises Problem: `sheet_locked`, `sheet_of_another_kind`, `sheet_empty`.
    """
    if not content.strip():
        raise Problem("sheet_empty")
    if content.startswith(_OLD_OFFICE):
        raise Problem("sheet_locked" if _LOCKED in content else "sheet_of_another_kind")
    begins = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins.startswith(_OTHERS + _MARKUP):
        raise Problem("sheet_of_another_kind")
    return content.startswith(_ZIP)


def check_archive(content: bytes) -> None:
    """Refuse what would fill the memory, is locked, or contradicts itself.

    Raises Problem: `sheet_unreadable`, `sheet_locked`, `sheet_unpacks_too_large`, `sheet_of_another_kind`.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Problem("sheet_unreadable") from None
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_PARTS or sum(sizes) > MOST_UNPACKED_BYTES or max(sizes, default=0) > MOST_PART_BYTES:
        raise Problem("sheet_unpacks_too_large")
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise Problem("sheet_locked")
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names) or any(part.compress_type not in _PACKED_AS for part in parts):
        raise Problem("sheet_unreadable")
    if (
        "xl/workbook.xml" not in names
    ):  # a document, a presentation, a sheet of LibreOffice or of binary Excel
        raise Problem("sheet_of_another_kind")
