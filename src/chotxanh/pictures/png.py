"""Writes a symbol as a PNG of a pixel a module (ISO/IEC 15948): a third of what a library's picture of it costs."""

import struct
import zlib

from chotxanh.pictures.symbols import Symbol

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _ONE_BIT = 0, 1  # colour type and depth; of one bit 0 is black
_UNFILTERED = b"00000000"  # the byte before each row
_BITS = bytes.maketrans(b"\x00\xff", b"01")
# One block of RFC 1951 as it is, in the frame of RFC 1950: modules look random, and packing them would save nothing.
_STORED = b"\x78\x01\x01"
_LARGEST_BLOCK = 0xFFFF


def png_of_modules(symbol: Symbol) -> bytes:
    """Return the symbol with its quiet zone, black on white, each module one pixel."""
    side = symbol.width + 2 * symbol.quiet_zone
    header = struct.pack(">IIBBBBB", side, symbol.height + 2 * symbol.quiet_zone, _ONE_BIT, _GREY, 0, 0, 0)
    rows = _rows(symbol)
    assert len(rows) <= _LARGEST_BLOCK
    size = struct.pack("<HH", len(rows), len(rows) ^ _LARGEST_BLOCK)
    stored = b"".join((_STORED, size, rows, struct.pack(">I", zlib.adler32(rows))))
    return b"".join((_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", stored), _chunk(b"IEND", b"")))


def _rows(symbol: Symbol) -> bytes:
    """Return all rows, eight pixels a byte: written as digits and read as one number, no row is packed for itself."""
    quiet, width = symbol.quiet_zone, symbol.width
    before, after = b"1" * quiet, b"1" * (quiet + -(width + 2 * quiet) % 8)
    blank = (_UNFILTERED + before + b"1" * width + after) * quiet
    modules = symbol.modules.translate(_BITS)
    rows = [modules[start : start + width] for start in range(0, len(modules), width)]
    digits = b"".join((blank, _UNFILTERED, before, (after + _UNFILTERED + before).join(rows), after, blank))
    return int(digits, 2).to_bytes(len(digits) // 8, "big")


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return b"".join((struct.pack(">I", len(content)), checked, struct.pack(">I", zlib.crc32(checked))))
