"""QR codes as drawn on pages: readable by a scanner, one path, a quiet zone of four modules."""

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from chotxanh.site.pictures import qr_svg

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z")
SCALE = 4


def rendered(svg: str) -> Image.Image:
    """Paint the drawing's rectangles as a browser would."""
    box = re.search(r'viewBox="(-\d+) -\d+ (\d+) \d+"', svg)
    assert box is not None
    quiet, size = -int(box[1]), int(box[2])
    picture = Image.new("L", (size * SCALE, size * SCALE), 255)
    pen = ImageDraw.Draw(picture)
    drawn = svg.rsplit('d="', 1)[1]
    for left, top, width, height in (tuple(map(int, run)) for run in RUN.findall(drawn)):
        corner = ((left + quiet) * SCALE, (top + quiet) * SCALE)
        pen.rectangle((*corner, corner[0] + width * SCALE - 1, corner[1] + height * SCALE - 1), fill=0)
    return picture


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize("text", ["PBCFGHJKLMNPQ01", "HC1:" + "6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5" * 15])
def test_what_was_drawn_is_what_is_read(text: str, level: str) -> None:
    found = zxingcpp.read_barcode(rendered(qr_svg(text, label="mã", error_correction=level)))
    assert found is not None
    assert found.text == text


def test_the_picture_has_a_name_a_quiet_zone_and_white_paper() -> None:
    svg = qr_svg("PBCFGHJKLMNPQ01", label='Mã <"của"> bạn')
    assert 'viewBox="-4 -4 29 29"' in svg
    assert 'aria-label="Mã &lt;&quot;của&quot;> bạn"' in svg
    assert 'fill="#fff"' in svg
    assert svg.count("<path") == 2
