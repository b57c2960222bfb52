"""Codes as drawn: a scanner reads back what was drawn, in every form, with quiet zone, name and fitting size."""

import io
import re
from base64 import b64decode

import pytest
from PIL import Image, ImageDraw

from chotxanh.domain.codes import COMMAND_CODES
from chotxanh.domain.tests.contract import vectors
from chotxanh.pictures.decoding import FoundCode, codes_in
from chotxanh.pictures.drawing import code_128_png, code_128_svg, qr_image, qr_png, qr_svg
from chotxanh.pictures.png import png_of_modules
from chotxanh.pictures.symbols import ERROR_CORRECTIONS, code_128, qr_code

CERTIFICATES = [case["text"] for case in vectors("certificates")["cases"] if case["reason"] is None]
TEXTS = [
    "PBCFGHJKLMNPQ01",
    "Q" + "0123456789" * 40 + "B",
    "077090000123||Nguyễn Văn A|05031990|Nam|Ấp 1, Tóc Tiên, Phú Mỹ|31052021",
    "https://xacthuc.example/p/7TGC65G7MFZQ3N",
    "lower" + "ABCDEFGHIJ" * 20 + "7" * 100,
    *CERTIFICATES[:3],
]
SCALE = 4
ROW = re.compile(r"M(\d+) ([\d.]+)([^M]+)")
STROKE = re.compile(r"([hm])(\d+)")


def rendered(svg: str) -> Image.Image:
    """Paint the drawing's strokes as a browser would."""
    box = re.search(r'viewBox="(-\d+) -\d+ (\d+) (\d+)"', svg)
    thickness = re.search(r'stroke-width="(\d+)"', svg)
    assert box is not None
    assert thickness is not None
    quiet, width, height, half = -int(box[1]), int(box[2]), int(box[3]), int(thickness[1]) / 2
    picture = Image.new("L", (width * SCALE, height * SCALE), 255)
    pen = ImageDraw.Draw(picture)
    for start, middle, strokes in ROW.findall(svg.rsplit('d="', 1)[1]):
        x, top, bottom = quiet + int(start), float(middle) - half + quiet, float(middle) + half + quiet
        for kind, length in STROKE.findall(strokes):
            if kind == "h":
                pen.rectangle(
                    (x * SCALE, top * SCALE, (x + int(length)) * SCALE - 1, bottom * SCALE - 1), fill=0
                )
            x += int(length)
    return picture


IMAGE = re.compile(
    r'<img src="data:image/png;base64,(?P<png>[\w+/=]+)" '
    r'width="(?P<side>\d+)" height="(?P=side)" alt="(?P<label>[^"]*)">'
)


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


@pytest.mark.parametrize("level", ERROR_CORRECTIONS)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:12].encode("ascii", "replace").decode())
def test_a_qr_code_drawn_is_the_text_read(text: str, level: str) -> None:
    expected = [FoundCode("qr_code", text)]
    assert codes_in(rendered(qr_svg(text, label="mã", error_correction=level))) == expected
    assert codes_in(opened(qr_png(text, error_correction=level))) == expected


@pytest.mark.parametrize("text", CERTIFICATES, ids=range(len(CERTIFICATES)))
def test_every_certificate_is_read_from_its_picture(text: str) -> None:
    assert codes_in(opened(qr_png(text, module_pixels=3))) == [FoundCode("qr_code", text)]


@pytest.mark.parametrize("text", CERTIFICATES, ids=range(len(CERTIFICATES)))
def test_a_certificate_on_a_page_is_a_pixel_a_module_and_read_at_any_size(text: str) -> None:
    image = qr_image(text, label='Mã <"của"> bạn')
    written = IMAGE.fullmatch(image)
    assert written
    assert written["label"] == "Mã &lt;&quot;của&quot;> bạn"
    picture = opened(b64decode(written["png"]))
    assert picture.size == (int(written["side"]),) * 2 == (qr_code(text).width + 8,) * 2
    assert {picture.getpixel((place, place)) for place in range(4)} == {255}
    for pixels in (3, 4):
        shown = picture.resize((pixels * picture.width,) * 2, Image.Resampling.NEAREST)
        assert codes_in(shown) == [FoundCode("qr_code", text)]


@pytest.mark.parametrize(
    "length", range(1, 4_000, 97)
)  # rows of every number of bits, up to the largest code
def test_every_module_of_a_code_is_a_pixel_of_its_picture(length: int) -> None:
    symbol = qr_code("7" * length, error_correction="L")
    picture, quiet = opened(png_of_modules(symbol)).convert("L"), symbol.quiet_zone
    inside = (quiet, quiet, quiet + symbol.width, quiet + symbol.height)
    assert picture.crop(inside).tobytes() == symbol.modules
    picture.paste(255, inside)
    assert picture.getextrema() == (255, 255)


def test_a_picture_of_a_barcode_has_its_quiet_zone_too() -> None:
    symbol = code_128("TCPNG01S5F6RBTL")
    picture = opened(png_of_modules(symbol)).convert("L")
    assert picture.size == (symbol.width + 20, 21)
    assert picture.crop((10, 10, 10 + symbol.width, 11)).tobytes() == symbol.modules


@pytest.mark.parametrize("text", ["TCPNG01S5F6RBTL", "0123456789", "BV-2021/0007", *COMMAND_CODES.values()])
def test_a_barcode_drawn_is_the_text_read(text: str) -> None:
    expected = [FoundCode("code_128", text)]
    assert codes_in(rendered(code_128_svg(text, label="mã"))) == expected
    assert codes_in(opened(code_128_png(text))) == expected


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("7" * 500, 9),  # numeric: as bytes it would be version 15
        ("Q" + "7" * 500 + "B", 9),  # a letter at each end makes no byte mode
        ("HC1:" + "6BFOXN%TS3DH" * 47, 13),  # alphanumeric
        ("https://x.example/" + "7" * 300, 7),  # bytes, then digits
    ],
)
def test_segments_are_chosen_for_the_smallest_code(text: str, version: int) -> None:
    assert qr_code(text, error_correction="L").width == 17 + 4 * version


def test_pictures_have_a_name_a_quiet_zone_and_white_paper() -> None:
    svg = qr_svg("PBCFGHJKLMNPQ01", label='Mã <"của"> bạn')
    assert 'viewBox="-4 -4 29 29"' in svg
    assert 'aria-label="Mã &lt;&quot;của&quot;> bạn"' in svg
    assert 'fill="#fff" d="M-4 -4h29v29h-29z"' in svg
    assert 'viewBox="-10 -10 ' in code_128_svg("T1", label="mã")
    assert opened(qr_png("PBCFGHJKLMNPQ01", module_pixels=2)).getpixel((7, 7)) == 255


@pytest.mark.parametrize("text", ["", "7" * 8_000, "đ" * 3_000])
def test_what_no_code_holds_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        qr_svg(text, label="mã")


@pytest.mark.parametrize("text", ["", "Ống 12", "7" * 500])
def test_what_no_barcode_holds_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        code_128_svg(text, label="mã")


def test_another_error_correction_is_refused() -> None:
    with pytest.raises(ValueError, match="L, M, Q or H"):
        qr_svg("A", label="mã", error_correction="X")
