"""Finds the QR codes in a photo, which nobody can be trusted to have made honestly.

As a program (`python -m chotxanh.pictures.reading`) it reads photos for a `ReadingProcess`, one after the other.
"""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import IO, Any

import msgspec
from PIL import Image, UnidentifiedImageError
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from chotxanh.domain.problems import Problem
from chotxanh.pictures.decoding import codes_in

if sys.platform != "win32":
    import resource

MOST_PIXELS = 64_000_000  # a 64-megapixel phone camera, whose JPEG is scaled while it is decoded
# Any other is unpacked whole, a JPEG in several scans too; the largest screens have half of it.
MOST_PIXELS_WHOLE = 16_000_000
# Most photos are read at the first; a small code in a large photo needs the second.
READING_WIDTHS = (1600, 3200)
PAPERS = (255, 0)  # white, black
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LONGEST_SCAN_HEAD = 16  # four colours
LENGTH_BYTES = 8
PROBLEMS = frozenset({None, "photo_without_code", "photo_too_many_pixels", "photo_unreadable"})
# As a program: behind all else, with room for what the pixels above take and so many seconds of a processor for each
# photo (one of 64 megapixels needs two), without a file or a child of its own, and gone when nobody asks.
NICENESS, MOST_BYTES, MOST_SECONDS, IDLE_SECONDS = 19, 1 << 30, 4, 60.0


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


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer photo after photo, each with its length before it, until there are none or nobody asks for a while."""
    while _is_asked(asked) and (length := asked.read(LENGTH_BYTES)):
        photo = asked.read(int.from_bytes(length))
        _give_time()
        answer = msgspec.json.encode(found_in(BytesIO(photo)))
        answers.write(len(answer).to_bytes(LENGTH_BYTES) + answer)
        answers.flush()


def _is_asked(asked: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return True
    return bool(select.select([asked], [], [], IDLE_SECONDS)[0])


def _give_time() -> None:
    """Let the next photo take so much of a processor; the system ends who takes more (SIGXCPU)."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + 1 + MOST_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _give_up() -> None:
    """Whoever makes this process do what a photo says opens no file, no connection and no process with it."""
    Image.init()  # its formats are loaded when they are first needed
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        for limit in (
            resource.RLIMIT_CORE,
            resource.RLIMIT_NOFILE,
            resource.RLIMIT_NPROC,
            resource.RLIMIT_FSIZE,
        ):
            resource.setrlimit(limit, (0, 0))


def main() -> None:
    """Read photos from standard input. Whoever makes this process read beyond its room ends nobody else."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    _give_up()
    with suppress(BrokenPipeError, KeyboardInterrupt):
        _serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
