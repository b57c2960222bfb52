"""Finds the QR codes in a photo, which nobody can be trusted to have made honestly.

As a program (`python -m chotxanh.pictures.reading`) it reads photos for a `ReadingProcess`, one after the other.
"""

from collections.abc import Iterator
from typing import IO, Any

import msgspec
from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from chotxanh.apart.serving import RoomApart, serve
from chotxanh.domain.problems import Problem
from chotxanh.pictures.decoding import codes_in

MOST_PIXELS = 64_000_000  # a 64-megapixel phone camera, whose JPEG is scaled while it is decoded
# Any other is unpacked whole, a JPEG in several scans too; the largest screens have half of it.
MOST_PIXELS_WHOLE = 16_000_000
# Most photos are read at the first; a small code in a large photo needs the second.
READING_WIDTHS = (1600, 3200)
PAPERS = (255, 0)  # white, black
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LONGEST_SCAN_HEAD = 16  # four colours
PROBLEMS = frozenset({None, "photo_without_code", "photo_too_many_pixels", "photo_unreadable"})
# Room for what the pixels above take, and seconds of a processor: a photo of 64 megapixels needs two.
ROOM = RoomApart(most_bytes=1 << 30, most_seconds=4)


class Found(msgspec.Struct, frozen=True):
    """The texts of the codes in a photo; or the problem with it, with its parameters."""

    texts: list[str] = []
    problem: str | None = None
    params: dict[str, Any] = {}


def texts_in(photo: IO[bytes]) -> set[str]:
    """Return the texts of the QR codes in view: at a width that does for most, else at a larger one.

    Raises Problem: `photo_without_code`, `photo_too_many_pixels` (with `megapixels`), `photo_unreadable`.
    """
    for width in READING_WIDTHS:
        for picture in _greys(photo, width):
            texts = {code.text for code in codes_in(picture, "qr_code")}
            if texts:
                return texts
    raise Problem("photo_without_code")


def found_in(photo: IO[bytes]) -> Found:
    """Return likewise, with a problem as it travels. What needs more memory than there is cannot be read."""
    try:
        return Found(sorted(texts_in(photo)))
    except Problem as problem:
        return Found(problem=problem.code, params=problem.params)
    except MemoryError:
        return Found(problem="photo_unreadable")


def _greys(photo: IO[bytes], width: int) -> Iterator[Image.Image]:
    """The picture in grey, its longer side at most `width`; JPEG is scaled while it is decoded.

    A picture that is transparent comes twice: on white paper as most saved codes need it, then on black, for
    codes of which only the light modules were drawn.
    """
    photo.seek(0)
    try:
        with Image.open(photo, formats=FORMATS) as picture:
            most = MOST_PIXELS if _is_scaled_while_decoded(picture, photo) else MOST_PIXELS_WHOLE
            if picture.width * picture.height > most:
                raise Problem("photo_too_many_pixels", megapixels=most // 1_000_000)
            picture.draft("L", (width, width))
            is_clear = "A" in picture.getbands() or "transparency" in picture.info
            light, opacity = _light_and_opacity(picture) if is_clear else (picture.convert("L"), None)
    except Problem:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Problem("photo_unreadable") from error
    for paper in PAPERS if opacity else PAPERS[:1]:
        flat = Image.composite(light, Image.new("L", light.size, paper), opacity) if opacity else light
        flat.thumbnail((width, width), Image.Resampling.BILINEAR)
        yield flat


def _light_and_opacity(picture: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Each with one byte a pixel: a picture of both has four."""
    if "A" in picture.getbands():
        return picture.convert("L"), picture.getchannel("A")
    light, opacity = picture.convert("LA").split()
    return light, opacity


def _is_scaled_while_decoded(picture: ImageFile, photo: IO[bytes]) -> bool:
    """Whether a JPEG has all its colours in one scan: of several, progressive or not, all are kept until the last."""
    if picture.format != "JPEG" or not isinstance(picture, JpegImageFile) or "progressive" in picture.info:
        return False
    read = photo.tell()  # up to the end of the first scan's head
    photo.seek(max(0, read - LONGEST_SCAN_HEAD))
    head = photo.read(min(read, LONGEST_SCAN_HEAD))
    return not any(
        head[-8 - 2 * colours :].startswith(bytes((0xFF, 0xDA, 0, 6 + 2 * colours, colours)))
        for colours in range(1, picture.layers)
    )


def main() -> None:
    """Read photos from standard input."""
    serve(found_in, ROOM, Image.init)  # its formats are loaded when they are first needed


if __name__ == "__main__":
    main()
