"""Reads the QR code in an uploaded photo, which nobody can be trusted to have made honestly."""

import random
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from chotxanh.beside.yielding import RUNS_LAST, Yielding
from chotxanh.domain.problems import Problem
from chotxanh.pictures.decoding import codes_in
from chotxanh.pictures.turns import NoTurn, Turns
from chotxanh.protocol.bodies import MIB, PHOTO_MIB

LARGEST_PHOTO_MEGABYTES = PHOTO_MIB
LARGEST_PHOTO_BYTES = PHOTO_MIB * MIB
MOST_PIXELS = 64_000_000  # a 64-megapixel phone camera, whose JPEG is scaled while it is decoded
# Any other is unpacked whole, a JPEG in several scans too; the largest screens have half of it.
MOST_PIXELS_WHOLE = 16_000_000
# Most photos are read at the first; a small code in a large photo needs the second.
READING_WIDTHS = (1600, 3200)
# Unpacked, a photo takes up to 290 MB (a WebP; any other 200) for up to two seconds: all processes take turns.
TURN, LONGEST_WAIT_SECONDS, AGAIN_SECONDS = "photo.turn", 4.0, (4, 15)
PAPERS = (255, 0)  # white, black
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")

LONGEST_SCAN_HEAD = 16  # four colours

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_turns, _last = Turns(), Yielding("reading photos", RUNS_LAST)
_CERTIFICATE_PREFIX = "HC1:"


def qr_text_in(photo: IO[bytes], size: int) -> str:
    """The text of the one QR code in the photo; a certificate's code wins over others in view.

    One photo at a time is unpacked on this machine. `size` is the file's length in bytes. Problems: `photo_too_large`,
    `photo_too_many_pixels`, `photo_heic`, `photo_unreadable`, `photo_without_code`, `photo_several_codes`,
    `photos_busy` (with `seconds`).
    """
    if size > LARGEST_PHOTO_BYTES:
        raise Problem("photo_too_large", megabytes=LARGEST_PHOTO_MEGABYTES)
    head = photo.read(16)
    photo.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        raise Problem("photo_heic")
    try:
        with _turns.turn(settings.HOME / TURN, LONGEST_WAIT_SECONDS):
            texts = _last(_texts_in, photo)
    except NoTurn:
        raise Problem("photos_busy", seconds=random.randint(*AGAIN_SECONDS)) from None  # noqa: S311 -- spreads
    return _the_one(texts)


def _texts_in(photo: IO[bytes]) -> set[str]:
    """Read at a width that does for most, else at a larger one. Raises Problem("photo_without_code")."""
    for width in READING_WIDTHS:
        for picture in _greys(photo, width):
            texts = _codes_in(picture)
            if texts:
                return texts
    raise Problem("photo_without_code")


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


def _codes_in(picture: Image.Image) -> set[str]:
    return {code.text for code in codes_in(picture, "qr_code")}


def _the_one(texts: set[str]) -> str:
    certificates = {text for text in texts if text.startswith(_CERTIFICATE_PREFIX)}
    candidates = certificates or texts
    if len(candidates) > 1:
        raise Problem("photo_several_codes")
    return candidates.pop()
