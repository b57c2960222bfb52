"""What a printed paper says: its text as a reader would copy it, and the codes in its pictures."""

import io
import re
import zlib

import zxingcpp
from PIL import Image

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAGE = re.compile(rb"/Type\s*/Page\b")
_REFERRED = rb"/%s (\d+) 0 R"
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_TO_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
_GLYPH = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|(\bTJ\b|\bTj\b)", re.DOTALL
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """Return the text of a PDF that typst wrote, each piece that is drawn at once followed by a blank."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if _PAGE.search(body)]
    return "".join(_page(objects, page) for page in pages).replace("\xa0", " ")


def codes_in(png: bytes) -> list[str]:
    """Return what the QR codes on a page say."""
    found = zxingcpp.read_barcodes(
        Image.open(io.BytesIO(png)).convert("L"),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
    )
    return [code.text for code in found]


def _page(objects: dict[int, bytes], page: bytes) -> str:
    content, resources = (re.search(_REFERRED % name, page) for name in (b"Contents", b"Resources"))
    assert content is not None
    named = objects[int(resources[1])] if resources else page
    glyphs = {name: _glyphs(objects, int(number)) for name, number in _FONT.findall(named)}
    return _drawn(_unpacked(objects[int(content[1])]), glyphs)


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None or b"/FlateDecode" not in body[: found.start()]:
        return b""
    return zlib.decompressobj().decompress(found[1])


def _glyphs(objects: dict[int, bytes], font: int) -> dict[bytes, str]:
    found = _TO_UNICODE.search(objects[font])
    assert found is not None, "a text that nobody can copy"
    pairs = _GLYPH.findall(_unpacked(objects[int(found[1])]))
    return {
        bytes.fromhex(glyph.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
        for glyph, text in pairs
    }


def _drawn(content: bytes, glyphs: dict[bytes, dict[bytes, str]]) -> str:
    if b" Tf" not in content:
        return ""
    said, font = [], b""
    for piece in _SHOWN.finditer(content):
        if piece[1]:
            font = piece[1]
        elif piece[2]:
            said.append(" ")
        else:
            raw = _ESCAPE.sub(_unescaped, piece[0][1:-1])
            said += [glyphs[font].get(raw[at : at + 2], "") for at in range(0, len(raw), 2)]
    return "".join(said)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    meant = escape[1]
    return bytes([int(meant, 8)]) if meant.isdigit() else _LETTERS.get(meant, meant)
