"""Reads the QR code in an uploaded photo, which nobody can be trusted to have made honestly."""

import random
from typing import IO

from django.conf import settings

from chotxanh.apart.asking import Slow
from chotxanh.apart.turns import NoTurn, Turns
from chotxanh.domain.problems import Problem
from chotxanh.pictures.reading_process import ReadingProcess
from chotxanh.protocol.bodies import MIB, PHOTO_MIB

LARGEST_PHOTO_MEGABYTES = PHOTO_MIB
LARGEST_PHOTO_BYTES = PHOTO_MIB * MIB
# Unpacked, a photo takes up to 290 MB (a WebP; any other 200) for some seconds: all processes take turns.
TURN, LONGEST_WAIT_SECONDS, AGAIN_SECONDS = "photo.turn", 4.0, (4, 15)

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_turns, _reading = Turns(), ReadingProcess()
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
            texts = _reading.texts_in(photo)
    except (NoTurn, Slow):
        raise Problem("photos_busy", seconds=random.randint(*AGAIN_SECONDS)) from None  # noqa: S311 -- spreads
    return _the_one(texts)


def _the_one(texts: set[str]) -> str:
    certificates = {text for text in texts if text.startswith(_CERTIFICATE_PREFIX)}
    candidates = certificates or texts
    if len(candidates) > 1:
        raise Problem("photo_several_codes")
    return candidates.pop()
